import { setTimeout } from 'node:timers/promises';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import middy, { type MiddyfiedHandler } from '@middy/core';
import type { Context } from 'aws-lambda';
import * as z from 'zod';
import { learnHistory, type LearningPorts } from '../lib/backfill/learn-history.ts';
import { HistoryError, type LogHistory } from '../lib/backfill/log-history.ts';
import { Pace, requestsPerSecond } from '../lib/backfill/pace.ts';
import type { Clock } from '../lib/backfill/read-history.ts';
import { auditLogGroup } from '../lib/cluster.ts';
import { backfillMessage, type AskToLearn } from './backfill-queue.ts';
import { parseEvent } from './event.ts';
import { CloudWatchLogHistory, historyClientSettings } from './log-history.ts';
import { backfillPorts, createClients, type Clients } from './ports.ts';
import { quiet, type Called } from './quiet.ts';
import { createTelemetry, nameOf, type Telemetry } from './telemetry.ts';

/** What is left of the function's time to learn what was read, say how far it came and ask for the next call, in milliseconds. */
const reserveMs = 2 * 60 * 1000;
/** After what passes by itself it is tried again so much later, in milliseconds. */
const restMs = 60 * 1000;

/** Messages of the queue. */
const queueEvent = z.object({ Records: z.array(z.object({ body: z.string() })).min(1) });

/** What the backfill function needs of the outside. */
export interface BackfillPorts extends Omit<LearningPorts, 'history'> {
  readonly ask: AskToLearn;
  readonly historyOf: (cluster: string) => LogHistory;
  readonly pace: Pace;
  readonly clock: Clock;
}

/** A handler as the Lambda runtime calls it. */
export type BackfillHandler = MiddyfiedHandler<unknown, undefined>;

/**
 * Makes the handler that learns clusters' histories. It works until its time is short and then asks for the next call, so that a history
 * of any length is learned by a chain of calls. What cannot pass by itself throws, and the message comes again.
 */
export function createBackfillHandler(ports: BackfillPorts, telemetry: Telemetry = createTelemetry('backfill')): BackfillHandler {
  const { logger } = telemetry;
  const { ask, historyOf, pace, clock } = ports;
  const goOn = async (cluster: string, isOver: () => boolean): Promise<void> => {
    try {
      const { learning, again, isBusy } = await learnHistory({ ...ports, history: historyOf(cluster) }, cluster, { reading: { pace, clock }, isOver });
      logger.info('history learned', { cluster, isBusy, phase: learning?.phase, events: learning?.events, malformed: learning?.malformed, readUntil: learning?.readUntil });
      if (again !== undefined) await ask(cluster, again - clock.now());
    } catch (error) {
      logger.error('learning failed', { cluster, errorName: nameOf(error), ...(error instanceof HistoryError ? { problem: error.problem } : {}) });
      if (!(error instanceof HistoryError) || error.problem === 'not-allowed' || error.problem === 'no-such-log-group') throw error;
      await ask(cluster, restMs);
    }
  };
  const handle = async (event: unknown, context: Context): Promise<undefined> => {
    for (const { body } of parseEvent(queueEvent, event).Records) {
      await goOn(parseEvent(backfillMessage, JSON.parse(body)).cluster, () => context.getRemainingTimeInMillis() < reserveMs);
    }
  };
  return middy<unknown, undefined>(handle).use(injectLambdaContext(logger));
}

let clients: Clients | undefined;
let deployed: Called<undefined> | undefined;

/** The deployed function; what it needs is built from its environment when it is first called. */
export const handler = async (event: unknown, context: Context): Promise<void> => {
  clients ??= createClients();
  deployed ??= quiet(await createDeployed(clients));
  clients.patience.begin(context.getRemainingTimeInMillis());
  await deployed(event, context);
};

async function createDeployed(made: Clients): Promise<BackfillHandler> {
  const logs = new CloudWatchLogsClient(historyClientSettings);
  return createBackfillHandler({
    ...backfillPorts(process.env, made),
    historyOf: (cluster) => new CloudWatchLogHistory(logs, auditLogGroup(cluster)),
    pace: new Pace(requestsPerSecond(await logs.config.region())),
    clock: { now: Date.now, wait: setTimeout },
  });
}
