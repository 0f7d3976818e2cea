import type { Finding, Severity, Status } from './finding.ts';

/** A stored state item: opaque bytes and the version that a writer must name to replace it. */
export interface StateItem {
  readonly bytes: Uint8Array;
  readonly version: number;
}

/**
 * Where the engine keeps what it has learned: small items, each written on its own and only if nobody else wrote it
 * since it was read. No operation touches two items, so no transaction is needed.
 */
export interface StateStore {
  /** Gives the items that exist among `keys`, strongly consistent, in a map from key to item. */
  read(keys: readonly string[]): Promise<Map<string, StateItem>>;
  /**
   * Writes one item whole. `expectedVersion` is the version that was read, 0 for an item that must not exist yet;
   * the item then has version `expectedVersion + 1`. `expiresAtEpochSeconds` is when it may be forgotten; without it
   * the item stays.
   * @throws {ConflictError} when the item has another version; nothing was written then.
   */
  write(key: string, bytes: Uint8Array, expectedVersion: number, expiresAtEpochSeconds?: number): Promise<void>;
}

/** What to look for among findings; all given conditions hold together. Newest first. */
export interface FindingQuery {
  readonly cluster?: string;
  readonly identity?: string;
  readonly status?: Status;
  /** This severity or graver. */
  readonly atLeast?: Severity;
  /** ISO time; findings raised at or after it. */
  readonly since?: string;
  /** At most so many findings. */
  readonly limit: number;
}

/** Where findings are kept for people to query. */
export interface FindingStore {
  /**
   * Writes a finding unless the store already has this or a later revision of it, so a repeat changes nothing. A
   * status that a person set stays as long as `statusAfter` says. `true` when it was written.
   */
  put(finding: Finding): Promise<boolean>;
  /** Gives the finding, or `undefined` when there is none with this id. */
  get(id: string): Promise<Finding | undefined>;
  /** Gives the findings that match, newest `raisedAt` first. */
  query(query: FindingQuery): Promise<Finding[]>;
  /** Sets what a person decided. `false` when there is no such finding. */
  setStatus(id: string, status: Status): Promise<boolean>;
}

/** Another writer changed the item since it was read: read again, decide again, write again. */
export class ConflictError extends Error {
  override readonly name = 'ConflictError' as const;
  readonly key: string;
  constructor(key: string, options?: ErrorOptions) {
    super(`state item ${key} was changed by another writer; read it again and retry`, options);
    this.key = key;
  }
}
