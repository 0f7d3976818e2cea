import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { MetricUnit, type Metrics } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy, { type MiddyfiedHandler } from '@middy/core';
import type { Context } from 'aws-lambda';
import * as z from 'zod';
import type { Finding, Severity } from '../lib/finding.ts';
import { notificationFor } from '../lib/notification.ts';
import { ConflictError } from '../lib/store.ts';
import { noteCanary } from '../lib/watch/canary.ts';
import { parseEvent, type BatchResponse } from './event.ts';
import { findingOf, type Item } from './finding-item.ts';
import { OutOfTimeError } from './patience.ts';
import { createClients, notifyPorts, type Clients, type NotifyPorts } from './ports.ts';
import { quiet, type Called } from './quiet.ts';
import { pushMark } from './tables.ts';
import { createTelemetry, nameOf, type Telemetry } from './telemetry.ts';

const markSeconds = 7 * 24 * 60 * 60;

const image = z.custom<Item>((value) => typeof value === 'object' && value !== null);
const streamRecord = z.object({
  eventName: z.enum(['INSERT', 'MODIFY', 'REMOVE']),
  dynamodb: z.object({
    SequenceNumber: z.string(),
    Keys: image.optional(),
    OldImage: image.optional(),
    NewImage: image.optional(),
  }),
});
const streamEvent = z.object({ Records: z.array(streamRecord) });
/** Somebody asks that findings be told once more, since a mail of them was not delivered. */
const againEvent = z.object({ tellAgain: z.array(z.string().regex(/^[0-9a-f]{24}$/)).min(1).max(100) });
const notifyEvent = z.union([streamEvent, againEvent]);
type StreamRecord = z.output<typeof streamRecord>;

/** A handler as the Lambda runtime calls it. */
export type NotifyHandler = MiddyfiedHandler<unknown, BatchResponse>;

/**
 * Makes the handler for the findings table's stream: tells people of each push once, however often the stream repeats
 * it; asked to, it tells a finding once more as it now is. Every finding is tried; the first records of those that failed are answered as failed, and come again with all after them.
 */
export function createNotifyHandler(ports: NotifyPorts, telemetry: Telemetry = createTelemetry('notify')): NotifyHandler {
  const { logger, metrics } = telemetry;
  const handle = async (event: unknown): Promise<BatchResponse> => {
    const response: BatchResponse = { batchItemFailures: [] };
    const parsed = parseEvent(notifyEvent, event);
    if ('tellAgain' in parsed) {
      for (const id of parsed.tellAgain) await tellAgain(id, ports);
      metrics.addMetric('Notifications', MetricUnit.Count, parsed.tellAgain.length);
      return response;
    }
    let sent = 0;
    for (const records of together(parsed.Records)) {
      const [{ dynamodb }] = records;
      try {
        if (ports.patience?.isOver) throw new OutOfTimeError();
        const { isSent, reached } = await deliver(records, ports);
        if (isSent) sent += 1;
        if (reached) countFinding(reached, metrics);
      } catch (error) {
        logger.error('notification failed', { errorName: nameOf(error), findingId: dynamodb.Keys?.['id']?.S });
        response.batchItemFailures.push({ itemIdentifier: dynamodb.SequenceNumber });
      }
    }
    metrics.addMetric('Notifications', MetricUnit.Count, sent);
    return response;
  };
  return middy<unknown, BatchResponse>(handle).use(injectLambdaContext(logger)).use(logMetrics(metrics));
}

/** A metric for each severity, so that only those are paid for that there are findings of. */
function countFinding(severity: Severity, metrics: Metrics): void {
  const metric = metrics.singleMetric();
  metric.addDimension('severity', severity);
  metric.addMetric('FindingsRaised', MetricUnit.Count, 1);
}

/** Changes of one finding that come together, which are told together. */
function together(records: readonly StreamRecord[]): (readonly [StreamRecord, ...StreamRecord[]])[] {
  const changes = Map.groupBy(records, ({ eventName, dynamodb }) => (eventName === 'REMOVE' ? dynamodb.SequenceNumber : (dynamodb.Keys?.['id']?.S ?? dynamodb.SequenceNumber)));
  return [...changes.values()] as [StreamRecord, ...StreamRecord[]][];
}

/** What became of changes of a finding. */
interface Outcome {
  readonly isSent: boolean;
  /** The severity that the finding now has, where it had another before or is new. */
  readonly reached?: Severity;
}

async function deliver(records: readonly [StreamRecord, ...StreamRecord[]], ports: NotifyPorts): Promise<Outcome> {
  const [{ eventName, dynamodb }] = records;
  if (eventName === 'REMOVE') return { isSent: false };
  const changes = records.map((record) => findingOf(record.dynamodb.NewImage ?? {})) as [Finding, ...Finding[]];
  const after = changes.at(-1) ?? changes[0];
  if (await noteCanary(ports.state, after, (ports.now ?? Date.now)())) return { isSent: false };
  const before = previous(dynamodb.OldImage);
  return { isSent: await tell(before, changes, ports), ...(before?.severity === after.severity ? {} : { reached: after.severity }) };
}

/** `true` when a notification was sent. */
async function tell(before: Finding | undefined, changes: readonly [Finding, ...Finding[]], ports: NotifyPorts): Promise<boolean> {
  const notification = notificationFor(before, ...changes);
  if (!notification) return false;
  const after = changes.at(-1) ?? changes[0];
  const mark = `${pushMark}${after.id}#${String(after.pushedAt.length)}#${after.severity}`;
  if ((await ports.state.read([mark])).size > 0) return false;
  await ports.publish(notification);
  await writeMark(mark, ports);
  return true;
}

async function tellAgain(id: string, { findings, publish }: NotifyPorts): Promise<void> {
  const finding = await findings.get(id);
  if (!finding) throw new UnknownFindingError(id);
  const notification = notificationFor(undefined, finding);
  if (notification) await publish(notification);
}

/** An image of an older schema counts as none: the mark still keeps a push from being sent twice. */
function previous(oldImage: Item | undefined): Finding | undefined {
  try {
    return oldImage && findingOf(oldImage);
  } catch {
    return undefined;
  }
}

async function writeMark(mark: string, { state, now = Date.now }: NotifyPorts): Promise<void> {
  try {
    await state.write(mark, new Uint8Array(), 0, Math.floor(now() / 1000) + markSeconds);
  } catch (error) {
    // Another call of the function has just sent the same push and marked it.
    if (!(error instanceof ConflictError)) throw error;
  }
}

let deployed: Called<BatchResponse> | undefined;
let clients: Clients | undefined;

/** The deployed function; what it needs is built from its environment when it is first called. */
export const handler = async (event: unknown, context: Context): Promise<BatchResponse> => {
  clients ??= createClients();
  deployed ??= quiet(createNotifyHandler(notifyPorts(process.env, clients)));
  clients.patience.begin(context.getRemainingTimeInMillis());
  return await deployed(event, context);
};

/** A finding is to be told that is not in the table. */
export class UnknownFindingError extends Error {
  override readonly name = 'UnknownFindingError' as const;
  readonly findingId: string;
  constructor(findingId: string, options?: ErrorOptions) {
    super(`there is no finding ${findingId} any more: it has expired`, options);
    this.findingId = findingId;
  }
}
