import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { addressFactsOf } from '../../lib/egress/address-facts.ts';
import { parseAuditEvent } from '../../lib/audit/event.ts';
import { filterPattern } from '../../lambdas/filter-pattern.ts';
import { auditEvent } from '../lambdas/deliveries.ts';
import { createMatcher } from './pattern-evaluator.ts';

const matches = createMatcher(filterPattern);
const lease = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/ip-10-0-0-1';
const node = { username: 'system:node:ip-10-0-0-1' };
const controller = { username: 'system:serviceaccount:kube-system:cloud-controller' };
const nobody = { username: 'system:anonymous' };
const person = { username: 'arn:aws:sts::123456789012:assumed-role/Admin/alice' };

/** A request that was allowed, but for what is said otherwise; `undefined` leaves a field out. */
function eventOf(changes: Record<string, unknown>): string {
  return JSON.stringify({ ...(JSON.parse(auditEvent('a')) as object), ...changes });
}

describe('the pattern keeps', () => {
  test.each<[string, Record<string, unknown>]>([
    ['a workload reading its configuration', {}],
    ['a pod saying how it is, from which addresses of pods are learned', { verb: 'patch', user: node, requestURI: '/api/v1/namespaces/shop/pods/cart-1/status' }],
    ['a node asking for a token', { verb: 'create', user: node, requestURI: '/api/v1/namespaces/shop/serviceaccounts/cart/token' }],
    ['a node saying how it is', { verb: 'patch', user: node, requestURI: '/api/v1/nodes/ip-10-0-0-1/status' }],
    ['a command in a pod as it begins', { verb: 'create', stage: 'ResponseStarted', requestURI: '/api/v1/namespaces/shop/pods/cart-1/exec?command=sh', responseStatus: { code: 101 } }],
    ['a refused heartbeat', { verb: 'patch', user: node, requestURI: lease, responseStatus: { code: 403 } }],
    ['a heartbeat that ended without an answer', { verb: 'patch', stage: 'Panic', user: node, requestURI: lease, responseStatus: undefined }],
    ['a heartbeat in the name of somebody else', { verb: 'patch', user: controller, impersonatedUser: node, requestURI: lease }],
    ['a person changing a lease', { verb: 'update', user: person, requestURI: lease }],
    ['nobody known changing a lease', { verb: 'update', user: nobody, requestURI: lease }],
    ['a caller without a name changing a lease', { verb: 'update', user: {}, requestURI: lease }],
    ['a controller listing leases', { verb: 'list', user: controller, requestURI: lease }],
    ['a controller watching leases', { verb: 'watch', user: controller, requestURI: lease }],
    ['a controller making a lease', { verb: 'create', user: controller, requestURI: lease }],
    ['a controller deleting a lease', { verb: 'delete', user: controller, requestURI: lease }],
    ['a controller deleting all leases', { verb: 'deletecollection', user: controller, requestURI: lease }],
    ['a controller asking what can be done with leases', { user: controller, requestURI: '/apis/coordination.k8s.io/v1' }],
    ['a person looking at the health', { user: person, requestURI: '/readyz?verbose' }],
    ['a refused look at the health', { user: nobody, requestURI: '/livez', responseStatus: { code: 401 } }],
    ['a scan that touches no object', { user: nobody, requestURI: '/metrics', objectRef: undefined, responseStatus: { code: 403 } }],
    ['a look at the version', { user: nobody, requestURI: '/version', objectRef: undefined }],
  ])('%s', (_, changes) => {
    expect(matches(eventOf(changes))).toBe(true);
  });
});

describe('the pattern drops', () => {
  test.each<[string, Record<string, unknown>]>([
    ['the heartbeat of a node', { verb: 'patch', user: node, requestURI: `${lease}?timeout=10s` }],
    ['a controller looking who is elected', { verb: 'get', user: controller, requestURI: lease }],
    ['an elected controller staying so', { verb: 'update', user: controller, requestURI: lease }],
    ['the scheduler staying elected', { verb: 'update', user: { username: 'system:kube-scheduler' }, requestURI: lease }],
    ['the health checks of a load balancer', { user: nobody, requestURI: '/readyz?exclude=kms-provider-0' }],
    ['the health checks of the API server', { user: { username: 'system:apiserver' }, requestURI: '/livez' }],
    ['the health checks of old', { user: nobody, requestURI: '/healthz' }],
    ['a request that has not been answered yet', { stage: 'RequestReceived', user: person, responseStatus: undefined }],
  ])('%s', (_, changes) => {
    expect(matches(eventOf(changes))).toBe(false);
  });

  test.each([
    ['the authenticator', 'time="2026-03-01T09:00:00Z" level=info msg="access granted" arn="arn:aws:iam::123456789012:role/node"'],
    ['the scheduler', 'I0301 09:00:00.000000      10 schedule_one.go:314] "Successfully bound pod to node" pod="shop/cart"'],
    ['another program that writes JSON', '{"level":"info","msg":"ready"}'],
    ['an audit event that was cut off, since it is no JSON', auditEvent('a').slice(0, -20)],
  ])('the lines of %s', (_, line) => {
    expect(matches(line)).toBe(false);
  });
});

test('the pattern is no longer than CloudWatch Logs takes', () => {
  expect(filterPattern.length).toBeLessThanOrEqual(1024);
});

/** What an event tells of who has which address, whenever it does. */
function factsOf(line: string): string[] {
  return addressFactsOf(parseAuditEvent(line)).flatMap((fact) => {
    if (fact.kind === 'sighting') return [`${fact.holder} at ${fact.place}`];
    const { pod, serviceAccount, workload, node, ended, addresses = [] } = fact;
    return [...Object.entries({ serviceAccount, workload, node }).filter(([, value]) => value !== undefined).map((entry) => `${pod} ${entry.join(' ')}`), ...addresses.map((address) => `${pod} has ${address}`), ...(ended === undefined ? [] : [`${pod} ended`])];
  });
}

test('the recorded cluster sends three quarters of its events, every one of an attack, and all that tells of addresses', async () => {
  const folder = 'examples/shop';
  const labels = (await readFile(`${folder}/labels.jsonl`, 'utf8')).trim().split('\n').map((line) => (JSON.parse(line) as { auditID: string }).auditID);
  const missing = new Set(labels);
  const [told, toldByKept] = [new Set<string>(), new Set<string>()];
  let [events, kept] = [0, 0];
  for (const file of (await readdir(folder)).filter((name) => name.endsWith('.jsonl.gz'))) {
    for await (const line of createInterface({ input: createReadStream(`${folder}/${file}`).pipe(createGunzip()) })) {
      events += 1;
      for (const fact of factsOf(line)) told.add(fact);
      if (!matches(line)) continue;
      for (const fact of factsOf(line)) toldByKept.add(fact);
      kept += 1;
      missing.delete((JSON.parse(line) as { auditID: string }).auditID);
    }
  }
  expect([...missing]).toEqual([]);
  // Who has which address, for flow logs.
  expect(told.size).toBeGreaterThan(1000);
  expect([...told].filter((fact) => !toldByKept.has(fact))).toEqual([]);
  expect({ events, kept }).toEqual({ events: 52_601, kept: 38_180 });
});
