import { MemoryFindingStore } from '../../lib/memory-stores.ts';
import { notificationFor, type Notification } from '../../lib/notification.ts';
import { severityRank, findingSchema, type Finding } from '../../lib/finding.ts';
import type { DeadLetter, DeadLetters } from '../../lib/dead-letter.ts';
import { ConflictError, type FindingStore, type StateItem, type StateStore } from '../../lib/store.ts';
import type { Publish } from '../../lambdas/sns-publisher.ts';
import { pushMark } from '../../lambdas/tables.ts';
import type { Fallible, Process } from './fallible.ts';

/** A change of a finding, as the table's stream has it. */
export interface Change {
  readonly before: Finding | undefined;
  readonly after: Finding;
}

/** State on top of what was learned, which is never changed. */
export class LayeredState implements StateStore {
  /** What was written since. */
  readonly written = new Map<string, StateItem>();
  readonly #learned: ReadonlyMap<string, StateItem>;

  constructor(learned: ReadonlyMap<string, StateItem>) {
    this.#learned = learned;
  }

  read(keys: readonly string[]): Promise<Map<string, StateItem>> {
    return Promise.resolve(new Map(keys.flatMap((key): [string, StateItem][] => {
      const item = this.written.get(key) ?? this.#learned.get(key);
      return item ? [[key, item]] : [];
    })));
  }

  write(key: string, bytes: Uint8Array, expectedVersion: number): Promise<void> {
    const version = (this.written.get(key) ?? this.#learned.get(key))?.version ?? 0;
    if (version !== expectedVersion) return Promise.reject(new ConflictError(key));
    this.written.set(key, { bytes, version: version + 1 });
    return Promise.resolve();
  }
}

/** Where a world keeps what it is given. */
export interface Stores {
  /** With what was written, as it is once `settle` was called. */
  readonly state: StateStore & { readonly written: Map<string, StateItem> };
  /** Findings, of which each change is told. */
  readonly findingsWith: (onChange: (change: Change) => void) => FindingStore;
  readonly deadLetters: DeadLetters;
  readonly publish: Publish;
  /** Looks what is kept at the end: how many letters and mails there are. */
  settle(): Promise<{ readonly letters: number; readonly mails: number } | undefined>;
}

/** Keeps all in memory, on top of what was learned. */
export function memoryStores(learned: ReadonlyMap<string, StateItem>): Stores {
  return {
    state: new LayeredState(learned),
    findingsWith: (onChange) => new MemoryFindingStore((before, after) => { onChange({ before, after }); }),
    deadLetters: { send: () => Promise.resolve() },
    publish: () => Promise.resolve(),
    settle: () => Promise.resolve(undefined),
  };
}

/** A push of a finding: which one, how often it was pushed, how grave it was. */
export interface Push {
  readonly id: string;
  readonly count: number;
  readonly severity: Finding['severity'];
}

/** What a push is marked by. */
export function markOf({ id, count, severity }: Push): string {
  return `${pushMark}${id}#${String(count)}#${severity}`;
}

/** Whether a mail tells what a push is about, or more. */
export function tells(mail: Push, due: Push): boolean {
  return mail.id === due.id && mail.count >= due.count && severityRank(mail.severity) >= severityRank(due.severity);
}

function pushOf({ id, pushedAt, severity }: Finding): Push {
  return { id, count: pushedAt.length, severity };
}

/** The services, and all that became of them. */
export class World {
  readonly state: Stores['state'];
  readonly findings: FindingStore;
  readonly changes: Change[] = [];
  readonly due: Push[] = [];
  readonly mails: Push[] = [];
  /** What people read in the table, since they could not be told. */
  readonly readInTable: Push[] = [];
  readonly letters: DeadLetter[] = [];
  /** Deliveries by which each item of the state was written, in that order. */
  readonly writers = new Map<string, number[]>();
  /** How often publishing a push or marking it as sent went wrong. */
  readonly unsure = new Map<string, number>();

  readonly #stores: Stores;

  constructor(stores: Stores) {
    this.#stores = stores;
    this.state = stores.state;
    this.findings = stores.findingsWith((change) => {
      this.changes.push(change);
      if (notificationFor(change.before, change.after)) this.due.push(pushOf(change.after));
    });
  }

  /** Looks what the stores hold. What is wrong with it, in words. */
  async settle(): Promise<string[]> {
    const kept = await this.#stores.settle();
    if (!kept) return [];
    return [
      ...(kept.letters === this.letters.length ? [] : [`${String(kept.letters)} of ${String(this.letters.length)} dead letters are in the queue`]),
      ...(kept.mails === this.mails.length ? [] : [`${String(kept.mails)} of ${String(this.mails.length)} mails came out of the topic`]),
    ];
  }

  /** People read the findings whose changes could not be told. */
  read(untold: readonly Change[]): void {
    this.readInTable.push(...untold.map(({ after }) => pushOf(after)));
  }

  /** The ports of a process, through which calls may go wrong. */
  portsOf(process: Process, fallible: Fallible): { state: StateStore; findings: FindingStore; deadLetters: DeadLetters; publish: Publish } {
    const { state, findings } = this;
    const { deadLetters, publish } = this.#stores;
    return {
      state: {
        read: (keys) => fallible.call({ service: 'state', process, work: () => state.read(keys) }),
        write: (key, bytes, version) => fallible.call({ service: 'state', process, isWrite: true, work: this.#writing(key, process.deliveries, () => state.write(key, bytes, version)), onFault: () => { this.#doubt(key); } }),
      },
      findings: {
        put: (finding) => fallible.call({ service: 'findings', process, isWrite: true, work: () => findings.put(finding) }),
        get: (id) => fallible.call({ service: 'findings', process, work: () => findings.get(id) }),
        query: (query) => findings.query(query),
        setStatus: (id, status) => findings.setStatus(id, status),
      },
      deadLetters: { send: (letter) => fallible.call({ service: 'dead letters', process, isWrite: true, work: async () => { await deadLetters.send(letter); this.letters.push(letter); } }) },
      publish: (notification) => {
        const push = pushOfNotification(notification);
        return fallible.call({ service: 'topic', process, isWrite: true, work: async () => { await publish(notification); this.mails.push(push); }, onFault: () => { this.#doubt(markOf(push)); } });
      },
    };
  }

  #writing(key: string, deliveries: readonly number[], write: () => Promise<void>): () => Promise<void> {
    return async () => {
      await write();
      const writers = this.writers.get(key) ?? [];
      this.writers.set(key, [...new Set([...writers, ...deliveries])]);
    };
  }

  #doubt(key: string): void {
    if (key.startsWith(pushMark)) this.unsure.set(key, (this.unsure.get(key) ?? 0) + 1);
  }
}

function pushOfNotification({ json }: Notification): Push {
  return pushOf(findingSchema.parse(JSON.parse(json)));
}
