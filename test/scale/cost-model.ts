import { prices } from '../../infra/prices.ts';
import type { Intake } from '../../infra/tidemark-props.ts';

/** What a log takes, measured (`npm run scale`). */
export interface Coefficients {
  /** How dense it was. */
  readonly eventsPerSecond: number;
  readonly writeUnitsPer1000Events: number;
  readonly readUnitsPer1000Events: number;
  readonly cpuSecondsPer1000Events: number;
  /** As CloudWatch Logs packs them. */
  readonly bytesPerEvent: number;
  readonly eventsPerDelivery: number;
}

/** Whose log it is. */
export interface Fleet {
  readonly clusters: number;
  readonly eventsPerMonth: number;
  readonly intake: Intake;
}

/** What a fleet takes in a month, and what of it comes to its end first. */
export interface Estimate {
  readonly lambdaSeconds: number;
  readonly writeUnits: number;
  readonly readUnits: number;
  readonly storedGb: number;
  /** US dollars by what they are for. */
  readonly dollars: Readonly<Record<'lambda' | 'tables' | 'stream' | 'logs and traces' | 'fixed', number>>;
  readonly total: number;
  /** Of each limit of an account without raised quotas, how much a fleet takes on average, the most first. */
  readonly limits: readonly { readonly name: string; readonly share: number }[];
}

export const secondsPerMonth = 2_628_000;
/** A function with 1 GB has that part of a processor. Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const processorShare = 1024 / 1769;
/** Each delivery waits for the tables three times: assumed, not measured. AWS speaks of single-digit milliseconds (https://aws.amazon.com/dynamodb/). */
const waitSecondsPerDelivery = 3 * 0.008;
/** A function says of each delivery what became of it. */
const logBytesPerDelivery = 1500;
const bytesPerIdentity = 1200;
const identitiesPerCluster = 100;
/** Each function looks every five minutes, of each cluster that it takes in, when its log last spoke, and one of them notes it; each does every hour (lib/watch/heartbeat.ts). */
const fiveMinutesPerMonth = secondsPerMonth / 300;
const hoursPerMonth = secondsPerMonth / 3600;
/** Of a deployment without settings; of several clusters, which are not named, with one metric more for all of them (docs/deploy.md). */
const fixed = { key: 1, alarms: 14, metrics: 10 } as const;

/** Gives the densest of the measured logs that is no denser than a fleet's are on average: the denser a log, the less each event takes. */
export function coefficientsFor(measured: readonly Coefficients[], { clusters, eventsPerMonth }: Fleet): Coefficients {
  const sorted = measured.toSorted((one, other) => one.eventsPerSecond - other.eventsPerSecond);
  const found = sorted.findLast(({ eventsPerSecond }) => eventsPerSecond <= eventsPerMonth / secondsPerMonth / clusters) ?? sorted[0];
  if (!found) throw new RangeError('no log was measured');
  return found;
}

/** Reckons a month. */
export function estimateMonth(measured: readonly Coefficients[], fleet: Fleet): Estimate {
  const { writeUnitsPer1000Events, readUnitsPer1000Events, cpuSecondsPer1000Events, bytesPerEvent, eventsPerDelivery } = coefficientsFor(measured, fleet);
  const { clusters, eventsPerMonth, intake } = fleet;
  const thousands = eventsPerMonth / 1000;
  const deliveries = eventsPerMonth / eventsPerDelivery;
  const lambdaSeconds = (thousands * cpuSecondsPer1000Events) / processorShare + deliveries * waitSecondsPerDelivery;
  const functions = Math.ceil(lambdaSeconds / secondsPerMonth);
  // A function looks at most with each delivery.
  const heartbeats = { looks: Math.min(fiveMinutesPerMonth * functions * clusters, deliveries), writes: (fiveMinutesPerMonth + Math.min(hoursPerMonth * functions, deliveries / clusters)) * clusters };
  const writeUnits = thousands * writeUnitsPer1000Events + heartbeats.writes;
  const readUnits = thousands * readUnitsPer1000Events + heartbeats.looks;
  const gb = (eventsPerMonth * bytesPerEvent) / 1e9;
  const storedGb = (clusters * identitiesPerCluster * bytesPerIdentity) / 1e9;
  const dollars = {
    lambda: lambdaSeconds * prices.lambdaGbSecond + deliveries * prices.lambdaCall,
    tables: writeUnits * prices.writeUnit + readUnits * prices.readUnit + storedGb * prices.tableGb,
    stream: intake === 'stream' ? (secondsPerMonth / 3600) * prices.streamHour + gb * prices.streamGb : 0,
    'logs and traces': ((deliveries * logBytesPerDelivery) / 1e9) * prices.logGb + tracesOf(deliveries) * prices.trace,
    fixed: fixed.key * prices.key + fixed.alarms * prices.alarm + (fixed.metrics + (clusters > 1 ? 1 : 0)) * prices.metric + prices.dashboard,
  };
  const limits = [
    // Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
    { name: 'calls of Lambda at once (1,000)', share: lambdaSeconds / secondsPerMonth / 1000 },
    // Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
    { name: 'write units of a table a second (40,000)', share: writeUnits / secondsPerMonth / 40_000 },
    { name: 'read units of a table a second (40,000)', share: readUnits / secondsPerMonth / 40_000 },
    // Source: https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html
    ...(intake === 'stream' ? [{ name: 'megabytes a second into a stream (200)', share: (gb * 1000) / secondsPerMonth / 200 }] : []),
  ].sort((one, other) => other.share - one.share);
  const total = Object.values(dollars).reduce((sum, one) => sum + one, 0);
  return { lambdaSeconds, writeUnits, readUnits, storedGb, dollars, total, limits };
}

/** X-Ray traces one call of a function a second, and one in twenty of the rest. Source: https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html */
function tracesOf(calls: number): number {
  return Math.min(calls, secondsPerMonth + 0.05 * Math.max(0, calls - secondsPerMonth));
}

/**
 * GuardDuty's list price of a month's EKS audit log events of one account, us-east-1: $1.60 a million up to 100 million, $0.80 for the next 100 million.
 * Sources: https://aws.amazon.com/guardduty/pricing/, whose examples of 7 October 2026 are copied in
 * https://github.com/api-evangelist/amazon-guardduty/blob/main/plans/amazon-guardduty-plans-pricing.yml
 * @returns `undefined` beyond, where the price is not known.
 */
export function guardDutyPrice(eventsPerMonth: number): number | undefined {
  const inMillions = eventsPerMonth / 1e6;
  return inMillions > 200 ? undefined : Math.min(inMillions, 100) * 1.6 + Math.max(0, inMillions - 100) * 0.8;
}
