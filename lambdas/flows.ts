import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { MetricUnit, type Metrics } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import { S3Client } from '@aws-sdk/client-s3';
import middy, { type MiddyfiedHandler } from '@middy/core';
import type { Context } from 'aws-lambda';
import * as z from 'zod';
import type { AddressLists } from '../lib/egress/address-lists.ts';
import type { FlowLogSource } from '../lib/egress/flow-source.ts';
import { FlowIngest, type FlowReport } from '../lib/flow-ingest.ts';
import type { Ports } from '../lib/ingest.ts';
import { clientSettings } from './client-settings.ts';
import { parseEvent, type ReadAnswer } from './event.ts';
import { addressLists, createClients, flowSources, ingestPorts, type Clients } from './ports.ts';
import { s3Reader, type ReadObject } from './s3-objects.ts';
import { payloadOf, subscriptionEvent } from './subscription-event.ts';
import { quiet, type Called } from './quiet.ts';
import { createTelemetry, nameOf, type Telemetry } from './telemetry.ts';

/** Messages of a queue to which EventBridge sends that an object was created in a bucket. */
const queueEvent = z.object({ Records: z.array(z.object({ body: z.string() })).min(1) });
const objectCreated = z.object({ detail: z.object({ bucket: z.object({ name: z.string() }), object: z.object({ key: z.string() }) }) });
const flowsEvent = z.union([subscriptionEvent, queueEvent]);

/** What the flows function needs of the outside. */
export interface FlowPorts extends Ports {
  readonly readObject: ReadObject;
}

/** A handler as the Lambda runtime calls it. */
export type FlowsHandler = MiddyfiedHandler<unknown, ReadAnswer>;

/**
 * Makes the handler for VPC flow logs and Resolver query logs: for subscriptions of CloudWatch Logs, and for messages that a
 * file was written to S3.
 * A delivery that fails throws, and comes again.
 * @throws {UnusableFlowFormatError} when a source's format is none.
 */
export function createFlowsHandler(ports: FlowPorts, sources: readonly FlowLogSource[], telemetry: Telemetry = createTelemetry('flows'), lists: AddressLists = {}): FlowsHandler {
  const { logger, metrics } = telemetry;
  const ingest = new FlowIngest(ports, sources, lists);
  const { awsRanges, threats } = lists;
  if (awsRanges ?? threats) logger.info('lists of addresses read', { awsRanges: awsRanges !== undefined, threats: threats?.size ?? 0, threatsNotUsed: threats?.notUsed ?? 0 });
  const handle = async (event: unknown): Promise<ReadAnswer> => {
    let malformed = 0;
    const parsed = parseEvent(flowsEvent, event);
    try {
      for await (const report of reportsOf(parsed, ingest, ports.readObject)) {
        logger.info('delivery taken in', { ...report });
        count(report, metrics);
        malformed += report.malformed;
      }
    } catch (error) {
      logger.error('delivery failed', { errorName: nameOf(error) });
      throw error;
    }
    return { malformed };
  };
  return middy<unknown, ReadAnswer>(handle).use(injectLambdaContext(logger)).use(logMetrics(metrics));
}

async function* reportsOf(event: z.output<typeof flowsEvent>, ingest: FlowIngest, readObject: ReadObject): AsyncGenerator<FlowReport> {
  if ('awslogs' in event) {
    yield await ingest.subscription(payloadOf(event.awslogs.data));
    return;
  }
  for (const { body } of event.Records) {
    const { bucket, object } = parseEvent(objectCreated, JSON.parse(body)).detail;
    yield await ingest.file({ bucketName: bucket.name, key: object.key, bytes: await readObject(bucket.name, object.key) });
  }
}

function count(report: FlowReport, metrics: Metrics): void {
  metrics.addMetric('FlowRecords', MetricUnit.Count, report.records);
  // Who has no query log shall not pay for its metric.
  if (report.lookUps > 0) metrics.addMetric('LookUps', MetricUnit.Count, report.lookUps);
  metrics.addMetric('UnknownSenders', MetricUnit.Count, report.unknownSenders);
  metrics.addMetric('Malformed', MetricUnit.Count, report.malformed);
  metrics.addMetric('Findings', MetricUnit.Count, report.findings);
}

let deployed: Called<ReadAnswer> | undefined;
let clients: Clients | undefined;

/** The deployed function; what it needs is built from its environment when it is first called. */
export const handler = async (event: unknown, context: Context): Promise<ReadAnswer> => {
  clients ??= createClients();
  deployed ??= quiet(createFlowsHandler({ ...ingestPorts(process.env, clients), readObject: s3Reader(new S3Client(clientSettings(clients.patience))) }, flowSources(process.env), createTelemetry('flows'), addressLists(process.env, Date.now())));
  clients.patience.begin(context.getRemainingTimeInMillis());
  return await deployed(event, context);
};
