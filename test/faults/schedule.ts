import { Random } from '../generator/random.ts';
import { deliveriesOf, type Scenes } from './scenes.ts';

/** Time in a schedule goes in steps of ten seconds. */
export const tickMs = 10_000;
const minute = 6;
const hour = 60 * minute;

/** What can fail. */
export const services = ['state', 'findings', 'topic', 'dead letters'] as const;
export type Service = (typeof services)[number];

/** How a call can go wrong. Those that take effect have done what was asked, and nobody is told so. */
export const fates = [
  'fails',
  'fails after it took effect',
  'times out',
  'times out and takes effect',
  'times out and takes effect later',
  'is throttled',
  'kills the process before',
  'kills the process after it took effect',
] as const;
export type Fate = (typeof fates)[number];

/** One call of one service goes wrong. */
export interface Fault {
  readonly service: Service;
  /** Which of the calls of the service, from 1. */
  readonly call: number;
  readonly fate: Fate;
}

/** All calls of one service fail from one tick to another. */
export interface Outage {
  readonly service: Service;
  readonly from: number;
  readonly until: number;
  readonly fate: Fate;
}

/** A delivery arrives. */
export interface Arrival {
  /** Which of the deliveries. */
  readonly delivery: number;
  /** Ticks after its last event. */
  readonly late: number;
}

/** All that happens in a run, drawn from a seed; what is drawn from the same seed is the same. */
export interface Schedule {
  readonly seed: string;
  /** Numbers of the scenes that are played. */
  readonly scenes: readonly number[];
  /** How many records each delivery has, over and over. */
  readonly lengths: readonly number[];
  /** Deliveries that hold a record that cannot be read. */
  readonly poisoned: readonly number[];
  /** Each delivery at least once. */
  readonly arrivals: readonly Arrival[];
  readonly faults: readonly Fault[];
  readonly outages: readonly Outage[];
  /** How the audit log comes: by calls that nobody waits for, or through a Kinesis stream with a shard for each writer. */
  readonly intake: 'direct' | 'stream';
  /** Processes that may work at once. */
  readonly writers: 1 | 2;
  /** Ticks after the last arrival at which somebody plays dead letters again while things still fail. */
  readonly redrives: readonly number[];
}

/** Draws a schedule. */
export function drawSchedule(seed: string, scenesOf: Pick<Scenes, 'scenes'>): Schedule {
  const random = new Random(seed);
  const scenes = random.some(scenesOf.scenes.map((_, index) => index), random.chance(0.3) ? 2 : 1).sort((one, other) => one - other);
  const lengths = Array.from({ length: random.int(1, 8) }, () => random.int(1, random.chance(0.2) ? 60 : 15));
  const count = deliveriesOf(scenesOf, { scenes, lengths }).length;
  const isOrderly = random.chance(0.3);
  const arrivals = Array.from({ length: count }, (_, delivery) => arrivalsOf(random, delivery, isOrderly)).flat();
  return {
    seed,
    scenes,
    lengths,
    poisoned: Array.from({ length: count }, (_, delivery) => delivery).filter(() => random.chance(0.1)),
    arrivals,
    faults: drawFaults(random),
    outages: random.chance(0.35) ? Array.from({ length: random.int(1, 2) }, () => drawOutage(random)) : [],
    intake: random.chance(0.4) ? 'stream' : 'direct',
    writers: isOrderly || random.chance(0.4) ? 1 : 2,
    redrives: random.chance(0.3) ? [random.int(0, 3 * hour)] : [],
  };
}

/** Most come at once, some minutes late, few hours late; some come again, at once or hours later. */
function arrivalsOf(random: Random, delivery: number, isOrderly: boolean): Arrival[] {
  const first = isOrderly ? 0 : random.weighted([[0, 6], [random.int(1, 5 * minute), 3], [random.int(hour, 30 * hour), random.chance(0.2) ? 1 : 0]]);
  const repeats = Array.from({ length: random.weighted([[0, 8], [1, 3], [2, 1]]) }, () => first + random.weighted([[0, 2], [random.int(1, 10 * minute), 2], [random.int(hour, 30 * hour), 1]]));
  return [first, ...repeats].map((late) => ({ delivery, late }));
}

/** From none to a storm. */
function drawFaults(random: Random): Fault[] {
  const mostCalls = { state: 250, findings: 30, topic: 8, 'dead letters': 8 } as const;
  const often = random.weighted([[0.02, 3], [0.1, 3], [0.3, 1]]);
  return services.flatMap((service) =>
    Array.from({ length: mostCalls[service] }, (_, index): Fault[] => (random.chance(often) ? [{ service, call: index + 1, fate: random.pick(fates) }] : [])).flat(),
  );
}

function drawOutage(random: Random): Outage {
  const from = random.int(0, 20 * minute);
  return { service: random.pick(services), from, until: from + random.int(1, random.chance(0.3) ? 8 * hour : 20 * minute), fate: random.pick(['fails', 'times out', 'is throttled'] as const) };
}
