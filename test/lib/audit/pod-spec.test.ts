import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { containersOf, isSensitiveHostPath, marksOf, podSpecOf, writesWorkload } from '../../../lib/audit/pod-spec.ts';
import { apiRequest } from '../requests.ts';

const spec = { containers: [{ name: 'a', image: 'one' }], initContainers: [{ name: 'b', image: 'two' }], ephemeralContainers: [{ name: 'c', image: 'three' }] };
const template = { spec: { template: { spec } } };
const write = (resource: string, body: unknown, verb = 'create') => apiRequest({ resource, body, verb });
const imagesOf = (resource: string, body: unknown) => {
  const found = podSpecOf(write(resource, body));
  return found && containersOf(found).map(({ image }) => image);
};

describe('finds the specification of pods in', () => {
  test.each<[string, unknown]>([
    ['pods', { spec }],
    ['apps/deployments', template],
    ['apps/daemonsets', template],
    ['apps/statefulsets', template],
    ['apps/replicasets', template],
    ['replicationcontrollers', template],
    ['batch/jobs', template],
    ['batch/cronjobs', { spec: { jobTemplate: template } }],
  ])('%s, with containers of all sorts', (resource, body) => { expect(imagesOf(resource, body)).toEqual(['one', 'two', 'three']); });

  test('a patch, which holds a part of the object', () => {
    expect(podSpecOf(write('apps/deployments', { spec: { template: { spec: { hostPID: true } } } }, 'patch'))).toMatchObject({ hostPID: true });
  });
});

describe('finds none in', () => {
  test.each<[string, string, unknown, string]>([
    ['a reading', 'pods', { spec }, 'get'],
    ['a deletion', 'pods', { spec }, 'delete'],
    ['another kind', 'services', { spec }, 'create'],
    ['another group\'s kind', 'example.com/pods', { spec }, 'create'],
    ['a refused request, which has no body', 'pods', undefined, 'create'],
    ['a body too large for the log', 'pods', 'skipped-too-big-size-object', 'create'],
    ['a JSON patch', 'apps/deployments', [{ op: 'add', path: '/spec/template/spec/hostPID', value: true }], 'patch'],
  ])('%s', (_, resource, body, verb) => { expect(podSpecOf(write(resource, body, verb))).toBeUndefined(); });
});

test('takes a field of another type as absent and keeps the others', () => {
  const body = { spec: { containers: 'x', initContainers: [{ image: 5, securityContext: 'x' }], hostPID: 'yes', hostIPC: true, volumes: [{ hostPath: 'x' }] } };
  expect(podSpecOf(write('pods', body))).toMatchObject({ containers: undefined, initContainers: [{ image: '', securityContext: undefined }], hostPID: undefined, hostIPC: true });
});

test('knows which requests write workloads', () => {
  expect(['create', 'update', 'patch', 'get', 'delete'].map((verb) => writesWorkload(write('apps/deployments', {}, verb)))).toEqual([true, true, true, false, false]);
});

test('breaks on no body', () => {
  const resources = fc.constantFrom('pods', 'apps/deployments', 'batch/cronjobs');
  const bodies = fc.oneof(fc.jsonValue(), fc.record({ spec: fc.record({ containers: fc.jsonValue(), volumes: fc.jsonValue(), template: fc.jsonValue() }, { requiredKeys: [] }) }));
  fc.assert(fc.property(resources, bodies, (resource, body) => {
    const found = podSpecOf(write(resource, body));
    expect((found ? containersOf(found) : []).every(({ image }) => typeof image === 'string')).toBe(true);
  }));
});

test('gives labels and annotations of an object and of its pods', () => {
  const marks = { labels: { a: '1' }, annotations: { b: '2' } };
  expect(marksOf(write('apps/deployments', { metadata: marks, spec: { template: { metadata: { labels: { c: null } } } } }))).toEqual([['a', '1'], ['b', '2'], ['c', null]]);
  expect(marksOf(write('batch/cronjobs', { spec: { jobTemplate: { spec: { template: { metadata: marks } } } } }))).toEqual([['a', '1'], ['b', '2']]);
  expect([undefined, null, 'x', { metadata: { labels: [], annotations: 'x' } }, { spec: { template: 7 } }].flatMap((body) => marksOf(write('pods', body)))).toEqual([]);
});

test('knows the directories that are a node\'s own', () => {
  expect(['/', '/etc', '/var/run/docker.sock', '/var/lib/kubelet/pods'].every(isSensitiveHostPath)).toBe(true);
  expect(['/data', '/mnt/x', '/etcetera'].some(isSensitiveHostPath)).toBe(false);
});
