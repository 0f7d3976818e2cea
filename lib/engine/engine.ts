import type { AuditEvent } from '../audit/event.ts';
import { requestsOf, type ApiRequest } from '../audit/request.ts';
import { decodeGroup, decodeIdentity, decodeLeads, encodeGroup, encodeIdentity, encodeLeads, type IdentityState } from '../baseline/codec.ts';
import { addVote, companionsOf, groupSince, newGroup, type Group, type Vote } from '../baseline/group.ts';
import { findingOf } from '../finding-of.ts';
import { isOver } from '../scoring/episode.ts';
import { applyObservation, applyRequest, takeDueTraits, type Observation } from '../scoring/identity-state.ts';
import { addLead, leadTo, makingOf, type Leads } from '../scoring/leads.ts';
import type { Surroundings } from '../scoring/scoring.ts';
import type { Companions } from '../scoring/surprise.ts';
import { ContentionError, maxAttempts } from './contention.ts';
import { StateItems, type Held } from './state-items.ts';
import { groupKeysOf, identityKey, identityOfKey, leadsKey } from './state-keys.ts';
import { followStory, noteNewObject, retellStories, tellerOf } from './stories.ts';
import type { FindingStore, StateStore } from '../store.ts';
import { dayMs, windowOf } from '../time.ts';
import type { Work } from './work.ts';

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
  /** Who made them. */
  readonly identities: number;
  /** Findings written or changed. */
  readonly findings: number;
}

/** How an engine works. */
export interface EngineOptions {
  /** Milliseconds since the epoch; requests before it are only learned from. */
  readonly learnUntilEpochMs?: number;
}

/** Something that an identity did. */
type Deed = ApiRequest | Observation;

/** An identity is forgotten so long after it was last seen. */
const keptMs = 90 * dayMs;
/** Leads are cold long before. */
const leadsKeptMs = 2 * dayMs;

/**
 * Learns from deliveries and keeps findings up to date. All that it keeps of an identity is one item, and what is
 * added to it is a set union or a maximum: the same delivery again changes nothing, a delivery that failed half-way
 * can be given again, and several engines may work on one store at once.
 */
export class Engine {
  readonly #findings: FindingStore;
  readonly #identities: StateItems<IdentityState>;
  readonly #groups: StateItems<Group>;
  readonly #leads: StateItems<Leads>;
  readonly #learnUntil: number;
  #last: Promise<unknown> = Promise.resolve();

  constructor({ state, findings }: EnginePorts, { learnUntilEpochMs = -Infinity }: EngineOptions = {}) {
    this.#findings = findings;
    this.#identities = new StateItems(state, { encode: encodeIdentity, decode: decodeIdentity });
    this.#groups = new StateItems(state, { encode: encodeGroup, decode: decodeGroup });
    this.#leads = new StateItems(state, { encode: encodeLeads, decode: decodeLeads });
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

  /**
   * Takes in what was observed of identities elsewhere than in the audit log.
   * @returns how many findings were written or changed.
   * @throws as `process` does; the same can then be given again.
   */
  observe(cluster: string, observations: readonly Observation[]): Promise<number> {
    const done = this.#last.then(() => this.#takeIn(cluster, observations.toSorted(byTime)));
    this.#last = done.catch(() => undefined);
    return done;
  }

  async #process({ cluster, events }: Delivery): Promise<Processed> {
    const requests = requestsOf(events).sort(byTime);
    return { requests: requests.length, identities: byIdentity(requests).size, findings: await this.#takeIn(cluster, requests) };
  }

  async #takeIn(cluster: string, requests: readonly Deed[]): Promise<number> {
    if (requests.length === 0) return 0;
    const work = await this.#take(cluster, requests);
    this.#apply(work, requests);
    // Groups first: what an identity's item says was told to its peers has then been told.
    await this.#saveGroups(work);
    await this.#saveLeads(work, requests);
    const findings = await this.#saveIdentities(work, requests);
    for (const [key, held] of work.groups) this.#groups.release(key, held);
    this.#leads.release(leadsKey(cluster), work.leads);
    return findings;
  }

  async #take(cluster: string, requests: readonly Deed[]): Promise<Work> {
    const key = leadsKey(cluster);
    const [leads, groups] = await Promise.all([
      this.#leads.take([key]),
      this.#groups.take(requests.flatMap(({ identity }) => groupKeysOf(cluster, identity))),
    ]);
    const held = leads.get(key) as Held<Leads>;
    const tellers = requests.flatMap((request) => (held.state ? (leadTo(held.state, request)?.story.identity ?? []) : []));
    const identities = await this.#identities.take([...requests.map(({ identity }) => identity.id), ...tellers].map((id) => identityKey(cluster, id)));
    const work = { cluster, identities, groups, leads: held, newLeads: new Map(), votes: new Map(), changed: new Set<string>(), ended: new Map() };
    await this.#takeTellers(work);
    return work;
  }

  /** A part of a story cannot be worked on without the episode that it is told in. */
  async #takeTellers({ cluster, identities }: Work): Promise<void> {
    const stories = [...identities.values()].flatMap(({ state }) => (state?.episode?.story ? [identityKey(cluster, state.episode.story.identity)] : []));
    const missing = stories.filter((key) => !identities.has(key));
    if (missing.length > 0) for (const [key, held] of await this.#identities.take(missing)) identities.set(key, held);
  }

  #apply(work: Work, requests: readonly Deed[]): void {
    for (const [window, slice] of Map.groupBy(requests, ({ time }) => windowOf(time))) {
      const surroundings = new Map([...byIdentity(slice)].map(([id, ofIdentity]) => [id, this.#enter(work, window, ofIdentity)]));
      for (const request of slice) this.#applyRequest(work, request, surroundings.get(request.identity.id) as Surroundings);
    }
  }

  /** Settles, before an identity's requests of a window, what it is compared with. */
  #enter(work: Work, window: number, [first]: readonly Deed[]): Surroundings {
    const { identity } = first as Deed;
    const isObserved = 'signals' in (first as Deed);
    const key = identityKey(work.cluster, identity.id);
    const { state } = work.identities.get(key) as Held<IdentityState>;
    const groups = groupKeysOf(work.cluster, identity);
    if (state?.episode && isOver(state.episode, window)) keepEnded(work, identity.id, state);
    // What is told is settled before the window begins, however many deliveries its requests come in; what is only observed tells nothing.
    const due = state && !isObserved ? takeDueTraits(state, window, groups.length) : [];
    if (due.some((traits) => traits.length > 0)) work.changed.add(key);
    for (const [index, group] of groups.entries()) if (due[index]) castVote(work, group, { identity: identity.id, window, traits: due[index] });
    return surroundingsOf(work, groups, identity.id);
  }

  #applyRequest(work: Work, request: Deed, surroundings: Surroundings): void {
    const key = identityKey(work.cluster, request.identity.id);
    const held = work.identities.get(key) as Held<IdentityState>;
    const { state, changed, signals } = 'signals' in request ? applyObservation(held.state, request, surroundings) : applyRequest(held.state, request, surroundings, request.time < this.#learnUntil);
    held.state = state;
    if (changed) work.changed.add(key);
    if (!('signals' in request)) noteNewObject(work, request, state);
    if (state.episode && signals.length > 0) followStory(work, { request, key, signals, state });
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

  async #saveLeads(work: Work, requests: readonly Deed[]): Promise<void> {
    if (work.newLeads.size === 0) return;
    const key = leadsKey(work.cluster);
    const expiresAt = Math.ceil((latestOf(requests) + leadsKeptMs) / 1000);
    for (let attempt = 1; !(await this.#leads.save(key, work.leads, expiresAt)); attempt++) {
      if (attempt === maxAttempts) throw new ContentionError(key);
      work.leads = (await this.#leads.take([key])).get(key) as Held<Leads>;
      work.leads.state ??= new Map();
      for (const [target, lead] of work.newLeads) addLead(work.leads.state, target, lead);
    }
    work.leads = { ...work.leads, version: work.leads.version + 1 };
    work.newLeads.clear();
  }

  /** Those in whose episodes others are told come first: what is a part of a story is lost unless the story has it. */
  async #saveIdentities(work: Work, requests: readonly Deed[]): Promise<number> {
    const of = byIdentity(requests);
    const isPart = (key: string): boolean => work.identities.get(key)?.state?.episode?.story !== undefined;
    const keys = [...work.identities.keys()];
    let findings = 0;
    for (const key of [...keys.filter((one) => !isPart(one)), ...keys.filter(isPart)]) findings += await this.#saveIdentity(work, key, of);
    return findings;
  }

  /** The finding first: if the item's write fails, the delivery comes again and the finding is found to be there. */
  async #saveIdentity(work: Work, key: string, of: ReadonlyMap<string, readonly Deed[]>): Promise<number> {
    const id = identityOfKey(work.cluster, key);
    const requests = of.get(id) ?? [];
    let written = 0;
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      const held = work.identities.get(key) as Held<IdentityState>;
      if (!work.changed.has(key) || !held.state) {
        this.#identities.release(key, held);
        return written;
      }
      const finding = findingOf({ cluster: work.cluster, identity: id }, held.state);
      for (const one of [...(work.ended.get(key) ?? []), ...(finding ? [finding] : [])]) written += Number(await this.#findings.put(one));
      const expiresAt = Math.ceil((lastSeenOf(held.state, requests) + keptMs) / 1000);
      if (await this.#identities.save(key, held, expiresAt)) return written;
      written += await this.#again(work, key, of);
    }
    throw new ContentionError(key);
  }

  /** Another has changed an identity's item: all that concerns it is done again on what is there now. */
  async #again(work: Work, key: string, of: ReadonlyMap<string, readonly Deed[]>): Promise<number> {
    const story = work.identities.get(key)?.state?.episode?.story;
    const teller = story && identityKey(work.cluster, story.identity);
    // The story's copy may be saved and kept for others already: what is added must go to a fresh one.
    const keys = teller ? [key, teller] : [key];
    for (const [one, held] of await this.#identities.take(keys)) work.identities.set(one, held);
    for (const one of keys) work.changed.delete(one);
    work.ended.delete(key);
    await this.#takeTellers(work);
    this.#apply(work, of.get(identityOfKey(work.cluster, key)) ?? []);
    retellStories(work, key);
    await this.#saveGroups(work);
    return teller ? await this.#saveIdentity(work, teller, of) : 0;
  }
}

function byTime(one: Deed, other: Deed): number {
  if (one.order !== other.order) return one.order < other.order ? -1 : 1;
  return one.auditId < other.auditId ? -1 : 1;
}

function byIdentity(requests: readonly Deed[]): Map<string, Deed[]> {
  return Map.groupBy(requests, ({ identity }) => identity.id);
}

/** A long delivery can hold the end of one episode and the next one: what it added to the first must be written too. */
function keepEnded(work: Work, id: string, state: IdentityState): void {
  const key = identityKey(work.cluster, id);
  const finding = work.changed.has(key) ? findingOf({ cluster: work.cluster, identity: id }, state) : undefined;
  if (finding) work.ended.set(key, [...(work.ended.get(key) ?? []), finding]);
}

function latestOf(requests: readonly Deed[]): number {
  return requests.reduce((latest, { time }) => Math.max(latest, time), 0);
}

/** One who is only told of others in a delivery has no request in it. */
function lastSeenOf({ episode }: IdentityState, requests: readonly Deed[]): number {
  return Math.max(latestOf(requests), episode?.lastSeen ?? 0);
}

function surroundingsOf(work: Work, groups: readonly string[], identity: string): Surroundings {
  const states = groups.map((key) => work.groups.get(key)?.state);
  return {
    companions: (trait, window) => states.map((group) => (group ? companionsOf(group, { trait, identity, window }) : nobody)),
    leadTo: (request) => work.leads.state && leadTo(work.leads.state, request),
    makingOf: (object, time) => work.leads.state && makingOf(work.leads.state, object, time),
    goesOn: (story, window) => tellerOf(work, story, window) !== undefined,
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
