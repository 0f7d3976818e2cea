import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import middy, { type MiddyfiedHandler } from '@middy/core';
import type { Context } from 'aws-lambda';
import * as z from 'zod';
import type { FindingStore } from '../lib/store.ts';
import type { Ports } from '../lib/ingest.ts';
import { readCall, UnreadableCallError, type Call } from '../lib/trail/call.ts';
import { findingIdOf, findingWith, toldCall, type ToldCall } from '../lib/trail/tell-call.ts';
import { knownClusters } from '../lib/watch/known-clusters.ts';
import { watchClusters, type ClusterStatus } from '../lib/watch/silence.ts';
import { ContentionError } from './dynamodb-finding-store.ts';
import { parseEvent, type ReadAnswer } from './event.ts';
import { createClients, ingestPorts, watchSettings, type Clients } from './ports.ts';
import { quiet, type Called } from './quiet.ts';
import { createTelemetry, nameOf, type Telemetry } from './telemetry.ts';
import { canaryCluster, type WatchSettings } from './watch-scope.ts';

const maxAttempts = 10;

/** What EventBridge calls the function with: a call of AWS that CloudTrail recorded, or that it is time to look. */
const watchEvent = z.looseObject({ 'detail-type': z.enum(['AWS API Call via CloudTrail', 'Scheduled Event']), account: z.string().max(100).optional(), region: z.string().max(100).optional() });
/** How metrics name the clusters that the deployment does not: each name is paid for. */
const otherClusters = 'all others';

/** A handler as the Lambda runtime calls it. */
export type WatchHandler = MiddyfiedHandler<unknown, ReadAnswer>;

/**
 * Makes the handler that watches over Tidemark's own sight. It puts findings of calls of AWS that take it away, and of clusters whose
 * log fell silent; the findings' stream then tells people. A call that cannot be read goes to the dead letters whole; an event that
 * fails throws, and comes again.
 */
export function createWatchHandler(ports: Ports, { scope, discovers = false, silenceMs, now = Date.now }: WatchSettings, telemetry: Telemetry = createTelemetry('watch')): WatchHandler {
  const { logger, metrics } = telemetry;
  const takeCall = async (event: z.output<typeof watchEvent>): Promise<ReadAnswer> => {
    const call = await read(event, ports);
    if (!call) return { malformed: 1 };
    const others = discovers ? (await knownClusters(ports.state)).filter((cluster) => cluster !== canaryCluster) : [];
    const told = toldCall(call, { ...scope, clusters: [...new Set([...scope.clusters, ...others])] });
    if (told) logger.info('call told', { written: await put(told, ports.findings), call: told.watched.name });
    return { malformed: 0 };
  };
  const look = async (): Promise<ReadAnswer> => {
    const statuses = await watchClusters(ports, { clusters: scope.clusters, discovers, silenceMs, now: now() });
    const [named, others] = [statuses.filter(isNamed), statuses.filter((status) => !isNamed(status))];
    for (const status of named) count(status.cluster, [status]);
    if (others.length > 0) count(otherClusters, others);
    return { malformed: 0 };
  };
  const isNamed = ({ cluster }: ClusterStatus): boolean => cluster === canaryCluster || scope.clusters.includes(cluster);
  /** Of several the longest. */
  const count = (name: string, statuses: readonly ClusterStatus[]): void => {
    const metric = metrics.singleMetric();
    metric.addDimension('cluster', name);
    metric.addMetric('SilentSeconds', MetricUnit.Seconds, longestSeconds(statuses.map(({ silentMs }) => silentMs)));
    const learning = statuses.flatMap((status) => (status.learning && status.learning.phase !== 'learned' ? [now() - status.learning.progressAt] : []));
    if (learning.length === 0) return;
    const ofLearning = metrics.singleMetric();
    ofLearning.addDimension('cluster', name);
    ofLearning.addMetric('LearningStillSeconds', MetricUnit.Seconds, longestSeconds(learning));
  };
  const handle = async (event: unknown): Promise<ReadAnswer> => {
    const parsed = parseEvent(watchEvent, event);
    try {
      return await (parsed['detail-type'] === 'Scheduled Event' ? look() : takeCall(parsed));
    } catch (error) {
      logger.error('watching failed', { errorName: nameOf(error) });
      throw error;
    }
  };
  return middy<unknown, ReadAnswer>(handle).use(injectLambdaContext(logger));
}

function longestSeconds(times: readonly number[]): number {
  return Math.round(times.reduce((most, time) => Math.max(most, time), 0) / 1000);
}

/** An event that holds no call goes to the dead letters whole. */
async function read(event: z.output<typeof watchEvent>, { deadLetters }: Ports): Promise<Call | undefined> {
  try {
    return readCall(event['detail'], event);
  } catch (error) {
    if (!(error instanceof UnreadableCallError)) throw error;
    await deadLetters.send({ reason: error.message, source: 'CloudTrail', record: JSON.stringify(event), origin: { kind: 'event' } });
    return undefined;
  }
}

/** Calls that come at once may be told in one finding: it is read again as long as others change it meanwhile. */
async function put(told: ToldCall, findings: FindingStore): Promise<boolean> {
  const id = findingIdOf(told);
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const finding = findingWith(await findings.get(id), told);
    if (!finding) return false;
    if (await findings.put(finding)) return true;
  }
  throw new ContentionError(id);
}

let clients: Clients | undefined;
let deployed: Called<ReadAnswer> | undefined;

/** The deployed function; what it needs is built from its environment when it is first called. */
export const handler = async (event: unknown, context: Context): Promise<ReadAnswer> => {
  clients ??= createClients();
  deployed ??= quiet(createWatchHandler(ingestPorts(process.env, clients), watchSettings(process.env)));
  clients.patience.begin(context.getRemainingTimeInMillis());
  return await deployed(event, context);
};
