import type { Message } from '@aws-sdk/client-sqs';
import type { Context } from 'aws-lambda';
import * as z from 'zod';
import { findingSchema } from '../../lib/finding.ts';
import type { FindingStore, StateStore } from '../../lib/store.ts';
import type { BatchResponse } from '../event.ts';
import { createIngestHandler } from '../ingest.ts';
import { createNotifyHandler } from '../notify.ts';
import { ingestPorts, notifyPorts } from '../ports.ts';
import { lettersOf, partOf, type ReadLetter } from '../sqs-dead-letters.ts';
import { environment } from '../tables.ts';
import { silentTelemetry } from '../telemetry.ts';
import { startEmbeddedAws, type EmbeddedAws } from './embedded-aws.ts';
import { drain } from './queue.ts';
import { StreamedFindingStore, type StreamRecord } from './streamed-finding-store.ts';

const structureSchema = z.object({ default: z.string(), email: z.string() });
const envelopeSchema = z.object({
  Subject: z.string(),
  Message: z.string(),
  MessageAttributes: z.record(z.string(), z.object({ Value: z.string() })),
});

/** A notification as subscribers of the topic get it: the mail, and the finding for programs. */
export type ReceivedMail = ReturnType<typeof mailOf>;

/** The deployed flow on one machine: the real handlers, with AWS services inside this process. */
export interface LocalRunner {
  /** Takes in one CloudWatch Logs subscription payload (gzip bytes) and sends what it leads to. */
  ingest(payload: Uint8Array): Promise<void>;
  /** Findings as the handlers write them; what is changed here goes through the stream too. */
  readonly findings: FindingStore;
  readonly state: StateStore;
  /** Sums of the functions' metrics by name: Records, Requests, Malformed, Findings, Notifications. */
  readonly counts: ReadonlyMap<string, number>;
  /** Takes out the mails that were sent since the last call. */
  mails(): Promise<ReceivedMail[]>;
  /** Takes out the dead letters that were sent since the last call. */
  deadLetters(): Promise<ReadLetter[]>;
  /** Ends the services; what they held is gone. */
  stop(): Promise<void>;
}

/** Starts embedded services, or uses those given, and connects the handlers with them. */
export async function startLocalRunner(aws?: EmbeddedAws): Promise<LocalRunner> {
  const services = aws ?? (await startEmbeddedAws());
  const counts = new Map<string, number>();
  const telemetry = silentTelemetry(counts);
  const notify = createNotifyHandler(notifyPorts(services.variables, services), telemetry);
  const ports = ingestPorts(services.variables, services);
  const findings = new StreamedFindingStore(ports.findings, async (record: StreamRecord) => {
    throwOnFailure(await notify({ Records: [record] }, contextOf('notify')));
  });
  const ingest = createIngestHandler({ ...ports, findings }, telemetry);
  return {
    ingest: async (payload) => {
      const data = Buffer.from(payload).toString('base64');
      throwOnFailure(await ingest({ awslogs: { data } }, contextOf('ingest')));
    },
    findings,
    state: ports.state,
    counts,
    mails: async () => (await drain(services.sqs, services.mailQueueUrl)).map(mailOf),
    deadLetters: async () => {
      const messages = await drain(services.sqs, services.variables[environment.deadLetters] ?? '');
      return lettersOf(messages.map(partOf));
    },
    stop: () => services.stop(),
  };
}

/** The context of a call, as far as the handlers look at it. */
export function contextOf(functionName: string): Context {
  return {
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:local:000000000000:function:${functionName}`,
    memoryLimitInMB: '512',
    awsRequestId: 'local',
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => 60_000,
    done: () => undefined,
    fail: () => undefined,
    succeed: () => undefined,
  };
}

function mailOf({ Body: body = '' }: Message) {
  const { Subject, Message, MessageAttributes } = envelopeSchema.parse(JSON.parse(body));
  // The embedded topic hands on the entries for all protocols together.
  const { default: json, email } = structureSchema.parse(JSON.parse(Message));
  const attributes = Object.entries(MessageAttributes).map(([name, { Value }]) => [name, Value] as const);
  return { subject: Subject, text: email, finding: findingSchema.parse(JSON.parse(json)), attributes: Object.fromEntries(attributes) };
}

function throwOnFailure({ batchItemFailures }: BatchResponse): void {
  if (batchItemFailures.length > 0) throw new LocalDeliveryError();
}

/** A handler answered that a record failed; locally nothing would bring it again. */
export class LocalDeliveryError extends Error {
  override readonly name = 'LocalDeliveryError' as const;
  constructor(options?: ErrorOptions) {
    super('a handler could not deal with a record; start again', options);
  }
}
