import type { AuditEvent } from '../../lib/audit/event.ts';
import { auditLogGroup, clusterPartsOf } from '../../lib/cluster.ts';
import { isoTime } from '../../lib/time.ts';
import { payloadOf } from '../engine/payloads.ts';
import { Random } from '../generator/random.ts';

const minuteMs = 60_000;
/** CloudWatch Logs makes a delivery no larger than a megabyte; this many events are about a tenth of that when packed. */
const eventsPerDelivery = 1000;
/** Of clusters and of identities: the second of them makes a half or less of what the first does, and so on (Zipf's law). */
const clusterSkew = 1;
const identitySkew = 1.2;

/** How large a fleet is, and how busy. */
export interface FleetOptions {
  readonly clusters: number;
  /** Of all clusters together, on average. */
  readonly eventsPerSecond: number;
  /** What one service account of the busiest cluster does besides. */
  readonly hotEventsPerSecond: number;
  readonly seed: string;
}

/** One delivery of CloudWatch Logs. */
export interface FleetDelivery {
  readonly cluster: string;
  /** As it comes in `awslogs.data`. */
  readonly data: string;
  readonly events: number;
  /** When it is delivered, in milliseconds since the epoch. */
  readonly at: number;
}

/** Somebody who does in turn what a recorded identity did. */
interface Caller {
  readonly templates: readonly AuditEvent[];
  next: number;
}

interface Cluster {
  readonly id: string;
  readonly eventsPerMinute: number;
  readonly callers: readonly (readonly [Caller, number])[];
  readonly random: Random;
}

/**
 * Audit traffic of a fleet: clusters like a recorded one, of which few make most events, and in each of which few identities do. Each
 * identity does again, in turn, what one of the recorded cluster did, as often as the fleet is busy. The same seed gives the same traffic.
 */
export class FleetTraffic {
  readonly #clusters: readonly Cluster[];
  readonly #hot: { readonly cluster: string; readonly caller: Caller; readonly eventsPerMinute: number } | undefined;
  #events = 0;

  /** `templates` are events of a recorded cluster; who was active in most of its hours is the busiest. */
  constructor(templates: readonly AuditEvent[], { clusters, eventsPerSecond, hotEventsPerSecond, seed }: FleetOptions) {
    const random = new Random(seed);
    const byCaller = [...Map.groupBy(templates, ({ user }) => user?.username ?? '').values()].sort((one, other) => activeHours(other) - activeHours(one) || other.length - one.length);
    const weights = Array.from({ length: clusters }, (_, rank) => 1 / (rank + 1) ** clusterSkew);
    const sum = weights.reduce((all, weight) => all + weight, 0);
    this.#clusters = weights.map((weight, rank) => {
      const own = random.fork(String(rank));
      const callers = byCaller.map((some, callerRank) => [{ templates: some, next: own.int(0, some.length - 1) }, 1 / (callerRank + 1) ** identitySkew] as const);
      return { id: clusterId(rank), eventsPerMinute: (eventsPerSecond * 60 * weight) / sum, callers, random: own };
    });
    const busiest = byCaller.find(([event]) => event?.user?.username?.startsWith('system:serviceaccount:'));
    this.#hot = hotEventsPerSecond > 0 && busiest ? { cluster: clusterId(0), caller: { templates: busiest, next: 0 }, eventsPerMinute: hotEventsPerSecond * 60 } : undefined;
  }

  /** Gives what is delivered of the minute that begins at a time, in milliseconds since the epoch: each cluster's log once, or as often as it takes. */
  *minute(start: number): Generator<FleetDelivery> {
    for (const { id, eventsPerMinute, callers, random } of this.#clusters) {
      const times = timesIn(start, eventsPerMinute, random);
      yield* this.#deliver(id, times.map((time) => this.#eventOf(random.weighted(callers), time)), start + random.between(minuteMs, 2 * minuteMs));
    }
    if (!this.#hot) return;
    const { cluster, caller, eventsPerMinute } = this.#hot;
    const times = Array.from({ length: eventsPerMinute }, (_, index) => start + (index * minuteMs) / eventsPerMinute);
    yield* this.#deliver(cluster, times.map((time) => this.#eventOf(caller, time)), start + minuteMs);
  }

  #eventOf(caller: Caller, time: number): AuditEvent {
    const template = caller.templates[caller.next++ % caller.templates.length] as AuditEvent;
    const at = isoTime(time);
    return { ...template, auditID: `fleet-${String(this.#events++)}`, requestReceivedTimestamp: at, stageTimestamp: at };
  }

  *#deliver(cluster: string, events: readonly AuditEvent[], at: number): Generator<FleetDelivery> {
    const { account, name } = clusterPartsOf(cluster);
    for (let first = 0; first < events.length; first += eventsPerDelivery) {
      const some = events.slice(first, first + eventsPerDelivery);
      const payload = payloadOf(some.map((event) => JSON.stringify(event)), { owner: account, logGroup: auditLogGroup(name), subscriptionFilters: ['tidemark-us-east-1'] });
      yield { cluster, data: payload.toString('base64'), events: some.length, at };
    }
  }
}

function activeHours(events: readonly AuditEvent[]): number {
  return new Set(events.map(({ requestReceivedTimestamp }) => requestReceivedTimestamp.slice(0, 13))).size;
}

/** Ten clusters are of an account. */
function clusterId(rank: number): string {
  return `${String(Math.floor(rank / 10)).padStart(12, '0')}/us-east-1/cluster-${String(rank % 10)}`;
}

/** Times at which something happens by chance in a minute, sorted. */
function timesIn(start: number, perMinute: number, random: Random): number[] {
  const times: number[] = [];
  for (let time = start + random.wait(minuteMs / perMinute); time < start + minuteMs; time += random.wait(minuteMs / perMinute)) times.push(time);
  return times;
}
