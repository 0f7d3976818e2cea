import type { AuditEvent } from '../audit/event.ts';
import { decodeGroup, encodeGroup } from '../baseline/codec.ts';
import { addVote, companionsOf, newGroup, type Group, type Vote } from '../baseline/group.ts';
import { listedDestination } from '../detectors/listed-destination.ts';
import type { Holder, LookUp } from '../egress/address-book.ts';
import { bytesText } from '../egress/bytes-text.ts';
import { conversationOf } from '../egress/conversation.ts';
import type { Destinations } from '../egress/destination.ts';
import { advanceFlows, learnFlow, newFlowBaseline, type FlowBaseline, type FlowFact } from '../egress/flow-baseline.ts';
import { decodeFlows, encodeFlows } from '../egress/flow-codec.ts';
import { flowRecordHash, isSent, type FlowRecord } from '../egress/flow-record.ts';
import { flowSignals, type FlowSurroundings } from '../egress/flow-scoring.ts';
import { senderOf, strangerAt, type Sender } from '../egress/sender.ts';
import type { ThreatList } from '../egress/threat-list.ts';
import { hash32 } from '../hash.ts';
import type { EpisodeEvidence, Signal } from '../scoring/episode.ts';
import type { Observation } from '../scoring/identity-state.ts';
import type { StateStore } from '../store.ts';
import { isoTime, windowOf, windowsPerDay } from '../time.ts';
import { Addresses } from './addresses.ts';
import { ContentionError, maxAttempts } from './contention.ts';
import type { Engine } from './engine.ts';
import { StateItems, type Held } from './state-items.ts';

/** How egress is looked at. */
export interface EgressOptions {
  readonly destinations: Destinations;
  /** Addresses known to be bad. */
  readonly threats?: ThreatList;
  /** Whether addresses of which nobody knows whose they are are looked at, each as a sender of its own. */
  readonly strangers?: boolean;
  /** Milliseconds since the epoch; records before it are only learned from. */
  readonly learnUntilEpochMs?: number;
}

/** What became of flow records. */
export interface FlowsProcessed {
  readonly records: number;
  /** Records of senders that nothing is known of: not of the cluster, or before anything told of them. */
  readonly unknown: number;
  readonly findings: number;
}

/** A flow record, who sent it, and what it says. */
interface Sent {
  readonly record: FlowRecord;
  readonly fact: FlowFact;
}

/** Ports inside that lead further: databases, queues, API servers, kubelets, etcd. */
const leadingPorts = new Set([1433, 1521, 2379, 3306, 5432, 5984, 6379, 6443, 7000, 8086, 9042, 9092, 9200, 10_250, 10_255, 11_211, 26_257, 27_017]);
/** What an address on a list counts for, in decades. */
const listedDecades = 6;
const keptDays = 90;
/** Who sends so much to a place that is new to it, in bytes, makes it no more usual for others. */
const leastWorthHiding = 2_000_000;

/**
 * Learns what workloads send from flow records, and tells the engine what is out of character. What it keeps is one item
 * for each workload, changed as the engine's items are: the same records again change nothing.
 */
export class Egress {
  readonly #engine: Engine;
  readonly #addresses: Addresses;
  readonly #flows: StateItems<FlowBaseline>;
  readonly #groups: StateItems<Group>;
  readonly #options: EgressOptions;
  #last: Promise<unknown> = Promise.resolve();

  constructor(engine: Engine, state: StateStore, options: EgressOptions) {
    this.#engine = engine;
    this.#addresses = new Addresses(state);
    this.#flows = new StateItems(state, { encode: encodeFlows, decode: decodeFlows });
    this.#groups = new StateItems(state, { encode: encodeGroup, decode: decodeGroup });
    this.#options = options;
  }

  /** Learns from audit events who has which address. */
  learnAddresses(cluster: string, events: readonly AuditEvent[]): Promise<void> {
    return this.#inTurn(() => this.#addresses.learn(cluster, events));
  }

  /**
   * Takes in flow records. Deliveries are worked on one after the other.
   * @throws whatever a store throws, and `ContentionError`; the same records can then be given again.
   */
  process(cluster: string, records: readonly FlowRecord[]): Promise<FlowsProcessed> {
    return this.#inTurn(() => this.#process(cluster, records));
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }

  async #process(cluster: string, records: readonly FlowRecord[]): Promise<FlowsProcessed> {
    const sent = records.filter((record) => isSent(record) && this.#options.destinations.of(record.sourceAddress).place === 'inside').sort((one, other) => one.start - other.start);
    const book = await this.#addresses.bookFor(cluster, lookUpsOf(sent));
    const held = new Map<string, Holder | undefined>();
    const holderOf = (record: FlowRecord): Holder | undefined => {
      const key = `${record.sourceAddress} ${String(record.start)} ${record.interfaceId}`;
      if (!held.has(key)) held.set(key, book.holderAt(lookUpOf(record)));
      return held.get(key);
    };
    await this.#addresses.learnInterfaces(cluster, sent.map((record) => [record, holderOf(record)] as const));
    const byWorkload = new Map<string, { sender: Sender; records: FlowRecord[] }>();
    let unknown = 0;
    for (const record of sent) {
      const holder = holderOf(record);
      if (!holder) unknown += 1;
      const sender = holder ? senderOf(holder) : this.#options.strangers === true ? strangerAt(record.sourceAddress) : undefined;
      if (!sender) continue;
      const known = byWorkload.get(sender.workload);
      if (known) known.records.push(record);
      else byWorkload.set(sender.workload, { sender, records: [record] });
    }
    let findings = 0;
    for (const { sender, records: some } of byWorkload.values()) findings += await this.#learn(cluster, sender, some);
    return { records: records.length, unknown, findings };
  }

  /** What is told is told first: if the item's write fails, the records come again, and it is found to be told. */
  async #learn(cluster: string, sender: Sender, records: readonly FlowRecord[]): Promise<number> {
    const key = `flows|${cluster}|${sender.workload}`;
    const groupKey = `flows|${cluster}`;
    const sent = records.map((record): Sent => ({ record, fact: this.#factOf(record) }));
    let findings = 0;
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      const held = (await this.#flows.take([key])).get(key) as Held<FlowBaseline>;
      const group = (await this.#groups.take([groupKey])).get(groupKey) as Held<Group>;
      const baseline = (held.state ??= newFlowBaseline());
      const { observations, changed, votes } = this.#observe(baseline, sender, sent, group.state);
      if (group.version > 0) this.#groups.release(groupKey, group);
      if (!changed) { if (held.version > 0) this.#flows.release(key, held); return findings; }
      if (observations.length > 0) findings += await this.#engine.observe(cluster, observations);
      await this.#vote(groupKey, votes);
      const latest = records.reduce((most, { end }) => Math.max(most, end), 0);
      if (await this.#flows.save(key, held, latest + keptDays * 24 * 60 * 60)) return findings;
    }
    throw new ContentionError(key);
  }

  #observe(baseline: FlowBaseline, sender: Sender, sent: readonly Sent[], group: Group | undefined): { observations: Observation[]; changed: boolean; votes: Vote[] } {
    const surroundings: FlowSurroundings = { companions: (destination, window) => (group ? companionsOf(group, { trait: `destination|${destination}`, identity: sender.workload, window }) : nobody) };
    const observations: Observation[] = [];
    const votes: Vote[] = [];
    let changed = false;
    for (const one of sent) {
      const before = baseline.folded;
      advanceFlows(baseline, one.fact.window);
      votes.push(...votesOf(baseline, sender, before));
      if (!learnFlow(baseline, one.fact)) continue;
      changed = true;
      if (one.record.end * 1000 < (this.#options.learnUntilEpochMs ?? -Infinity)) continue;
      const signals = [...flowSignals(baseline, one.fact, surroundings), ...this.#listed(one)];
      if (signals.length > 0) observations.push(observationOf(sender, one, signals));
    }
    return { observations, changed, votes };
  }

  #listed({ record, fact }: Sent): Signal[] {
    const entry = this.#options.threats?.addressEntry(record.destinationAddress);
    if (entry === undefined) return [];
    return [{ key: `${listedDestination.id}|${record.destinationAddress}`, detector: listedDestination.id, group: 'egress', decades: listedDecades, words: `sent ${bytesText(record.bytes)} to ${record.destinationAddress}, which is on a list of bad addresses`, why: `the list has ${entry}`, elsewhere: false, window: fact.window }];
  }

  async #vote(key: string, votes: readonly Vote[]): Promise<void> {
    if (votes.length === 0) return;
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      const held = (await this.#groups.take([key])).get(key) as Held<Group>;
      const group = (held.state ??= newGroup());
      const changed = votes.map((vote) => addVote(group, vote)).includes(true);
      if (!changed) { if (held.version > 0) this.#groups.release(key, held); return; }
      if (await this.#groups.save(key, held)) return;
    }
    throw new ContentionError(key);
  }

  #factOf(record: FlowRecord): FlowFact {
    const { destinationAddress, bytes, start, accepted } = record;
    const { place, block } = this.#options.destinations.of(destinationAddress);
    const { sourceIsClient, servicePort } = conversationOf(record);
    const isOutside = place === 'internet' || place === 'aws-service';
    return {
      window: windowOf(start * 1000),
      hash: flowRecordHash({ ...record, interfaceId: '' }),
      bytes,
      // Whoever asks a public service comes from anywhere: the answers to all of them count as one.
      destination: isOutside ? (sourceIsClient ? block : `callers of port ${String(servicePort)}`) : undefined,
      address: isOutside && !sourceIsClient ? `callers of its port ${String(servicePort)}` : destinationAddress,
      port: servicePort,
      service: place === 'inside' && sourceIsClient ? `${destinationAddress}:${String(servicePort)}` : undefined,
      leadsFurther: leadingPorts.has(servicePort),
      accepted,
    };
  }
}

const nobody = { members: 0, doing: 0, values: 0, votes: 0 };

function lookUpOf({ sourceAddress, start, end, interfaceId }: FlowRecord): LookUp {
  return { address: sourceAddress, start, end, interfaceId };
}

function lookUpsOf(records: readonly FlowRecord[]): LookUp[] {
  return [...new Map(records.map((record) => [`${record.sourceAddress} ${record.interfaceId}`, lookUpOf(record)])).values()];
}

/** Once a window is over, the others hear of the destinations that came up in it, but for those that much was sent to at once. */
function votesOf({ destinations, folded, active }: FlowBaseline, { workload }: Sender, before: number): Vote[] {
  if (folded === before) return [];
  const isUsual = (first: number, early: number): boolean => early < leastWorthHiding || first - (active?.first ?? first) < windowsPerDay;
  const fresh = [...destinations].filter(([, { first, early }]) => first > before && first <= folded && isUsual(first, early));
  return fresh.map(([destination, { first }]) => ({ identity: workload, window: first, traits: [`destination|${destination}`] }));
}

function observationOf({ workload, identity, pods, doubt }: Sender, { record, fact }: Sent, signals: readonly Signal[]): Observation {
  const { sourceAddress, destinationAddress, start, end, bytes } = record;
  const time = end * 1000;
  const flow = { srcAddr: sourceAddress, dstAddr: destinationAddress, start, bytes, workload: workload.slice(0, 320) };
  const auditId = `flow ${String(hash32(JSON.stringify([sourceAddress, destinationAddress, start])))}`;
  const request = `${workload} sent ${bytesText(bytes)} from ${sourceAddress} to ${destinationAddress} port ${String(fact.port)}${record.accepted ? '' : ', which was refused'}`;
  const evidence: EpisodeEvidence = { auditId, time: isoTime(start * 1000), request: request.slice(0, 300), flow };
  const said = signals.map((signal) => ({
    ...signal,
    words: `${signal.words} (${workload})`,
    why: doubt === '' ? signal.why : `${signal.why}; ${doubt}`,
  }));
  return { identity, username: identity.id, awsRole: '', credential: '', address: '', pod: pods, time, order: isoTime(time), auditId, signals: said, evidence: [evidence] };
}
