import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { Ingest } from '../../lib/ingest.ts';
import { MemoryDeadLetters, MemoryFindingStore } from '../../lib/memory-stores.ts';
import { auditEvent } from '../lambdas/deliveries.ts';
import { payloadOf } from './payloads.ts';
import { TracedStateStore } from './traced-state.ts';

const maxItem = 64 * 1024;

let state: TracedStateStore;
let findings: MemoryFindingStore;
let ingest: Ingest;
beforeEach(() => {
  state = new TracedStateStore();
  findings = new MemoryFindingStore();
  ingest = new Ingest({ state, findings, deadLetters: new MemoryDeadLetters() });
});

/** A record like any other but for some fields, so many seconds into the log. */
function record(id: string, fields: object = {}, seconds = 0): string {
  const requestReceivedTimestamp = new Date(Date.UTC(2026, 2, 1) + seconds * 1000).toISOString();
  return JSON.stringify({ ...(JSON.parse(auditEvent(id)) as object), requestReceivedTimestamp, stageTimestamp: requestReceivedTimestamp, ...fields });
}

async function largestItem(): Promise<number> {
  return Math.max(...[...(await state.items()).values()].map(({ bytes }) => bytes.length));
}

describe('an event of a megabyte is taken in', () => {
  const long = randomBytes(500_000).toString('hex');
  const ref = { resource: 'secrets', namespace: 'shop', name: 'x' };
  test.each([
    ['in the name', { objectRef: { ...ref, name: long } }],
    ['in the namespace', { objectRef: { ...ref, namespace: long } }],
    ['in the agent', { userAgent: long }],
    ['in the path', { requestURI: `/${long}?${long}`, objectRef: undefined }],
    ['in an address', { sourceIPs: [long] }],
    ['in the body', { requestObject: { spec: { containers: [{ name: long, image: long }] } }, verb: 'create', objectRef: { resource: 'pods', namespace: 'x' } }],
    ['in the command', { requestURI: `/api/v1/exec?command=${long}`, objectRef: { ...ref, resource: 'pods', subresource: 'exec' } }],
    ['in the token\'s id', { user: { username: 'eve', extra: { 'authentication.kubernetes.io/credential-id': [long] } } }],
    ['in the ARN', { user: { username: 'eve', extra: { arn: [`arn:aws:sts::1:assumed-role/x/${long}`] } } }],
    ['in what it impersonates', { impersonatedUser: { username: long.slice(0, 2000), groups: Array.from({ length: 2000 }, () => long.slice(0, 450)) } }],
  ])('%s', async (_name, fields) => {
    expect(await ingest.subscription(payloadOf([record('a', fields)]))).toMatchObject({ records: 1, requests: 1, malformed: 0 });
    expect(await largestItem()).toBeLessThan(maxItem);
  });
});

test.each([['in the body of a review', 'authorization.k8s.io', 'selfsubjectaccessreviews'], ['in the body of a pod', '', 'pods']])('nesting without end is taken in %s', async (_name, apiGroup, resource) => {
  const spec = `${'['.repeat(300_000)}${']'.repeat(300_000)}`;
  const text = record('a', { verb: 'create', objectRef: { apiGroup, resource, namespace: 'x' } }).replace('{', `{"requestObject":{"spec":${spec}},`);
  expect(await ingest.subscription(payloadOf([text]))).toMatchObject({ requests: 1, malformed: 0 });
});

describe('state stays bounded', () => {
  test('for three thousand identities in one delivery', async () => {
    const records = Array.from({ length: 3000 }, (_, index) => record(`a${String(index)}`, { user: { username: `user-${String(index)}` } }));
    expect(await ingest.subscription(payloadOf(records))).toMatchObject({ requests: 3000 });
    expect(state.keys.size).toBe(3000);
    // Their groups hear of them when what they did is the past.
    await ingest.subscription(payloadOf(records.map((text) => text.replaceAll('2026-03-01T00:0', '2026-03-01T01:0'))));
    expect(await largestItem()).toBeLessThan(maxItem);
  });

  test('for one identity with three thousand names, namespaces, kinds, programs and addresses', async () => {
    for (let part = 0; part < 3; part++) {
      const records = Array.from({ length: 1000 }, (_, index) => {
        const name = `${String(part)}-${String(index)}`;
        const objectRef = { resource: `kind-${name}`, namespace: `namespace-${name}`, name };
        return record(`a${name}`, { objectRef, userAgent: `agent-${name}/1.0`, sourceIPs: [`203.${String(part)}.${String(index % 250)}.9`], verb: 'list' }, 2000 * part + index);
      });
      await ingest.subscription(payloadOf(records));
      expect(await largestItem()).toBeLessThan(maxItem / 4);
    }
  });

  test('and is written, for one that reads secrets of endless random names', async () => {
    const noise = () => randomBytes(3000).toString('utf16le').toWellFormed();
    const records = Array.from({ length: 300 }, (_, index) => record(`a${String(index)}${noise().slice(0, 100)}`, { objectRef: { resource: 'secrets', namespace: noise(), name: noise() } }, 5 * 86_400 + 60 * index));
    await ingest.subscription(payloadOf([record('first')]));
    expect(await ingest.subscription(payloadOf(records))).toMatchObject({ requests: 300, malformed: 0 });
    expect((await findings.query({ limit: 10 })).length).toBeGreaterThan(0);
    expect(await largestItem()).toBeLessThan(maxItem);
  });

  test('for a group of many members that do many things', async () => {
    const user = (index: number) => ({ username: `system:serviceaccount:namespace-${String(index)}:default` });
    for (let hour = 0; hour < 4; hour++) {
      const records = Array.from({ length: 300 }, (_, index) => {
        const objectRef = { resource: 'secrets', namespace: `n${String(Math.floor(index / 3) + 100 * hour)}`, name: `secret of ${String(index % 3)}` };
        return record(`a${String(hour)}-${String(index)}`, { user: user(index % 250), objectRef, userAgent: `agent-${String(hour)}-${String(index)}` }, 3600 * hour + (index % 600));
      });
      await ingest.subscription(payloadOf(records));
    }
    expect(await largestItem()).toBeLessThan(maxItem);
  });

  test('when times jump about', async () => {
    const records = Array.from({ length: 1000 }, (_, index) => record(`a${String(index)}`, { verb: 'list', objectRef: { resource: `kind-${String(index)}` } }, ((index * 7919) % 1000) * 86_400));
    for (let part = 0; part < 10; part++) await ingest.subscription(payloadOf(records.slice(100 * part, 100 * (part + 1)).reverse()));
    expect(await largestItem()).toBeLessThan(maxItem / 4);
  });
});
