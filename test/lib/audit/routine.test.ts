import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { filterPattern } from '../../../lambdas/filter-pattern.ts';
import { parseAuditEvent } from '../../../lib/audit/event.ts';
import { isRoutine } from '../../../lib/audit/routine.ts';
import { createMatcher } from '../../infra/pattern-evaluator.ts';
import { auditRecord } from '../requests.ts';

const matches = createMatcher(filterPattern);
const leases = { requestURI: '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/a', objectRef: { apiGroup: 'coordination.k8s.io', resource: 'leases', namespace: 'kube-node-lease', name: 'a' } };
const by = (username: string | undefined) => ({ user: { username } });
const node = by('system:node:a');
const health = { requestURI: '/readyz?verbose', objectRef: undefined };

const rows: [string, Record<string, unknown>, boolean][] = [
  ['a node that renews its lease', { ...leases, ...node, verb: 'patch' }, true],
  ['a controller that looks who is elected', { ...leases, ...by('system:serviceaccount:kube-system:x'), verb: 'get' }, true],
  ['a health check by nobody', { ...health, ...by('system:anonymous') }, true],
  ['a lease made', { ...leases, ...node, verb: 'create' }, false],
  ['leases listed', { ...leases, ...node, verb: 'list' }, false],
  ['a lease changed by nobody', { ...leases, ...by('system:anonymous'), verb: 'update' }, false],
  ['a lease changed by a person', { ...leases, ...by('alice'), verb: 'update' }, false],
  ['a lease changed without a name', { ...leases, ...by(undefined), verb: 'update' }, false],
  ['a lease changed in another\'s name', { ...leases, ...node, verb: 'update', impersonatedUser: { username: 'system:node:b' } }, false],
  ['a refused lease', { ...leases, ...node, verb: 'patch', responseStatus: { code: 403 } }, false],
  ['a lease without an answer', { ...leases, ...node, verb: 'patch', responseStatus: undefined }, false],
  ['a person at the health check', { ...health, ...by('alice') }, false],
  ['a refused health check', { ...health, ...by('system:anonymous'), responseStatus: { code: 401 } }, false],
  ['a path that ends like a health check', { requestURI: '/x/livez', objectRef: undefined, ...node }, false],
];

describe('what the library leaves and what the subscription filter drops', () => {
  test.each(rows)('agree on %s', (_, given, routine) => {
    const record = auditRecord(given);
    expect({ left: isRoutine(parseAuditEvent(record)), dropped: !matches(record) }).toEqual({ left: routine, dropped: routine });
  });

  test('agree on every event of the recorded cluster', async () => {
    const folder = 'examples/shop';
    const disagreed: string[] = [];
    let seen = 0;
    for (const file of (await readdir(folder)).filter((name) => name.endsWith('.jsonl.gz'))) {
      for await (const line of createInterface({ input: createReadStream(`${folder}/${file}`).pipe(createGunzip()) })) {
        const event = parseAuditEvent(line);
        if (event.stage === 'RequestReceived') continue;
        seen += 1;
        if (isRoutine(event) === matches(line)) disagreed.push(event.auditID);
      }
    }
    expect(disagreed).toEqual([]);
    expect(seen).toBeGreaterThan(40_000);
  });
});
