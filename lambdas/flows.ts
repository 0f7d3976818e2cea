import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { MetricUnit, type Metrics } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy, { type MiddyfiedHandler } from '@middy/core';
import type { Context } from 'aws-lambda';
import { FlowIngest, type FlowReport, type FlowLogSource } from '../lib/flow-ingest.ts';
import type { Ports } from '../lib/ingest.ts';
import { parseEvent } from './event.ts';
import { createClients, flowSources, ingestPorts } from './ports.ts';
import { payloadOf, subscriptionEvent } from './subscription-event.ts';
import { createTelemetry, nameOf, type Telemetry } from './telemetry.ts';

/** A handler as the Lambda runtime calls it. */
export type FlowsHandler = MiddyfiedHandler<unknown, undefined>;

/**
 * Makes the handler for subscriptions of CloudWatch Logs to VPC flow logs. A delivery that fails throws, and comes again.
 * @throws {UnusableFlowFormatError} when a source's format is none.
 */
export function createFlowsHandler(ports: Ports, sources: readonly FlowLogSource[], telemetry: Telemetry = createTelemetry('flows')): FlowsHandler {
  const { logger, metrics } = telemetry;
  const ingest = new FlowIngest(ports, sources);
  const handle = async (event: unknown): Promise<undefined> => {
    const { awslogs } = parseEvent(subscriptionEvent, event);
    try {
      const report = await ingest.subscription(payloadOf(awslogs.data));
      logger.info('delivery taken in', { ...report });
      count(report, metrics);
    } catch (error) {
      logger.error('delivery failed', { errorName: nameOf(error) });
      throw error;
    }
  };
  return middy<unknown, undefined>(handle).use(injectLambdaContext(logger)).use(logMetrics(metrics));
}

function count(report: FlowReport, metrics: Metrics): void {
  metrics.addMetric('FlowRecords', MetricUnit.Count, report.records);
  metrics.addMetric('UnknownSenders', MetricUnit.Count, report.unknownSenders);
  metrics.addMetric('Malformed', MetricUnit.Count, report.malformed);
  metrics.addMetric('Findings', MetricUnit.Count, report.findings);
}

let deployed: FlowsHandler | undefined;

/** The deployed function; what it needs is built from its environment when it is first called. */
export const handler = async (event: unknown, context: Context): Promise<void> => {
  deployed ??= createFlowsHandler(ingestPorts(process.env, createClients()), flowSources(process.env));
  await deployed(event, context);
};
