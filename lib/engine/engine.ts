import type { AuditEvent } from '../audit/event.ts';
import { requestsOf, type ApiRequest } from '../audit/request.ts';
import { decodeGroup, decodeIdentity, encodeGroup, encodeIdentity, type IdentityState } from '../baseline/codec.ts';
import { addVote, companionsOf, groupSince, newGroup, type Group, type Vote } from '../baseline/group.ts';
import { findingOf } from '../finding-of.ts';
import type { Finding } from '../finding.ts';
import { isOver } from '../scoring/episode.ts';
import { applyRequest, takeDueTraits } from '../scoring/identity-state.ts';
import type { Surroundings } from '../scoring/scoring.ts';
import type { Companions } from '../scoring/surprise.ts';
import { StateItems, type Held } from './state-items.ts';
import { groupKeysOf, identityKey } from './state-keys.ts';
import type { FindingStore, StateStore } from '../store.ts';
import { windowOf } from '../time.ts';

/** What the engine needs of the outside. */
export interface EnginePorts {
  readonly state: StateStore;
  readonly findings: FindingStore;
}

/** Events that came together. */
export interface Delivery {
  readonly cluster: string;
  readonly events: readonly AuditEvent[];
}

/** What became of a delivery. */
export interface Processed {
  /** Requests, each counted once though it came in several stages. */
  readonly requests: number;
  /** Findings written or changed. */
  readonly findings: number;
}

/** How an engine works. */
export interface EngineOptions {
  /** Milliseconds since the epoch; requests before it are only learned from. */
  readonly learnUntilEpochMs?: number;
}

/** An identity is forgotten so long after it was last seen. */
const keptMs = 90 * 24 * 60 * 60 * 1000;
const maxAttempts = 20;

/** All that one delivery works on. */
interface Work {
  readonly cluster: string;
  readonly identities: Map<string, Held<IdentityState>>;
  readonly groups: Map<string, Held<Group>>;
  /** Not saved yet, by key of the group. */
  readonly votes: Map<string, Vote[]>;
  /** Keys of identities with something to save. */
  readonly changed: Set<string>;
  /** Findings of episodes that ended within the delivery, not written yet, by key of the identity. */
  readonly ended: Map<string, Finding[]>;
}

/**
 * Learns from deliveries and keeps findings up to date. All that it keeps of an identity is one item, and what is
 * added to it is a set union or a maximum: the same delivery again changes nothing, a delivery that failed half-way
 * can be given again, and several engines may work on one store at once.
 */
export class Engine {
  readonly #findings: FindingStore;
  readonly #identities: StateItems<IdentityState>;
  readonly #groups: StateItems<Group>;
  readonly #learnUntil: number;
  #last: Promise<unknown> = Promise.resolve();

  constructor({ state, findings }: EnginePorts, { learnUntilEpochMs = -Infinity }: EngineOptions = {}) {
    this.#findings = findings;
    this.#identities = new StateItems(state, { encode: encodeIdentity, decode: decodeIdentity });
    this.#groups = new StateItems(state, { encode: encodeGroup, decode: decodeGroup });
    this.#learnUntil = learnUntilEpochMs;
  }

  /**
   * Takes in a delivery. Deliveries are worked on one after the other.
   * @throws whatever a store throws, and `ContentionError`; the same delivery can then be given again.
   */
  process(delivery: Delivery): Promise<Processed> {
    const done = this.#last.then(() => this.#process(delivery));
    this.#last = done.catch(() => undefined);
    return done;
  }

  async #process({ cluster, events }: Delivery): Promise<Processed> {
    const requests = requestsOf(events).sort(byTime);
    if (requests.length === 0) return { requests: 0, findings: 0 };
    const work = await this.#take(cluster, requests);
    for (const slice of Map.groupBy(requests, ({ time }) => windowOf(time)).values()) {
      for (const [id, ofIdentity] of byIdentity(slice)) this.#apply(work, id, ofIdentity);
    }
    // Groups first: what an identity's item says was told to its peers has then been told.
    await this.#saveGroups(work);
    let findings = 0;
    for (const [id, ofIdentity] of byIdentity(requests)) findings += await this.#saveIdentity(work, id, ofIdentity);
    for (const [key, held] of work.groups) this.#groups.release(key, held);
    return { requests: requests.length, findings };
  }

  async #take(cluster: string, requests: readonly ApiRequest[]): Promise<Work> {
    return {
      cluster,
      identities: await this.#identities.take(requests.map(({ identity }) => identityKey(cluster, identity.id))),
      groups: await this.#groups.take(requests.flatMap(({ identity }) => groupKeysOf(cluster, identity))),
      votes: new Map(),
      changed: new Set(),
      ended: new Map(),
    };
  }

  #apply(work: Work, id: string, requests: readonly ApiRequest[]): void {
    for (const [window, slice] of Map.groupBy(requests, ({ time }) => windowOf(time))) this.#applySlice(work, id, { window, requests: slice });
  }

  #applySlice(work: Work, id: string, { window, requests }: { window: number; requests: readonly ApiRequest[] }): void {
    const [first] = requests;
    if (!first) return;
    const key = identityKey(work.cluster, id);
    const held = work.identities.get(key) as Held<IdentityState>;
    const groups = groupKeysOf(work.cluster, first.identity);
    const surroundings = surroundingsOf(work, groups, id);
    if (held.state?.episode && isOver(held.state.episode, window)) keepEnded(work, id, held.state);
    // What is told is settled before the window begins, however many deliveries its requests come in.
    const due = held.state ? takeDueTraits(held.state, window, groups.length) : [];
    if (due.some((traits) => traits.length > 0)) work.changed.add(key);
    for (const [index, group] of groups.entries()) if (due[index]) castVote(work, group, { identity: id, window, traits: due[index] });
    for (const request of requests) {
      const { state, changed } = applyRequest(held.state, request, surroundings, request.time < this.#learnUntil);
      held.state = state;
      if (changed) work.changed.add(key);
    }
  }

  async #saveGroups(work: Work): Promise<void> {
    for (const [key, votes] of work.votes) {
      let held = work.groups.get(key) as Held<Group>;
      for (let attempt = 1; !(await this.#groups.save(key, held)); attempt++) {
        if (attempt === maxAttempts) throw new ContentionError(key);
        held = (await this.#groups.take([key])).get(key) as Held<Group>;
        held.state ??= newGroup();
        for (const one of votes) addVote(held.state, one);
      }
      work.groups.set(key, { ...held, version: held.version + 1 });
    }
    work.votes.clear();
  }

  /** The finding first: if the item's write fails, the delivery comes again and the finding is found to be there. */
  async #saveIdentity(work: Work, id: string, requests: readonly ApiRequest[]): Promise<number> {
    const key = identityKey(work.cluster, id);
    const last = requests.reduce((latest, { time }) => Math.max(latest, time), 0);
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      const held = work.identities.get(key) as Held<IdentityState>;
      if (!work.changed.has(key) || !held.state) {
        this.#identities.release(key, held);
        return 0;
      }
      const finding = findingOf({ cluster: work.cluster, identity: id }, held.state);
      let written = 0;
      for (const one of [...(work.ended.get(key) ?? []), ...(finding ? [finding] : [])]) written += Number(await this.#findings.put(one));
      if (await this.#identities.save(key, held, Math.ceil((last + keptMs) / 1000))) return written;
      work.changed.delete(key);
      work.ended.delete(key);
      work.identities.set(key, (await this.#identities.take([key])).get(key) as Held<IdentityState>);
      this.#apply(work, id, requests);
      await this.#saveGroups(work);
    }
    throw new ContentionError(key);
  }
}

function byTime(one: ApiRequest, other: ApiRequest): number {
  if (one.order !== other.order) return one.order < other.order ? -1 : 1;
  return one.auditId < other.auditId ? -1 : 1;
}

function byIdentity(requests: readonly ApiRequest[]): Map<string, ApiRequest[]> {
  return Map.groupBy(requests, ({ identity }) => identity.id);
}

/** A long delivery can hold the end of one episode and the next one: what it added to the first must be written too. */
function keepEnded(work: Work, id: string, state: IdentityState): void {
  const key = identityKey(work.cluster, id);
  const finding = work.changed.has(key) ? findingOf({ cluster: work.cluster, identity: id }, state) : undefined;
  if (finding) work.ended.set(key, [...(work.ended.get(key) ?? []), finding]);
}

function surroundingsOf(work: Work, groups: readonly string[], identity: string): Surroundings {
  const states = groups.map((key) => work.groups.get(key)?.state);
  return {
    companions: (trait, window) => states.map((group) => (group ? companionsOf(group, { trait, identity, window }) : nobody)),
    clusterSince: () => { const cluster = states.at(-1); return cluster && groupSince(cluster); },
  };
}

/** What a group without members says. */
const nobody: Companions = { members: 0, doing: 0, values: 0, votes: 0 };

function castVote(work: Work, key: string, vote: Vote): void {
  const held = work.groups.get(key) as Held<Group>;
  held.state ??= newGroup();
  if (addVote(held.state, vote)) work.votes.set(key, [...(work.votes.get(key) ?? []), vote]);
}

/** Others changed an item each time it was about to be written: give the delivery again. */
export class ContentionError extends Error {
  override readonly name = 'ContentionError' as const;
  readonly key: string;
  constructor(key: string, options?: ErrorOptions) {
    super(`state item ${key} was changed by others in each of ${String(maxAttempts)} attempts to write it`, options);
    this.key = key;
  }
}
