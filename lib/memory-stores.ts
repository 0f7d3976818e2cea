import type { DeadLetter, DeadLetters } from './dead-letter.ts';
import { findingSchema, severityRank, statusAfter, type Finding, type Status } from './finding.ts';
import { ConflictError, type FindingQuery, type FindingStore, type StateItem, type StateStore } from './store.ts';

/** State in memory, with the same rules as a table: for tests and for runs that keep nothing. */
export class MemoryStateStore implements StateStore {
  readonly #items = new Map<string, StateItem>();

  /** @inheritdoc */
  read(keys: readonly string[]): Promise<Map<string, StateItem>> {
    const found = new Map<string, StateItem>();
    for (const key of keys) {
      const item = this.#items.get(key);
      if (item) found.set(key, { bytes: item.bytes.slice(), version: item.version });
    }
    return Promise.resolve(found);
  }

  /** @inheritdoc Nothing is forgotten before the process ends. */
  write(key: string, bytes: Uint8Array, expectedVersion: number): Promise<void> {
    if ((this.#items.get(key)?.version ?? 0) !== expectedVersion) return Promise.reject(new ConflictError(key));
    this.#items.set(key, { bytes: bytes.slice(), version: expectedVersion + 1 });
    return Promise.resolve();
  }
}

/** Told of each change of a finding, as a table's stream would: `before` is `undefined` for a new one. */
export type FindingListener = (before: Finding | undefined, after: Finding) => void | Promise<void>;

/** Findings in memory, with the same rules as a table. */
export class MemoryFindingStore implements FindingStore {
  readonly #findings = new Map<string, Finding>();
  readonly #listener: FindingListener;

  constructor(listener: FindingListener = () => undefined) {
    this.#listener = listener;
  }

  /** @inheritdoc */
  async put(finding: Finding): Promise<boolean> {
    const valid = findingSchema.parse(finding);
    const before = this.#findings.get(valid.id);
    if (before && before.revision >= valid.revision) return false;
    await this.#change(before, before ? { ...valid, status: statusAfter(before, valid) } : valid);
    return true;
  }

  /** @inheritdoc */
  get(id: string): Promise<Finding | undefined> {
    return Promise.resolve(structuredClone(this.#findings.get(id)));
  }

  /** @inheritdoc */
  query(query: FindingQuery): Promise<Finding[]> {
    const matching = [...this.#findings.values()].filter((finding) => matchesQuery(finding, query));
    return Promise.resolve(structuredClone(matching.sort(newestFirst).slice(0, query.limit)));
  }

  /** @inheritdoc */
  async setStatus(id: string, status: Status): Promise<boolean> {
    const before = this.#findings.get(id);
    if (!before) return false;
    await this.#change(before, { ...before, status });
    return true;
  }

  async #change(before: Finding | undefined, after: Finding): Promise<void> {
    this.#findings.set(after.id, after);
    await this.#listener(before, structuredClone(after));
  }
}

/** Dead letters in memory, in the order they came. */
export class MemoryDeadLetters implements DeadLetters {
  readonly letters: DeadLetter[] = [];

  /** @inheritdoc */
  send(letter: DeadLetter): Promise<void> {
    this.letters.push({ ...letter });
    return Promise.resolve();
  }
}

/** Whether all of a query's conditions hold for a finding (its `limit` aside). */
export function matchesQuery(finding: Finding, query: FindingQuery): boolean {
  return (
    (query.cluster === undefined || finding.cluster === query.cluster) &&
    (query.identity === undefined || finding.identity === query.identity) &&
    (query.status === undefined || finding.status === query.status) &&
    (query.atLeast === undefined || severityRank(finding.severity) >= severityRank(query.atLeast)) &&
    (query.since === undefined || finding.raisedAt >= lowerBound(query.since))
  );
}

/** Orders findings by `raisedAt`, newest first, and those raised at the same time by id. */
export function newestFirst(one: Finding, other: Finding): number {
  if (one.raisedAt !== other.raisedAt) return one.raisedAt > other.raisedAt ? -1 : 1;
  return one.id < other.id ? -1 : Number(one.id > other.id);
}

/**
 * The text from which on `raisedAt` is at or after a time, in text order whether or not it has fractions of a second.
 * @throws {RangeError} when `since` is no time.
 */
export function lowerBound(since: string): string {
  return new Date(since).toISOString().replace(/(\.000)?Z$/, '');
}
