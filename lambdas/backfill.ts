import { setTimeout } from 'node:timers/promises';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy, { type MiddyfiedHandler } from '@middy/core';
import type { Context } from 'aws-lambda';
import * as z from 'zod';
import { learnHistory, type LearningPorts } from '../lib/backfill/learn-history.ts';
import { refused, updateLearning } from '../lib/backfill/learning.ts';
import { HistoryError } from '../lib/backfill/log-history.ts';
import type { Clock } from '../lib/backfill/read-history.ts';
import { minuteMs } from '../lib/time.ts';
import { backfillMessage, type AskToLearn } from './backfill-queue.ts';
import { clusterLogs, type ClusterLog } from './cluster-logs.ts';
import { parseEvent } from './event.ts';
import { historyRoleVariable } from './history-role.ts';
import { backfillPorts, createClients, type Clients } from './ports.ts';
import { quiet, type Called } from './quiet.ts';
import { createTelemetry, nameOf, type Telemetry } from './telemetry.ts';

/** What is left of the function's time to learn what was read, say how far it came and ask for the next call, in milliseconds. */
const reserveMs = 2 * minuteMs;
/** After what passes by itself it is tried again so much later, in milliseconds. */
const restMs = minuteMs;

/** Messages of the queue. */
const queueEvent = z.object({ Records: z.array(z.object({ body: z.string() })).min(1) });

/** What the backfill function needs of the outside. */
export interface BackfillPorts extends Omit<LearningPorts, 'history'> {
  readonly ask: AskToLearn;
  readonly logOf: (cluster: string) => ClusterLog;
  readonly clock: Clock;
}

/** A handler as the Lambda runtime calls it. */
export type BackfillHandler = MiddyfiedHandler<unknown, undefined>;

/**
 * Makes the handler that learns clusters' histories. It works until its time is short and then asks for the next call, so that a history
 * of any length is learned by a chain of calls. What cannot pass by itself throws, and the message comes again; a log that cannot be read holds
 * nothing back meanwhile.
 */
export function createBackfillHandler(ports: BackfillPorts, telemetry: Telemetry = createTelemetry('backfill')): BackfillHandler {
  const { logger } = telemetry;
  const { ask, logOf, clock, state } = ports;
  const goOn = async (cluster: string, isOver: () => boolean): Promise<void> => {
    try {
      const { history, pace } = logOf(cluster);
      const { learning, again, isBusy } = await learnHistory({ ...ports, history }, cluster, { reading: { pace, clock }, isOver });
      logger.info('history learned', { cluster, isBusy, phase: learning?.phase, events: learning?.events, malformed: learning?.malformed, readUntil: learning?.readUntil });
      if (again !== undefined) await ask(cluster, again - clock.now());
    } catch (error) {
      logger.error('learning failed', { cluster, errorName: nameOf(error), ...(error instanceof HistoryError ? { problem: error.problem } : {}) });
      if (!(error instanceof HistoryError)) throw error;
      if (error.problem === 'not-allowed' || error.problem === 'no-such-log-group') {
        await updateLearning(state, cluster, (found) => found && refused(found, clock.now()));
        throw error;
      }
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
  return createBackfillHandler({
    ...backfillPorts(process.env, made),
    logOf: await clusterLogs(process.env[historyRoleVariable]),
    clock: { now: Date.now, wait: setTimeout },
  });
}
