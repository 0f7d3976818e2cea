import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { severities, statuses, type Finding } from '../../lib/finding.ts';
import { matchesQuery, newestFirst } from '../../lib/memory-stores.ts';
import type { FindingQuery, FindingStore } from '../../lib/store.ts';
import { anyFinding, finding, largestFinding } from './findings.ts';
import { newId, newKey } from './names.ts';

/** Tests what lib/store.ts promises of any finding store. */
export function findingContract(store: () => FindingStore): void {
  revisionContract(store);
  statusContract(store);
  contentContract(store);
  pageContract(store);
  queryContract(store);
}

function revisionContract(store: () => FindingStore): void {
  test('writes a revision once and never an older one', async () => {
    const first = finding({ id: newId() });
    const third = { ...first, revision: 3, severity: 'critical' as const };
    expect(await store().put(first)).toBe(true);
    expect(await store().put(first)).toBe(false);
    expect(await store().put(third)).toBe(true);
    expect(await store().put({ ...first, revision: 2 })).toBe(false);
    expect(await store().get(first.id)).toEqual(third);
  });

  test('gives nothing for an unknown id', async () => {
    expect(await store().get(newId())).toBeUndefined();
    expect(await store().setStatus(newId(), 'resolved')).toBe(false);
  });
}

function statusContract(store: () => FindingStore): void {
  async function acknowledged(): Promise<Finding> {
    const first = finding({ id: newId(), cluster: newKey(), severity: 'medium' });
    await store().put(first);
    expect(await store().setStatus(first.id, 'acknowledged')).toBe(true);
    return first;
  }
  const foundAs = async (status: Finding['status'], { cluster }: Finding) => (await store().query({ status, limit: 1000 })).filter((one) => one.cluster === cluster);

  test('keeps the status a person set when the finding changes', async () => {
    const first = await acknowledged();
    expect(await store().put({ ...first, revision: 2, evidenceTotal: 99 })).toBe(true);
    expect(await foundAs('acknowledged', first)).toEqual([{ ...first, revision: 2, evidenceTotal: 99, status: 'acknowledged' }]);
    expect(await foundAs('open', first)).toEqual([]);
  });

  test.each<[string, (first: Finding) => Partial<Finding>]>([
    ['becomes graver', () => ({ severity: 'critical' })],
    ['is told again', ({ pushedAt }) => ({ pushedAt: [...pushedAt, '2026-03-01T12:00:00.000Z'] })],
  ])('opens a finding again that %s after a person decided, once', async (_, given) => {
    const first = await acknowledged();
    const more = { ...first, ...given(first), revision: 2 };
    await store().put(more);
    expect(await foundAs('open', first)).toEqual([more]);
    await store().setStatus(first.id, 'resolved');
    await store().put({ ...more, revision: 3 });
    expect(await foundAs('open', first)).toEqual([]);
  });

  test('ends with the highest revision and the status set, in whatever order writers come', async () => {
    const order = fc.shuffledSubarray([1, 2, 3, 4, 5], { minLength: 1 });
    await fc.assert(fc.asyncProperty(order, async (revisions) => {
      const first = finding({ id: newId(), revision: 1 });
      await store().put(first);
      await Promise.all([...revisions.map((revision) => store().put({ ...first, revision })), store().setStatus(first.id, 'resolved')]);
      expect(await store().get(first.id)).toEqual({ ...first, revision: Math.max(...revisions), status: 'resolved' });
    }), { numRuns: 10 });
  });
}

function contentContract(store: () => FindingStore): void {
  test('refuses a finding that breaks the contract', async () => {
    await expect(store().put({ ...finding({ id: newId() }), score: -1 })).rejects.toThrow('score');
  });

  test.each(['x', '字', '\u0001'])('keeps the largest finding the contract allows, of %j', async (unit) => {
    const largest = largestFinding(unit, { id: newId() });
    expect(await store().put(largest)).toBe(true);
    expect(await store().get(largest.id)).toEqual(largest);
    expect(await store().query({ identity: largest.identity, limit: 1 })).toEqual([largest]);
  });
}

function pageContract(store: () => FindingStore): void {
  test('gives findings of an identity beyond one page of the table', async () => {
    const identity = newKey();
    const written = Array.from({ length: 6 }, (_, index) => largestFinding('字', { id: newId(), identity, raisedAt: `2026-03-0${String(index + 1)}T00:00:00.000Z` }));
    for (const one of written) await store().put(one);
    expect((await store().query({ identity, limit: 100 })).map((one) => one.id)).toEqual(written.map((one) => one.id).reverse());
  });

  test('gives more findings of a cluster than one page of the store has', async () => {
    const cluster = newKey();
    const ids = Array.from({ length: 130 }, newId);
    await Promise.all(ids.map((id) => store().put(finding({ id, cluster }))));
    expect((await store().query({ cluster, limit: 1000 })).map((one) => one.id)).toEqual(ids);
    expect(await store().query({ cluster, limit: 120 })).toHaveLength(120);
  });

  test.each(['2026-03-01T09:00:00Z', '2026-03-01T09:00:00.000Z', '2026-03-01T10:00:00+01:00'])('counts a finding raised at the very time %s', async (since) => {
    const identity = newKey();
    await store().put(finding({ id: newId(), identity, raisedAt: '2026-03-01T09:00:00.000Z' }));
    await store().put(finding({ id: newId(), identity, raisedAt: '2026-03-01T08:59:59.999Z' }));
    expect(await store().query({ identity, since, limit: 10 })).toHaveLength(1);
  });
}

function queryContract(store: () => FindingStore): void {
  test('answers any query as going through all findings would', async () => {
    const written: Finding[] = [];
    const ofRun = fc.uniqueArray(anyFinding, { selector: (one) => one.raisedAt, maxLength: 8 });
    await fc.assert(fc.asyncProperty(ofRun, anyQuery, async (findings, query) => {
      const cluster = newKey();
      for (const one of findings) {
        const own = { ...one, id: newId(), ...(query.cluster === undefined ? {} : { cluster }) };
        await store().put(own);
        written.push(own);
      }
      const asked = query.cluster === undefined ? { ...query, since: '2020-01-01T00:00:00Z', identity: query.identity ?? 'anna' } : { ...query, cluster };
      const expected = written.filter((one) => matchesQuery(one, asked)).sort(newestFirst).slice(0, asked.limit);
      expect(await store().query(asked)).toEqual(expected);
    }), { numRuns: 40 });
  });

  test('asks for any status and severity when nothing else is given', async () => {
    const raisedAt = '2030-01-01T00:00:00.000Z';
    const written = statuses.flatMap((status) => severities.map((severity) => finding({ id: newId(), status, severity, raisedAt })));
    for (const one of written) await store().put(one);
    expect(await store().query({ since: raisedAt, limit: 100 })).toEqual(written);
    expect(await store().query({ since: raisedAt, atLeast: 'critical', limit: 2 })).toEqual(written.filter((one) => one.severity === 'critical').slice(0, 2));
  });
}

const anyQuery: fc.Arbitrary<FindingQuery> = fc.record(
  {
    cluster: fc.constant('any'),
    identity: fc.constantFrom('anna', 'a\nb', 'nobody'),
    status: fc.constantFrom(...statuses),
    atLeast: fc.constantFrom(...severities),
    since: fc.constantFrom('2026-01-01T00:00:00Z', '2026-01-01T12:00:00.000Z'),
    limit: fc.integer({ min: 0, max: 12 }),
  },
  { requiredKeys: ['limit'] },
);
