import { describe, expect, test } from '@jest/globals';
import { didWord, doWord, kindWords, objectWords, shortResource } from '../../../lib/audit/words.ts';

test.each([
  ['pods', 'pods', 'pods'],
  ['pods/log', 'pods', 'pods/log'],
  ['apps/deployments', 'deployments', 'deployments'],
  ['apps/deployments/scale', 'deployments', 'deployments/scale'],
  ['rbac.authorization.k8s.io/clusterroles', 'clusterroles', 'clusterroles'],
  ['kyverno.io/policies', 'policies.kyverno.io', 'policies.kyverno.io'],
  ['metrics.k8s.io/pods', 'pods.metrics.k8s.io', 'pods.metrics.k8s.io'],
  ['cluster.x-k8s.io/clusters/status', 'clusters.cluster.x-k8s.io', 'clusters.cluster.x-k8s.io/status'],
])('%s is named as kubectl does', (resource, kind, short) => {
  expect([kindWords(resource), shortResource(resource)]).toEqual([kind, short]);
});

test.each([
  [{ resource: 'apps/deployments/scale', namespace: 'shop', name: 'cart' }, 'the scale of deployments/cart in shop'],
  [{ resource: 'batch/jobs', namespace: 'shop' }, 'jobs in shop'],
  [{ resource: 'nodes', name: 'one' }, 'nodes/one'],
  [{ path: '/metrics' }, '/metrics'],
])('what a request is about: %j', (given, words) => {
  expect(objectWords({ resource: '', namespace: '', name: '', path: '', ...given })).toBe(words);
});

describe('a verb', () => {
  test.each([['list', 'listed', 'list'], ['get', 'read', 'read'], ['patch', 'patched', 'patch'], ['deletecollection', 'deleted all', 'delete all']])('%s is %s when done', (verb, did, tried) => {
    expect([didWord(verb, 'pods'), doWord(verb, 'pods')]).toEqual([did, tried]);
  });

  test('that asks a question creates nothing', () => {
    expect(didWord('create', 'authorization.k8s.io/selfsubjectaccessreviews')).toBe('sent');
    expect(didWord('create', 'pods')).toBe('created');
  });

  test.each(['__proto__', 'constructor', 'mkcol'])('that nobody knows stays as it is: %s', (verb) => {
    expect([didWord(verb, 'pods'), doWord(verb, 'pods')]).toEqual([`did ${verb}`, verb]);
  });
});
