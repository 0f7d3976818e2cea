import { readdir } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { actDetectors, breadthDetectors, circumstances, detectors, egressDetectors, originDetectors } from '../../../lib/detectors/catalogue.ts';
import type { Detector } from '../../../lib/detectors/detector.ts';
import { categories } from '../../../lib/finding.ts';
import { alice, apiRequest, cart, node } from '../requests.ts';

const all: readonly Detector[] = [...actDetectors, ...breadthDetectors, ...originDetectors, ...circumstances, ...egressDetectors];
/** What the network shows is described where it is measured. */
const ofRequests = [...detectors.values()].filter(({ kind }) => kind !== 'egress').map(({ id }) => id);
const table = all.map((detector) => [detector.id, detector] as const);
/** Files that are no detectors. */
const others = ['catalogue', 'change', 'detector'];

const namesIn = async (folder: string, ending: string) => (await readdir(folder)).filter((file) => file.endsWith(ending)).map((file) => file.slice(0, -ending.length));

test('no detector appears or goes unseen', () => {
  expect(ofRequests.toSorted()).toEqual([
    'access-question', 'access-review-breadth', 'admission-change', 'anonymous-access', 'attack-tool', 'break-glass', 'certificate-request', 'collection-deletion', 'config-maps-breadth',
    'credential-moved', 'daemonset-change', 'debug-container', 'deletions-breadth', 'dns-change', 'event-deletion', 'exec', 'exec-archive',
    'exposed-ingress', 'exposed-service', 'failed-authentications', 'hostile-workload', 'impersonation', 'lead', 'listing-breadth', 'logs-breadth',
    'mining-workload', 'namespace-creation', 'namespace-deletion', 'network-policy-change', 'new-agent', 'new-image', 'new-network', 'new-scope',
    'node-change', 'node-credential', 'permission-change', 'permission-listing', 'pod-security-change', 'port-forward', 'privileged-workload', 'proxy', 'quota-change',
    'refusals-breadth', 'role-mapping-change', 'rules-review', 'scheduled-job-change', 'secret-change', 'secret-read', 'secrets-breadth',
    'service-account-creation', 'slow-config-maps', 'slow-discovery', 'slow-theft', 'static-pod', 'storage-of-host', 'system-account-creation', 'system-secret-change', 'token-request', 'unusual-hour', 'waking',
    'workload-change',
  ]);
  expect(detectors.size).toBe(all.length);
});

test('each detector has a file of its id, and is in the catalogue', async () => {
  const files = await namesIn('lib/detectors', '.ts');
  expect(files.filter((name) => !others.includes(name)).sort()).toEqual(ofRequests.toSorted());
});

test('each detector has a test of its id', async () => {
  const tests = await namesIn('test/lib/detectors', '.test.ts');
  expect(ofRequests.filter((id) => !tests.includes(id))).toEqual([]);
});

describe.each(table)('%s', (id, detector) => {
  test('has an id that a table, a message and a file can bear', () => {
    expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(id.length).toBeLessThanOrEqual(64);
  });

  test('has a category, techniques of ATT&CK and a check that fits a finding', () => {
    expect(categories).toContain(detector.category);
    expect(detector.techniques.length).toBeGreaterThan(0);
    expect(detector.techniques.filter((technique) => !/^T\d{4}(\.\d{3})?$/.test(technique))).toEqual([]);
    expect(detector.check.length > 10 && detector.check.length <= 500).toBe(true);
  });
});

test.each(breadthDetectors.map((detector) => [detector.id, detector] as const))('%s expects more variance than mean of a count', (_, { prior }) => {
  expect(prior.mean).toBeGreaterThan(0);
  expect(prior.variance).toBeGreaterThan(prior.mean);
});

test.each(originDetectors.map((detector) => [detector.id, detector] as const))('%s has a prior between 0 and 1', (_, { prior }) => {
  for (const identity of [alice, cart, node]) expect(prior(apiRequest({ identity }))).toBeGreaterThan(0);
  expect(prior(apiRequest())).toBeLessThan(1);
});
