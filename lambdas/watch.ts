import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import middy, { type MiddyfiedHandler } from '@middy/core';
import type { Context } from 'aws-lambda';
import * as z from 'zod';
import type { FindingStore } from '../lib/store.ts';
import type { Ports } from '../lib/ingest.ts';
import { readCall, UnreadableCallError, type Call } from '../lib/trail/call.ts';
import { findingIdOf, findingWith, toldCall, type ToldCall } from '../lib/trail/tell-call.ts';
import { watchClusters } from '../lib/watch/silence.ts';
import { ContentionError } from './dynamodb-finding-store.ts';
import { parseEvent } from './event.ts';
import { createClients, ingestPorts, watchSettings, type Clients } from './ports.ts';
import { quiet, type Called } from './quiet.ts';
import { createTelemetry, nameOf, type Telemetry } from './telemetry.ts';
import type { WatchSettings } from './watch-scope.ts';

const maxAttempts = 10;

/** What EventBridge calls the function with: a call of AWS that CloudTrail recorded, or that it is time to look. */
const watchEvent = z.looseObject({ 'detail-type': z.enum(['AWS API Call via CloudTrail', 'Scheduled Event']) });

/** A handler as the Lambda runtime calls it. */
export type WatchHandler = MiddyfiedHandler<unknown, undefined>;

/**
 * Makes the handler that watches over Tidemark's own sight. It puts findings of calls of AWS that take it away, and of clusters whose
 * log fell silent; the findings' stream then tells people. A call that cannot be read goes to the dead letters whole; an event that
 * fails throws, and comes again.
 */
export function createWatchHandler(ports: Ports, { scope, silenceMs, now = Date.now }: WatchSettings, telemetry: Telemetry = createTelemetry('watch')): WatchHandler {
  const { logger, metrics } = telemetry;
  const takeCall = async (event: z.output<typeof watchEvent>): Promise<void> => {
    const call = await read(event, ports);
    const told = call && toldCall(call, scope);
    if (told) logger.info('call told', { written: await put(told, ports.findings), call: told.watched.name });
  };
  const look = async (): Promise<void> => {
    for (const { cluster, silentMs, learning } of await watchClusters(ports, { clusters: scope.clusters, silenceMs, now: now() })) {
      const metric = metrics.singleMetric();
      metric.addDimension('cluster', cluster);
      metric.addMetric('SilentSeconds', MetricUnit.Seconds, Math.round(silentMs / 1000));
      if (!learning || learning.phase === 'learned') continue;
      const ofLearning = metrics.singleMetric();
      ofLearning.addDimension('cluster', cluster);
      ofLearning.addMetric('LearningStillSeconds', MetricUnit.Seconds, Math.round((now() - learning.progressAt) / 1000));
    }
  };
  const handle = async (event: unknown): Promise<undefined> => {
    const parsed = parseEvent(watchEvent, event);
    try {
      await (parsed['detail-type'] === 'Scheduled Event' ? look() : takeCall(parsed));
    } catch (error) {
      logger.error('watching failed', { errorName: nameOf(error) });
      throw error;
    }
  };
  return middy<unknown, undefined>(handle).use(injectLambdaContext(logger));
}

/** An event that holds no call goes to the dead letters whole. */
async function read(event: z.output<typeof watchEvent>, { deadLetters }: Ports): Promise<Call | undefined> {
  try {
    return readCall(event['detail']);
  } catch (error) {
    if (!(error instanceof UnreadableCallError)) throw error;
    await deadLetters.send({ reason: error.message, source: 'CloudTrail', record: JSON.stringify(event) });
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
let deployed: Called<undefined> | undefined;

/** The deployed function; what it needs is built from its environment when it is first called. */
export const handler = async (event: unknown, context: Context): Promise<void> => {
  clients ??= createClients();
  deployed ??= quiet(createWatchHandler(ingestPorts(process.env, clients), watchSettings(process.env)));
  clients.patience.begin(context.getRemainingTimeInMillis());
  await deployed(event, context);
};
