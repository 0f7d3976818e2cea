import { beforeAll, describe, expect, test } from '@jest/globals';
import type { AuditEvent } from '../../lib/audit/event.ts';
import { Engine } from '../../lib/engine/engine.ts';
import type { Finding } from '../../lib/finding.ts';
import { MemoryFindingStore } from '../../lib/memory-stores.ts';
import type { FindingStore, StateStore } from '../../lib/store.ts';
import { auditEvent } from '../lib/requests.ts';
import { allFindings, storesWith, type RunStores } from './runs.ts';
import { cluster } from './sample.ts';
import { TracedStateStore } from './traced-state.ts';

const minute = 60_000;
const hour = 60 * minute;
const begin = Date.parse('2026-03-02T08:00:00Z');
const learnedDays = 8;
const now = begin + learnedDays * 24 * hour;

const role = 'AWSReservedSSO_Admin_0123456789abcdef';
const person = (name: string) => ({ username: `arn:aws:sts::123456789012:assumed-role/${role}/${name}`, extra: { arn: [`arn:aws:sts::123456789012:assumed-role/${role}/${name}`], sessionName: [name] } });
const account = (namespace: string, name: string, pod?: string) => ({
  username: `system:serviceaccount:${namespace}:${name}`,
  ...(pod === undefined ? {} : { extra: { 'authentication.kubernetes.io/pod-name': [pod] } }),
});
type User = { readonly username: string };

const anna = person('anna@example.com');
const bert = person('bert@example.com');
const api = account('payments', 'api', 'api-0');
const robot = account('ops', 'robot', 'robot-0');
const inside = '10.0.3.7';
const office = '192.0.2.10';
const outside = '203.0.113.66';

let count = 0;
interface Asked { readonly verb: string; readonly resource: string; readonly namespace?: string; readonly name?: string; readonly subresource?: string; readonly apiGroup?: string; readonly body?: unknown; readonly from?: string; readonly code?: number }

/** A request at a time. */
function asked(user: User, time: number, { verb, resource, from = inside, code = 200, body, ...ref }: Asked): AuditEvent {
  const at = new Date(time).toISOString().replace('Z', '000Z');
  const path = [ref.namespace, resource, ref.name, ref.subresource].filter(Boolean).join('/');
  return auditEvent({
    auditID: `story-${String(count++)}`,
    verb,
    user,
    sourceIPs: [from],
    userAgent: user.username.startsWith('arn:') ? 'kubectl/v1.34.1 (darwin/arm64)' : 'client/1.0 (linux/amd64)',
    requestURI: `/api/v1/${path}`,
    objectRef: { resource, ...ref, apiVersion: 'v1' },
    responseStatus: { code },
    requestObject: body,
    requestReceivedTimestamp: at,
    stageTimestamp: at,
  });
}

/** A week of what everybody always does. */
function calmLife(): AuditEvent[] {
  return Array.from({ length: learnedDays * 8 }, (_, index) => begin + index * 3 * hour).flatMap((time) => [
    ...[anna, bert].map((user) => asked(user, time, { verb: 'list', resource: 'pods', namespace: 'shop', from: office })),
    ...[api, robot].map((user) => asked(user, time + minute, { verb: 'get', resource: 'configmaps', namespace: user.username.split(':')[2] ?? '', name: 'settings' })),
  ]);
}

let learned: TracedStateStore;
beforeAll(async () => {
  learned = new TracedStateStore();
  const engine = new Engine({ state: learned, findings: new MemoryFindingStore() });
  for (const event of calmLife()) await engine.process({ cluster, events: [event] });
});

async function newStores(): Promise<RunStores> {
  return { ...(await storesWith(learned)), findings: new MemoryFindingStore() };
}

async function take(stores: { state: StateStore; findings: FindingStore }, deliveries: readonly (readonly AuditEvent[])[]): Promise<Finding[]> {
  const engine = new Engine(stores);
  for (const events of deliveries) await engine.process({ cluster, events });
  return allFindings(stores.findings);
}

const each = (events: readonly AuditEvent[]): AuditEvent[][] => events.map((event) => [event]);
const told = (findings: readonly Finding[]): Finding[] => findings.filter(({ pushedAt }) => pushedAt.length > 0);

const sweep = (user: User, from: string, since = now): AuditEvent[] =>
  ['shop', 'payments', 'ops', 'kube-system'].map((namespace, index) => asked(user, since + (2 + index) * minute, { verb: 'list', resource: 'secrets', namespace, from }));
const tokenRequest = asked(anna, now, { verb: 'create', resource: 'serviceaccounts', namespace: 'ops', name: 'robot', subresource: 'token', from: office, code: 201 });
const command = asked(anna, now, { verb: 'create', resource: 'pods', namespace: 'payments', name: 'api-0', subresource: 'exec', from: office, code: 101 });
const binding = asked(anna, now, {
  verb: 'create', resource: 'clusterrolebindings', apiGroup: 'rbac.authorization.k8s.io', name: 'helper', from: office, code: 201,
  body: { roleRef: { kind: 'ClusterRole', name: 'cluster-admin' }, subjects: [{ kind: 'ServiceAccount', name: 'robot', namespace: 'ops' }] },
});
const workload = asked(anna, now, {
  verb: 'create', resource: 'pods', namespace: 'payments', name: 'debug', from: office, code: 201,
  body: { spec: { serviceAccountName: 'api', containers: [{ name: 'x', image: 'example.test/x', securityContext: { privileged: true } }] } },
});

describe('what one identity led another to', () => {
  test.each<[string, AuditEvent, AuditEvent[], string]>([
    ['a token that was asked for', tokenRequest, sweep(robot, outside), 'had asked for a token of it'],
    ['a command in its pod', command, sweep(api, inside), 'had run a command'],
    ['rights that were given', binding, sweep(robot, inside), 'had given it rights'],
    ['a workload that runs as it', workload, sweep(api, inside), 'had changed a workload'],
  ])('is one finding: %s', async (_name, cause, effect, words) => {
    const findings = told(await take(await newStores(), each([cause, ...effect])));
    expect(findings.map(({ identity, others }) => ({ identity, others }))).toEqual([{ identity: anna.username, others: [effect[0]?.user.username] }]);
    const [story] = findings;
    expect(story?.pushedAt.length).toBeLessThanOrEqual(2);
    expect(story?.evidence.map(({ auditId }) => auditId)).toEqual([cause, ...effect].map(({ auditID }) => auditID));
    expect(story?.evidence.map(({ other }) => other)).toEqual([undefined, ...effect.map(() => 0)]);
    expect(story?.reasons.some((reason) => reason.words.includes(`anna@example.com ${words}`))).toBe(true);
    expect(story?.stages.map(({ tactic }) => tactic)).toContain('credential-access');
  });

  test('is one finding when both come from the same new address', async () => {
    const findings = told(await take(await newStores(), each([...sweep(robot, outside), ...sweep(api, outside, now + 10 * minute)])));
    expect(findings.map(({ identity, others }) => ({ identity, others }))).toEqual([{ identity: robot.username, others: [api.username] }]);
  });

  test('goes on to a third', async () => {
    const next = asked(robot, now + 8 * minute, { verb: 'create', resource: 'serviceaccounts', namespace: 'payments', name: 'api', subresource: 'token', from: inside, code: 201 });
    const findings = told(await take(await newStores(), each([binding, ...sweep(robot, inside), next, ...sweep(api, inside, now + 8 * minute)])));
    expect(findings.map(({ identity, others }) => ({ identity, others: [...others].sort() }))).toEqual([{ identity: anna.username, others: [api.username, robot.username].sort() }]);
  });

  test('is graver the further it gets', async () => {
    const [alone] = told(await take(await newStores(), each([binding])));
    const [together] = told(await take(await newStores(), each([binding, ...sweep(robot, inside)])));
    expect(together?.score).toBeGreaterThan(alone?.score ?? Infinity);
  });
});

describe('what has nothing to do with each other', () => {
  const own = async (events: readonly AuditEvent[]) => told(await take(await newStores(), each(events))).map(({ identity, others }) => ({ identity, others })).sort((one, other) => (one.identity < other.identity ? -1 : 1));

  test('are two findings when a command was run in another pod', async () => {
    const other = asked(anna, now, { verb: 'create', resource: 'pods', namespace: 'payments', name: 'api-1', subresource: 'exec', from: office, code: 101 });
    expect(await own([other, ...sweep(api, inside)])).toEqual([{ identity: api.username, others: [] }]);
  });

  test('are two findings when they come from an address that is usual', async () => {
    expect(await own([...sweep(anna, office), ...sweep(bert, office)])).toEqual([anna, bert].map(({ username }) => ({ identity: username, others: [] })));
  });

  test('are two findings when a day lies between them', async () => {
    expect(await own([binding, ...sweep(robot, inside, now + 25 * hour)])).toEqual([anna, robot].map(({ username }) => ({ identity: username, others: [] })));
  });

  test('are two findings when the effect came first', async () => {
    expect(await own([...sweep(robot, inside, now - hour), binding])).toEqual([anna, robot].map(({ username }) => ({ identity: username, others: [] })));
  });

  test('are two findings when the story has ended meanwhile', async () => {
    expect(await own([binding, ...sweep(robot, inside, now + 4 * hour)])).toEqual([anna, robot].map(({ username }) => ({ identity: username, others: [] })));
  });

  test('stay silent when the other does what it always does', async () => {
    const usual = asked(robot, now + minute, { verb: 'get', resource: 'configmaps', namespace: 'ops', name: 'settings' });
    expect(await own([binding, usual])).toEqual([{ identity: anna.username, others: [] }]);
  });
});

describe('a story is the same', () => {
  const events = [binding, ...sweep(robot, inside)];
  const settled = (findings: readonly Finding[]) => findings.map(({ revision: _revision, raisedAt: _raisedAt, ...rest }) => rest);
  let clean: Finding[];
  beforeAll(async () => { clean = await take(await newStores(), each(events)); });

  test.each([2, 3, 5])('when %d requests come together', async (size) => {
    const deliveries = Array.from({ length: Math.ceil(events.length / size) }, (_, index) => events.slice(size * index, size * (index + 1)));
    expect(settled(await take(await newStores(), deliveries))).toEqual(settled(clean));
  });

  test('when all comes twice, and then nothing is written', async () => {
    const stores = await newStores();
    expect(await take(stores, each(events))).toEqual(clean);
    const { writes } = stores.state;
    expect(await take(stores, each(events))).toEqual(clean);
    expect(stores.state.writes).toBe(writes);
  });

  test('whichever call of a store fails', async () => {
    for (let at = 1, failed = true; failed; at++) {
      const stores = await newStores();
      let call = 0;
      const mortal = async <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
        const answer = await work();
        if (++call === at) throw new Error('killed');
        return answer;
      };
      const state: StateStore = { read: (keys) => mortal(() => stores.state.read(keys)), write: (...item) => mortal(() => stores.state.write(...item)) };
      const { findings } = stores;
      const ports = { state, findings: { put: (one) => mortal(() => findings.put(one)), get: (id) => findings.get(id), query: (query) => findings.query(query), setStatus: (id, status) => findings.setStatus(id, status) } satisfies FindingStore };
      for (const delivery of each(events)) await take(ports, [delivery]).catch(() => take(ports, [delivery]));
      failed = call >= at;
      expect({ at, findings: await allFindings(findings) }).toEqual({ at, findings: clean });
    }
  });

  test('when two engines each have one of the identities', async () => {
    const stores = await newStores();
    const [one, other] = [new Engine(stores), new Engine(stores)];
    const more = [asked(anna, now + 3 * minute, { verb: 'list', resource: 'secrets', namespace: 'shop', from: office })];
    await one.process({ cluster, events: [binding] });
    await Promise.all([one.process({ cluster, events: more }), other.process({ cluster, events: sweep(robot, inside) })]);
    const findings = told(await allFindings(stores.findings));
    expect(findings.map(({ identity, others, evidenceTotal }) => ({ identity, others, evidenceTotal }))).toEqual([{ identity: anna.username, others: [robot.username], evidenceTotal: 6 }]);
  });
});
