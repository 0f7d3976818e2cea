import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { MetricUnit, type Metrics } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy, { type MiddyfiedHandler } from '@middy/core';
import type { Context } from 'aws-lambda';
import * as z from 'zod';
import { Ingest, type IngestOptions, type IngestReport, type Ports } from '../lib/ingest.ts';
import { canaryPayload, canaryPorts } from '../lib/watch/canary.ts';
import { parseEvent, type BatchResponse, type ReadAnswer } from './event.ts';
import { createClients, ingestOptions, ingestPorts, type Clients } from './ports.ts';
import { payloadOf, subscriptionEvent } from './subscription-event.ts';
import { quiet, type Called } from './quiet.ts';
import { createTelemetry, nameOf, type Telemetry } from './telemetry.ts';

const kinesisRecord = z.object({ kinesis: z.object({ data: z.string(), sequenceNumber: z.string() }) });
/** It is time to let a canary fly. Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-run-lambda-schedule.html */
const scheduledEvent = z.object({ 'detail-type': z.literal('Scheduled Event'), time: z.iso.datetime() });
const deliveryEvent = z.union([subscriptionEvent, z.object({ Records: z.array(kinesisRecord) })]);
const ingestEvent = z.union([scheduledEvent, deliveryEvent]);

/** How the ingest function works. */
export interface IngestHandlerOptions extends IngestOptions {
  /** Milliseconds since the epoch; the system's clock when not given. */
  readonly now?: () => number;
}

/** To a batch of a stream which records must come again, to a direct delivery how many records could not be read. */
export type IngestAnswer = BatchResponse & Partial<ReadAnswer>;

/** A handler as the Lambda runtime calls it. */
export type IngestHandler = MiddyfiedHandler<unknown, IngestAnswer>;

/**
 * Makes the handler for CloudWatch Logs subscriptions, direct or through a Kinesis stream. Of a stream's batch the
 * first record that fails is answered as failed, with those after it untried, so that order is kept. When it is the
 * very first, nothing was done, and it throws as for a direct delivery: only then does Lambda count an error. On a schedule it takes in a canary, which must come out as a finding at the other end.
 */
export function createIngestHandler(ports: Ports, telemetry: Telemetry = createTelemetry('ingest'), { now = Date.now, ...options }: IngestHandlerOptions = {}): IngestHandler {
  const { logger, metrics } = telemetry;
  const ingest = new Ingest(ports, options);
  const flyCanary = async (time: number): Promise<void> => {
    const { findings } = await new Ingest(canaryPorts(ports, time)).subscription(canaryPayload(time));
    logger.info('canary taken in', { findings });
  };
  const handle = async (event: unknown): Promise<IngestAnswer> => {
    const parsed = parseEvent(ingestEvent, event);
    if ('time' in parsed) {
      await flyCanary(Date.parse(parsed.time));
      return { batchItemFailures: [] };
    }
    let malformed = 0;
    for (const [index, { data, sequenceNumber }] of deliveriesOf(parsed).entries()) {
      try {
        const arrived = now();
        const report = await ingest.subscription(payloadOf(data), arrived);
        logger.info('delivery taken in', { ...report });
        count(report, metrics, now() - arrived);
        malformed += report.malformed;
      } catch (error) {
        logger.error('delivery failed', { errorName: nameOf(error), sequenceNumber });
        if (sequenceNumber === undefined || index === 0) throw error;
        return { batchItemFailures: [{ itemIdentifier: sequenceNumber }] };
      }
    }
    return { batchItemFailures: [], ...('awslogs' in parsed ? { malformed } : {}) };
  };
  return middy<unknown, IngestAnswer>(handle).use(injectLambdaContext(logger)).use(logMetrics(metrics));
}

interface Delivery {
  readonly data: string;
  /** Where in its Kinesis shard the delivery is; a direct one has none. */
  readonly sequenceNumber?: string;
}

function deliveriesOf(event: z.output<typeof deliveryEvent>): Delivery[] {
  return 'awslogs' in event ? [event.awslogs] : event.Records.map((record) => record.kinesis);
}

/** `tookMs` is how long the delivery was worked on, in milliseconds. */
function count(report: IngestReport, metrics: Metrics, tookMs: number): void {
  metrics.addMetric('Records', MetricUnit.Count, report.records);
  metrics.addMetric('Requests', MetricUnit.Count, report.requests);
  metrics.addMetric('Identities', MetricUnit.Count, report.identities);
  metrics.addMetric('Malformed', MetricUnit.Count, report.malformed);
  metrics.addMetric('Findings', MetricUnit.Count, report.findings);
  if (report.lagMs !== undefined) metrics.addMetric('EventLag', MetricUnit.Milliseconds, report.lagMs + tookMs);
}

let deployed: Called<IngestAnswer> | undefined;
let clients: Clients | undefined;

/** The deployed function; what it needs is built from its environment when it is first called. */
export const handler = async (event: unknown, context: Context): Promise<IngestAnswer> => {
  clients ??= createClients();
  deployed ??= quiet(createIngestHandler(ingestPorts(process.env, clients), createTelemetry('ingest'), ingestOptions(process.env, clients)));
  clients.patience.begin(context.getRemainingTimeInMillis());
  return await deployed(event, context);
};
