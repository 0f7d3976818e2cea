import type { AuditEvent } from '../audit/event.ts';
import { decodeGroup, encodeGroup, pack, unpack } from '../baseline/codec.ts';
import { addVote, companionsOf, newGroup, type Group, type Vote } from '../baseline/group.ts';
import type { Holder, LookUp } from '../egress/address-book.ts';
import { bytesText } from '../egress/bytes-text.ts';
import { conversationOf } from '../egress/conversation.ts';
import { egressPort, insideScan, insideService, listedDestination } from '../egress/detectors.ts';
import type { Destinations } from '../egress/destination.ts';
import { advanceFlows, learnFlow, newFlowBaseline, type FlowBaseline, type FlowFact } from '../egress/flow-baseline.ts';
import { decodeFlows, encodeFlows } from '../egress/flow-codec.ts';
import { flowRecordHash, isSent, type FlowRecord } from '../egress/flow-record.ts';
import { flowSignals, type FlowSurroundings } from '../egress/flow-scoring.ts';
import { learnDomain, learnQuery } from '../egress/names/learn-query.ts';
import type { NameSignal } from '../egress/names/looked.ts';
import { isUsualInCluster, nameMaturity, newNameBaseline, type NameBaseline } from '../egress/names/name-baseline.ts';
import type { DnsQuery } from '../egress/query-log.ts';
import { senderOf, strangerAt, type Sender } from '../egress/sender.ts';
import type { ThreatList } from '../egress/threat-list.ts';
import { hash32 } from '../hash.ts';
import type { EpisodeEvidence, Signal } from '../scoring/episode.ts';
import type { Observation } from '../scoring/identity-state.ts';
import type { StateStore } from '../store.ts';
import { cleanLine } from '../text.ts';
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

/** What became of look-ups of names. */
export interface QueriesProcessed {
  readonly queries: number;
  /** Look-ups by askers that nothing is known of. */
  readonly unknown: number;
  readonly findings: number;
}

/** A flow record as a workload's: what it sent, or what it was answered with, which is turned so that its source is the workload. */
interface Told {
  readonly record: FlowRecord;
  readonly isAnswer: boolean;
}

/** A flow record and what it says. */
interface Sent {
  readonly record: FlowRecord;
  readonly fact: FlowFact;
}

/** Ports inside that lead further: databases, queues, API servers, kubelets, etcd. */
const leadingPorts = new Set([1433, 1521, 2379, 3306, 5432, 5984, 6379, 6443, 7000, 8086, 9042, 9092, 9200, 10_250, 10_255, 11_211, 26_257, 27_017]);
/** What an address on a list counts for, in decades. */
const listedDecades = 6;
/** To acknowledge less than that is little beside all that is told, in bytes. */
const leastAnswer = 1_000_000;
const keptSeconds = 90 * 24 * 60 * 60;
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
  readonly #names: StateItems<NameBaseline>;
  readonly #options: EgressOptions;
  #last: Promise<unknown> = Promise.resolve();

  constructor(engine: Engine, state: StateStore, options: EgressOptions) {
    this.#engine = engine;
    this.#addresses = new Addresses(state);
    this.#flows = new StateItems(state, { encode: encodeFlows, decode: decodeFlows });
    this.#groups = new StateItems(state, { encode: encodeGroup, decode: decodeGroup });
    this.#names = new StateItems<NameBaseline>(state, { encode: pack, decode: (bytes) => unpack(bytes, (names: NameBaseline) => names) });
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

  /**
   * Takes in look-ups of names. Deliveries are worked on one after the other.
   * @throws whatever a store throws, and `ContentionError`; the same look-ups can then be given again.
   */
  processQueries(cluster: string, queries: readonly DnsQuery[]): Promise<QueriesProcessed> {
    return this.#inTurn(() => this.#processQueries(cluster, queries));
  }

  async #processQueries(cluster: string, queries: readonly DnsQuery[]): Promise<QueriesProcessed> {
    const sorted = queries.toSorted((one, other) => one.time - other.time);
    const book = await this.#addresses.bookFor(cluster, sorted.map(askedAt));
    let unknown = 0;
    const byAsker = new Map<string, { sender: Sender; queries: DnsQuery[] }>();
    for (const query of sorted) {
      const sender = this.#senderAt(query.sourceAddress, book.holderAt(askedAt(query)));
      if (!sender) { unknown += 1; continue; }
      const known = byAsker.get(sender.workload);
      if (known) known.queries.push(query);
      else byAsker.set(sender.workload, { sender, queries: [query] });
    }
    let findings = 0;
    for (const { sender, queries: some } of byAsker.values()) findings += await this.#learnQueries(cluster, sender, some);
    return { queries: queries.length, unknown, findings };
  }

  #senderAt(address: string, holder: Holder | undefined): Sender | undefined {
    if (holder) return senderOf(holder);
    return this.#options.strangers === true ? strangerAt(address) : undefined;
  }

  /** What is told is told first, as of flows; the cluster's names come last, since they say what others did before. */
  async #learnQueries(cluster: string, sender: Sender, queries: readonly DnsQuery[]): Promise<number> {
    const [key, clusterKey] = [`names|${cluster}|${sender.workload}`, `names|${cluster}`];
    let findings = 0;
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      const held = (await this.#names.take([key])).get(key) as Held<NameBaseline>;
      const all = (await this.#names.take([clusterKey])).get(clusterKey) as Held<NameBaseline>;
      const [own, ofCluster] = [(held.state ??= newNameBaseline()), (all.state ??= newNameBaseline())];
      const { observations, changed } = this.#lookUps(own, ofCluster, { sender, queries });
      if (observations.length > 0) findings += await this.#engine.observe(cluster, observations);
      const isSaved = !changed.own || (await this.#names.save(key, held, lastOf(queries)));
      if (isSaved && (!changed.cluster || (await this.#names.save(clusterKey, all, lastOf(queries))))) return findings;
    }
    throw new ContentionError(key);
  }

  #lookUps(own: NameBaseline, ofCluster: NameBaseline, { sender, queries }: { sender: Sender; queries: readonly DnsQuery[] }): { observations: Observation[]; changed: { own: boolean; cluster: boolean } } {
    const observations: Observation[] = [];
    const changed = { own: false, cluster: false };
    for (const query of queries) {
      const window = windowOf(query.time);
      const isUsual = (domain: string): boolean => isUsualInCluster(ofCluster, own, { domain, window });
      const learned = learnQuery(own, query, { window, isUsual, threat: this.#options.threats?.domainEntry(query.name), clusterMaturity: nameMaturity(ofCluster, window) });
      changed.cluster = learnDomain(ofCluster, query, window) || changed.cluster;
      changed.own ||= learned.changed;
      const isScored = query.time >= (this.#options.learnUntilEpochMs ?? -Infinity);
      if (isScored && learned.signals.length > 0) observations.push(lookUpOf(sender, query, learned.signals));
    }
    return { observations, changed };
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }

  async #process(cluster: string, records: readonly FlowRecord[]): Promise<FlowsProcessed> {
    const told = records.flatMap((record): Told[] => {
      if (this.#isLargeAnswer(record)) return [{ record: turned(record), isAnswer: true }];
      return isSent(record) && this.#isInside(record.sourceAddress) ? [{ record, isAnswer: false }] : [];
    });
    // What was answered says how much of what was sent counts, so it comes first.
    told.sort((one, other) => one.record.start - other.record.start || Number(other.isAnswer) - Number(one.isAnswer));
    const book = await this.#addresses.bookFor(cluster, lookUpsOf(told.map(({ record }) => record)));
    const held = new Map<string, Holder | undefined>();
    const holderOf = (record: FlowRecord): Holder | undefined => {
      const key = `${record.sourceAddress} ${String(record.start)} ${record.interfaceId}`;
      if (!held.has(key)) held.set(key, book.holderAt(heldAt(record)));
      return held.get(key);
    };
    await this.#addresses.learnInterfaces(cluster, told.flatMap(({ record, isAnswer }) => (isAnswer ? [] : [[record, holderOf(record)] as const])));
    const byWorkload = new Map<string, { sender: Sender; told: Told[] }>();
    let unknown = 0;
    for (const one of told) {
      const holder = holderOf(one.record);
      if (!holder && !one.isAnswer) unknown += 1;
      const sender = this.#senderAt(one.record.sourceAddress, holder);
      if (!sender) continue;
      const known = byWorkload.get(sender.workload);
      if (known) known.told.push(one);
      else byWorkload.set(sender.workload, { sender, told: [one] });
    }
    let findings = 0;
    for (const { sender, told: some } of byWorkload.values()) findings += await this.#learn(cluster, sender, some);
    return { records: records.length, unknown, findings };
  }

  /** What is told is told first: if the item's write fails, the records come again, and it is found to be told. */
  async #learn(cluster: string, sender: Sender, told: readonly Told[]): Promise<number> {
    const key = `flows|${cluster}|${sender.workload}`;
    const groupKey = `flows|${cluster}`;
    const sent = told.map((one): Sent => ({ record: one.record, fact: this.#factOf(one) }));
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
      if (await this.#flows.save(key, held, told.reduce((latest, { record }) => Math.max(latest, record.end), 0) + keptSeconds)) return findings;
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
      if (one.fact.isAnswer === true) continue;
      if (one.record.end * 1000 < (this.#options.learnUntilEpochMs ?? -Infinity)) continue;
      const signals = [...flowSignals(baseline, one.fact, surroundings).filter(({ detector }) => !isMixed(sender) || !ofOneWorkload.has(detector)), ...this.#listed(one)];
      if (signals.length > 0) observations.push(observationOf(sender, one, signals));
    }
    return { observations, changed, votes };
  }

  #listed({ record, fact }: Sent): Signal[] {
    const entry = this.#options.threats?.addressEntry(record.destinationAddress);
    if (entry === undefined) return [];
    return [{ key: `${listedDestination.id}|${record.destinationAddress}`, detector: listedDestination.id, group: 'egress', decades: listedDecades, words: `sent ${bytesText(record.bytes)} to ${this.#named(record.destinationAddress)}, which is on a list of bad addresses`, why: `the list has ${entry}`, elsewhere: false, window: fact.window }];
  }

  async #vote(key: string, votes: readonly Vote[]): Promise<void> {
    if (votes.length > 0) await this.#groups.update(key, newGroup, (group) => votes.map((vote) => addVote(group, vote)).includes(true));
  }

  #named(address: string): string {
    const { aws } = this.#options.destinations.of(address);
    return aws ? `${address} (AWS ${aws.service}, ${aws.region})` : address;
  }

  #isInside(address: string): boolean {
    return this.#options.destinations.of(address).place === 'inside';
  }

  /** Whether a server outside answered with so much that to acknowledge it counts. */
  #isLargeAnswer(record: FlowRecord): boolean {
    if (record.bytes < leastAnswer || record.direction === 'egress' || !record.accepted || conversationOf(record).sourceIsClient) return false;
    const { place } = this.#options.destinations.of(record.sourceAddress);
    return (place === 'internet' || place === 'aws-service') && this.#isInside(record.destinationAddress);
  }

  #factOf({ record, isAnswer }: Told): FlowFact {
    const { destinationAddress, bytes, start, accepted } = record;
    const { place, block, name } = this.#options.destinations.of(destinationAddress);
    const { sourceIsClient, servicePort } = isAnswer ? { sourceIsClient: true, servicePort: record.destinationPort } : conversationOf(record);
    const isOutside = place === 'internet' || place === 'aws-service';
    return {
      window: windowOf(start * 1000),
      hash: flowRecordHash({ ...record, interfaceId: isAnswer ? 'answer' : '' }),
      bytes,
      isAnswer,
      // Whoever asks a public service comes from anywhere: the answers to all of them count as one.
      destination: isOutside ? (sourceIsClient ? name : `callers of port ${String(servicePort)}`) : undefined,
      formerly: name === block ? undefined : block,
      address: isOutside && !sourceIsClient ? `callers of its port ${String(servicePort)}` : this.#named(destinationAddress),
      port: servicePort,
      service: place === 'inside' && sourceIsClient ? `${destinationAddress}:${String(servicePort)}` : undefined,
      leadsFurther: leadingPorts.has(servicePort),
      accepted,
    };
  }
}

/** What is new for a node is seldom more than another pod on it. */
const ofOneWorkload = new Set([egressPort.id, insideService.id, insideScan.id]);

function isMixed({ workload }: Sender): boolean {
  return workload.startsWith('node/');
}

const nobody = { members: 0, doing: 0, values: 0, votes: 0 };

function turned(record: FlowRecord): FlowRecord {
  const { sourceAddress, destinationAddress, sourcePort, destinationPort } = record;
  return { ...record, sourceAddress: destinationAddress, destinationAddress: sourceAddress, sourcePort: destinationPort, destinationPort: sourcePort };
}

function heldAt({ sourceAddress, start, end, interfaceId }: FlowRecord): LookUp {
  return { address: sourceAddress, start, end, interfaceId };
}

function lookUpsOf(records: readonly FlowRecord[]): LookUp[] {
  return [...new Map(records.map((record) => [`${record.sourceAddress} ${record.interfaceId}`, heldAt(record)])).values()];
}

/** Once a window is over, the others hear of the destinations that came up in it, but for those that much was sent to at once. */
function votesOf({ destinations, folded, active }: FlowBaseline, { workload }: Sender, before: number): Vote[] {
  if (folded === before) return [];
  const isUsual = (first: number, early: number): boolean => early < leastWorthHiding || first - (active?.first ?? first) < windowsPerDay;
  const fresh = [...destinations].filter(([, { first, early }]) => first > before && first <= folded && isUsual(first, early));
  return fresh.map(([destination, { first }]) => ({ identity: workload, window: first, traits: [`destination|${destination}`] }));
}

function observationOf(sender: Sender, { record, fact }: Sent, signals: readonly Signal[]): Observation {
  const { sourceAddress, destinationAddress, start, end, bytes } = record;
  const { workload } = sender;
  const flow = { srcAddr: sourceAddress, dstAddr: destinationAddress, start, bytes, workload: workload.slice(0, 320) };
  const auditId = `flow ${String(hash32(JSON.stringify([sourceAddress, destinationAddress, start])))}`;
  const request = `${workload} sent ${bytesText(bytes)} from ${sourceAddress} to ${destinationAddress} port ${String(fact.port)}${record.accepted ? '' : ', which was refused'}`;
  const evidence: EpisodeEvidence = { auditId, time: isoTime(start * 1000), request: request.slice(0, 300), traffic: true, flow };
  return { ...observedOf(sender, end * 1000), auditId, signals: signals.map((signal) => ({ ...signal, ...saidOf(sender, signal) })), evidence: [evidence] };
}

function askedAt({ sourceAddress, time }: DnsQuery): LookUp {
  const second = Math.floor(time / 1000);
  return { address: sourceAddress, start: second, end: second };
}

/** When the items of look-ups may be forgotten, in seconds since the epoch. */
function lastOf(queries: readonly DnsQuery[]): number {
  return Math.ceil((queries.at(-1)?.time ?? 0) / 1000) + keptSeconds;
}

function lookUpOf(sender: Sender, { time, name, type, sourceAddress }: DnsQuery, signals: readonly NameSignal[]): Observation {
  const auditId = `name ${String(hash32(JSON.stringify([time, name, type, sourceAddress])))}`;
  const request = cleanLine(`${sender.workload} looked up ${name.slice(0, 120)} (${type}) from ${sourceAddress}`);
  const said = signals.map(({ evidence: _evidence, ...signal }): Signal => ({ ...signal, group: 'egress', elsewhere: false, ...saidOf(sender, signal) }));
  return { ...observedOf(sender, time), auditId, signals: said, evidence: [{ auditId, time: isoTime(time), request: request.slice(0, 300), traffic: true }] };
}

/** Which of an account's workloads it was; a node is named already. */
function saidOf({ identity, workload, doubt }: Sender, { words, why }: Pick<Signal, 'words' | 'why'>): Pick<Signal, 'words' | 'why'> {
  return { words: identity.kind === 'node' ? words : `${words} (${workload})`, why: doubt === '' ? why : `${why}; ${doubt}` };
}

function observedOf({ identity, pods }: Sender, time: number): Omit<Observation, 'auditId' | 'signals' | 'evidence'> {
  return { identity, username: identity.id, awsRole: '', credential: '', address: '', pod: pods, time, order: isoTime(time) };
}
