import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { workloadOfName, workloadOfOwner } from '../../../lib/egress/workload.ts';

describe('by the owner', () => {
  test.each([
    ['api-678ccd5cd7-ndglg', 'ReplicaSet', 'api-678ccd5cd7', '678ccd5cd7', 'Deployment/api'],
    ['api-x', 'ReplicaSet', 'api', undefined, 'ReplicaSet/api'],
    ['db-0', 'StatefulSet', 'db', undefined, 'StatefulSet/db'],
    ['agent-x7k2p', 'DaemonSet', 'agent', undefined, 'DaemonSet/agent'],
    ['export-29384720-x7k2p', 'Job', 'export-29384720', undefined, 'CronJob/export'],
    ['reports-cdc1d9-q8xcm', 'Job', 'reports-cdc1d9', undefined, 'Job/reports-*'],
    ['db-migrate-q8xcm', 'Job', 'db-migrate', undefined, 'Job/db-migrate'],
    ['scan-466f332c-27xr4', 'Job', 'scan-466f332c', undefined, 'Job/scan-*'],
    ['flow-x-1', 'Workflow', 'flow-0a1b2c3d-1111-4222-8333-0a1b2c3d4e5f', undefined, 'Workflow/flow-*'],
    ['etl-d507ea-exec-1', 'Pod', 'etl-d507ea-driver', undefined, 'Pod/etl-*-exec-1'],
  ] as const)('%s of %s %s', (...[pod, kind, name, label, workload]) => { expect(workloadOfOwner(pod, { kind, name }, label)).toBe(workload); });

  test('of a pod that nothing made', () => {
    expect(workloadOfOwner('debug', undefined, undefined)).toBe('Pod/debug');
    expect(workloadOfOwner('etl-d507ea-driver', undefined, undefined)).toBe('Pod/etl-*-driver');
  });
});

describe('by the name', () => {
  test.each([
    ['api-678ccd5cd7-ndglg', 'Deployment/api'],
    ['cart-next-5bd4c994c8-2phlf', 'Deployment/cart-next'],
    ['kube-proxy-x7k2p', 'DaemonSet/kube-proxy'],
    ['db-0', 'StatefulSet/db'],
    ['export-29384720-x7k2p', 'CronJob/export'],
    ['reports-cdc1d9-q8xcm', 'Job/reports-*'],
    ['debug', 'Pod/debug'],
    ['', 'Pod/'],
  ])('%s', (pod, workload) => { expect(workloadOfName(pod)).toBe(workload); });
});

test('is the same for all copies', () => {
  const ending = fc.string({ unit: fc.constantFrom(...'bcdfghjklmnpqrstvwxz2456789'), minLength: 5, maxLength: 5 });
  const hash = fc.string({ unit: fc.constantFrom(...'456789bcdf'), minLength: 8, maxLength: 10 });
  fc.assert(fc.property(hash, hash, ending, ending, (one, other, a, b) => { expect(workloadOfName(`api-${one}-${a}`)).toBe(workloadOfName(`api-${other}-${b}`)); }));
});
