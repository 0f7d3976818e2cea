import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { DescribeStreamCommand as DescribeTableStreamCommand, DynamoDBStreamsClient, GetRecordsCommand, GetShardIteratorCommand } from '@aws-sdk/client-dynamodb-streams';
import { CreateStreamCommand, DescribeStreamCommand, KinesisClient, PutRecordCommand, waitUntilStreamExists } from '@aws-sdk/client-kinesis';
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { CreateQueueCommand, DeleteMessageCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SendMessageCommand, type Message } from '@aws-sdk/client-sqs';
import kinesalite from 'kinesalite';
import { redriveQueue } from '../../cli/redrive.ts';
import { startEmbeddedAws, type EmbeddedAws } from '../../lambdas/local/embedded-aws.ts';
import { DynamoFindingStore } from '../../lambdas/dynamodb-finding-store.ts';
import { DynamoStateStore } from '../../lambdas/dynamodb-state-store.ts';
import { createIngestHandler, type IngestHandler } from '../../lambdas/ingest.ts';
import { createTables } from '../../lambdas/local/create-tables.ts';
import { drain } from '../../lambdas/local/queue.ts';
import { contextOf } from '../../lambdas/local/runner.ts';
import { createNotifyHandler } from '../../lambdas/notify.ts';
import { ingestPorts } from '../../lambdas/ports.ts';
import { lettersOf, partOf, SqsDeadLetters } from '../../lambdas/sqs-dead-letters.ts';
import { environment } from '../../lambdas/tables.ts';
import { silentTelemetry } from '../../lambdas/telemetry.ts';
import { readAuditEvent, type MalformedRecordError } from '../../lib/audit/event.ts';
import type { Origin } from '../../lib/dead-letter.ts';
import { notificationFor } from '../../lib/notification.ts';
import { payloadOf } from '../engine/payloads.ts';
import { cluster, cut, readSample, slice } from '../engine/sample.ts';
import { hasJava, startDynamoLocal, type DynamoLocal } from '../lambdas/dynamodb-local.ts';
import { finding } from '../lambdas/findings.ts';
import { tidemark } from './run.ts';

const local = { region: 'eu-west-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
const functionArn = 'arn:aws:lambda:eu-west-1:123456789012:function:Tidemark-Ingest:$LATEST';

let aws: EmbeddedAws;
let functions: Server;
let streams: Server;
let lambda: LambdaClient;
let kinesis: KinesisClient;
let tableStreams: DynamoDBStreamsClient;
/** What the function does with a call, and which calls came. */
let answerTo: (event: unknown) => Promise<unknown>;
let calls: { path: string; event: unknown }[];
let said: string[];

beforeAll(async () => {
  aws = await startEmbeddedAws();
  functions = createServer((request, response) => {
    void (async () => {
      const body = Buffer.concat(await request.toArray() as Buffer[]).toString();
      calls.push({ path: decodeURIComponent(request.url ?? ''), event: JSON.parse(body) });
      // Source: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
      try {
        response.end(JSON.stringify(await answerTo(JSON.parse(body))));
      } catch (error) {
        response.setHeader('X-Amz-Function-Error', 'Unhandled').end(JSON.stringify({ errorType: (error as Error).name, errorMessage: 'secret' }));
      }
    })();
  }).listen(0, '127.0.0.1');
  streams = kinesalite({ createStreamMs: 0, deleteStreamMs: 0 }).listen(0, '127.0.0.1');
  await Promise.all([once(functions, 'listening'), once(streams, 'listening')]);
  lambda = new LambdaClient({ ...local, endpoint: endpointOf(functions), maxAttempts: 1 });
  // Kinesis' own client speaks HTTP/2, which the server here does not.
  tableStreams = new DynamoDBStreamsClient({ ...local, endpoint: endpointOf(streams) });
  kinesis = new KinesisClient({ ...local, endpoint: endpointOf(streams), requestHandler: lambda.config.requestHandler });
});
afterAll(async () => {
  for (const client of [lambda, kinesis, tableStreams]) client.destroy();
  for (const server of [functions, streams]) server.close();
  await aws.stop();
});
beforeEach(() => {
  [calls, said] = [[], []];
  answerTo = () => Promise.resolve({ batchItemFailures: [] });
});

function endpointOf(server: Server): string {
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

let queues = 0;

/** A queue with these messages in it. */
async function queueWith(...bodies: readonly unknown[]): Promise<string> {
  const { QueueUrl = '' } = await aws.sqs.send(new CreateQueueCommand({ QueueName: `failed-${String(++queues)}` }));
  for (const body of bodies) await aws.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: typeof body === 'string' ? body : JSON.stringify(body) }));
  return QueueUrl;
}

/** Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
const failedCall = (requestPayload: object) => ({
  version: '1.0', timestamp: '2026-10-14T20:20:00.000Z',
  requestContext: { requestId: '8ea123e4-1db7-4aca-ad10-d9ca1234c1fd', functionArn, condition: 'RetriesExhausted', approximateInvokeCount: 3 },
  requestPayload, responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' }, responsePayload: { errorType: 'ContentionError' },
});

const redriven = (queueUrl: string, given: { dryRun?: boolean; to?: string } = {}) =>
  redriveQueue(queueUrl, { sqs: aws.sqs, lambda, kinesis, tableStreams, to: given.to }, { dryRun: given.dryRun ?? false, say: (words) => { said.push(words); } });

async function waiting(queueUrl: string): Promise<number> {
  const { Attributes } = await aws.sqs.send(new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] }));
  return Number(Attributes?.['ApproximateNumberOfMessages']) + Number(Attributes?.['ApproximateNumberOfMessagesNotVisible']);
}

/** All messages of a queue, which stay in it. */
async function peek(QueueUrl: string): Promise<Message[]> {
  const { Messages = [] } = await aws.sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'], VisibilityTimeout: 0 }));
  return Messages;
}

describe('calls that failed', () => {
  test('are given to their function as they were, and taken out', async () => {
    const payloads = Array.from({ length: 13 }, (_, index) => ({ awslogs: { data: `delivery ${String(index)}` } }));
    const queue = await queueWith(...payloads.map(failedCall));
    expect(await redriven(queue)).toEqual({ given: 13, left: 0 });
    expect(calls.map(({ event }) => JSON.stringify(event)).sort()).toEqual(payloads.map((payload) => JSON.stringify(payload)).sort());
    expect(calls[0]?.path).toBe(`/2015-03-31/functions/${functionArn}/invocations`);
    expect(await waiting(queue)).toBe(0);
    expect(said.at(-1)).toMatch(/^failed-\d+: 13 messages given again, 0 messages left$/);
  });

  test('that fail again stay, with the error\'s name and nothing that it says, and the others are given all the same', async () => {
    answerTo = (event) => ((event as { n: number }).n === 1 ? Promise.reject(new RangeError('secret')) : Promise.resolve(null));
    const queue = await queueWith(...[0, 1, 2].map((n) => failedCall({ n })));
    expect(await redriven(queue)).toEqual({ given: 2, left: 1 });
    expect(said.filter((words) => words.startsWith('left'))).toEqual(['left a call of Tidemark-Ingest: the function failed again (RangeError); its log says why']);
    expect(said.join()).not.toContain('secret');
    answerTo = () => Promise.resolve(null);
    expect(await redriven(queue)).toEqual({ given: 1, left: 0 });
  });

  test('stay where they are when it is only to be said what would be done', async () => {
    const queue = await queueWith(failedCall({ n: 0 }));
    expect(await redriven(queue, { dryRun: true })).toEqual({ given: 0, left: 1 });
    expect([calls, said[0]]).toEqual([[], 'would give a call of Tidemark-Ingest']);
    expect(await redriven(queue)).toEqual({ given: 1, left: 0 });
  });

  test('that were received when somebody stopped it can be given at once', async () => {
    const queue = await queueWith(...[0, 1, 2].map((n) => failedCall({ n })));
    let seen = 0;
    expect(await redriveQueue(queue, { sqs: aws.sqs, lambda, kinesis, tableStreams }, { dryRun: false, isOver: () => seen++ > 0, say: () => undefined })).toEqual({ given: 1, left: 0 });
    expect(await redriven(queue)).toEqual({ given: 2, left: 0 });
  });

  test('come out as the findings that they would have been', async () => {
    const { events } = await readSample(['2026-10-14T20:10']);
    const ports = ingestPorts(aws.variables, aws);
    const handler = createIngestHandler(ports, silentTelemetry());
    answerTo = (event) => handler(event, contextOf('ingest'));
    const deliveries = cut(slice(events, '2026-10-14T20:10', 1_200_000), { milliseconds: 60_000 }).map((some) => ({ awslogs: { data: payloadOf(some.map((event) => JSON.stringify(event))).toString('base64') } }));
    expect(await redriven(await queueWith(...deliveries.map(failedCall)))).toEqual({ given: deliveries.length, left: 0 });
    const found = await ports.findings.query({ cluster, limit: 10 });
    expect(found.map(({ identity }) => identity)).toContain('system:serviceaccount:payments:checkout');
    // Given once more, nothing is found twice.
    await redriven(await queueWith(...deliveries.map(failedCall)));
    expect((await ports.findings.query({ cluster, limit: 10 })).map(({ id }) => id).sort()).toEqual(found.map(({ id }) => id).sort());
  });
});

describe('batches of a stream', () => {
  const data = (index: number) => Buffer.from(`record ${String(index)}`);
  let records: { SequenceNumber: string; ShardId: string }[];
  let streamArn: string;
  beforeAll(async () => {
    await kinesis.send(new CreateStreamCommand({ StreamName: 'audit', ShardCount: 1 }));
    await waitUntilStreamExists({ client: kinesis, maxWaitTime: 20, minDelay: 1 }, { StreamName: 'audit' });
    streamArn = (await kinesis.send(new DescribeStreamCommand({ StreamName: 'audit' }))).StreamDescription?.StreamARN ?? '';
    records = [];
    for (let index = 0; index < 60; index++) records.push(await kinesis.send(new PutRecordCommand({ StreamName: 'audit', PartitionKey: 'a', Data: data(index) })) as (typeof records)[number]);
  });

  /** Source: https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html */
  const failedBatch = (from: number, until: number, given: object = {}) => ({
    requestContext: { requestId: 'c9b8fa9f-5a7f-xmpl-af9c-0c604cde93a5', functionArn, condition: 'RetryAttemptsExhausted', approximateInvokeCount: 21 },
    version: '1.0', timestamp: '2026-10-14T20:20:00.000Z',
    KinesisBatchInfo: { shardId: records[from]?.ShardId, startSequenceNumber: records[from]?.SequenceNumber, endSequenceNumber: records[until]?.SequenceNumber, batchSize: until - from + 1, streamArn, ...given },
  });
  const given = () => calls.flatMap(({ event }) => (event as { Records: { kinesis: { data: string } }[] }).Records.map(({ kinesis: record }) => Buffer.from(record.data, 'base64').toString()));

  test('are read from it and given, these records and no others', async () => {
    expect(await redriven(await queueWith(failedBatch(5, 44)))).toEqual({ given: 1, left: 0 });
    expect(given()).toEqual(Array.from({ length: 40 }, (_, index) => data(index + 5).toString()));
    expect(said[0]).toBe('gave 40 records of audit for Tidemark-Ingest');
  });

  test('stay when the function fails with a part of them', async () => {
    answerTo = () => Promise.resolve({ batchItemFailures: [{ itemIdentifier: records[7]?.SequenceNumber }] });
    expect(await redriven(await queueWith(failedBatch(5, 8)))).toEqual({ given: 0, left: 1 });
  });

  test('stay when the stream has forgotten some of them, with what to do then', async () => {
    expect(await redriven(await queueWith(failedBatch(58, 59, { batchSize: 4 })))).toEqual({ given: 0, left: 1 });
    expect(said[0]).toContain('the stream has 2 of its 4 records: replay that time from the log group');
  });
});

(hasJava ? describe : describe.skip)(`changes of findings${hasJava ? '' : ' (skipped: java is not on the PATH)'}`, () => {
  const tables = { state: 'told-state', findings: 'told-findings' };
  let dynamo: DynamoLocal;
  let changes: { sequence: string; shardId: string; streamArn: string }[];
  let pushed: string[];
  beforeAll(async () => {
    dynamo = await startDynamoLocal();
    tableStreams.destroy();
    tableStreams = new DynamoDBStreamsClient({ ...local, endpoint: dynamo.endpoint });
    await createTables(dynamo.client, tables, true);
    const store = new DynamoFindingStore(dynamo.client, tables.findings);
    for (const letter of 'abcde') await store.put(finding({ id: letter.repeat(24) }));
    const { Table: { LatestStreamArn: streamArn = '' } = {} } = await dynamo.client.send(new DescribeTableCommand({ TableName: tables.findings }));
    const { StreamDescription } = await tableStreams.send(new DescribeTableStreamCommand({ StreamArn: streamArn }));
    const shardId = StreamDescription?.Shards?.[0]?.ShardId ?? '';
    const { ShardIterator } = await tableStreams.send(new GetShardIteratorCommand({ StreamArn: streamArn, ShardId: shardId, ShardIteratorType: 'TRIM_HORIZON' }));
    const { Records = [] } = await tableStreams.send(new GetRecordsCommand({ ShardIterator }));
    changes = Records.map(({ dynamodb }) => ({ sequence: dynamodb?.SequenceNumber ?? '', shardId, streamArn }));
  });
  afterAll(() => dynamo.stop());
  beforeEach(() => {
    pushed = [];
    const notify = createNotifyHandler({ state: new DynamoStateStore(dynamo.client, tables.state), findings: new DynamoFindingStore(dynamo.client, tables.findings), publish: ({ json }) => { pushed.push((JSON.parse(json) as { id: string }).id); return Promise.resolve(); } }, silentTelemetry());
    answerTo = (event) => notify(event, contextOf('notify'));
  });

  /** Source: https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html */
  const failedChanges = (from: number, until: number, batchSize = until - from + 1) => ({
    requestContext: { requestId: '316aa6d0-8154-xmpl-9af7-85d5f4a6bc81', functionArn, condition: 'RetryAttemptsExhausted', approximateInvokeCount: 1 },
    version: '1.0', timestamp: '2026-10-14T20:20:00.000Z',
    DDBStreamBatchInfo: { shardId: changes[from]?.shardId, startSequenceNumber: changes[from]?.sequence, endSequenceNumber: changes[until]?.sequence, approximateArrivalOfFirstRecord: '2026-10-14T20:20:00Z', approximateArrivalOfLastRecord: '2026-10-14T20:20:01Z', batchSize, streamArn: changes[from]?.streamArn },
  });

  test('are read from the table\'s stream, these and no others, and told once, however often they are given', async () => {
    expect(await redriven(await queueWith(failedChanges(1, 3), failedChanges(1, 3)))).toEqual({ given: 2, left: 0 });
    expect(pushed).toEqual(['b', 'c', 'd'].map((letter) => letter.repeat(24)));
    expect(said[0]).toBe('gave 3 records of told-findings for Tidemark-Ingest');
  });

  test('stay when the stream has forgotten some of them, with what to do then', async () => {
    expect(await redriven(await queueWith(failedChanges(4, 4, 2)))).toEqual({ given: 0, left: 1 });
    expect(said[0]).toContain('the stream has 1 of its 2 records: read the findings of that time');
  });
});

describe('records that could not be read', () => {
  const stream = { owner: '123456789012', logGroup: `/aws/eks/${cluster}/cluster`, logStream: 'kube-apiserver-audit-1', subscriptionFilters: ['tidemark'] };
  const origin = { kind: 'log', ...stream } as const;
  const of = { reason: 'the record holds no JSON', source: `${stream.logGroup}/${stream.logStream}`, origin };
  let queueUrl: string;
  let lettersTo: (functionName?: string) => SqsDeadLetters;
  beforeAll(() => {
    queueUrl = aws.variables[environment.deadLetters] ?? '';
    lettersTo = (functionName) => new SqsDeadLetters(aws.sqs, queueUrl, functionName);
    ingest = createIngestHandler(ingestPorts({ ...aws.variables, AWS_LAMBDA_FUNCTION_NAME: 'Ingest' }, aws), silentTelemetry(taken));
  });
  const taken = new Map<string, number>();
  let ingest: IngestHandler;
  beforeEach(async () => {
    taken.clear();
    await drain(aws.sqs, queueUrl);
    answerTo = (event) => ingest(event, contextOf('ingest'));
  });

  test('are given to the function that can read them by now, as of the log stream they came from, a long one and one that lies there twice too', async () => {
    const { events } = await readSample(['2026-10-14T20:10']);
    const records = events.slice(0, 3).map((event) => JSON.stringify(event));
    const long = JSON.stringify({ ...events[3], annotations: { noise: randomBytes(400_000).toString('hex') } });
    for (const record of [...records, ...records, long]) await lettersTo('Ingest').send({ ...of, record });
    expect(await redriven(queueUrl)).toEqual({ given: 7, left: 0 });
    expect([taken.get('Records'), taken.get('Malformed'), await waiting(queueUrl)]).toEqual([7, 0, 0]);
    expect(said[0]).toBe(`gave a record of ${of.source} for Ingest`);
  });

  test('stay, once, with the reason, when it still cannot read them', async () => {
    for (const record of ['{"half":', '{"half":', randomBytes(400_000).toString('hex')]) await lettersTo('Ingest').send({ ...of, reason: (readAuditEvent(record) as MalformedRecordError).message, record });
    const before = lettersOf((await peek(queueUrl)).map(partOf)).map(({ id }) => id).sort();
    const { given, left } = await redriven(queueUrl);
    expect([given, left]).toEqual([0, 2]);
    expect(said[0]).toMatch(/^left a record of .* for Ingest: it still cannot be read: /);
    expect(lettersOf((await peek(queueUrl)).map(partOf)).map(({ id }) => id).sort()).toEqual(before);
    expect(taken.get('Malformed')).toBe(2);
  });

  test.each<[string, string, Origin, object]>([
    ['a payload', 'AAAA', { kind: 'payload' }, { awslogs: { data: 'AAAA' } }],
    ['a file', 's3://logs/a/b.gz', { kind: 'file', bucketName: 'logs', key: 'a/b.gz' }, { Records: [{ body: '{"detail":{"bucket":{"name":"logs"},"object":{"key":"a/b.gz"}}}' }] }],
    ['an event', '{"detail-type":"x"}', { kind: 'event' }, { 'detail-type': 'x' }],
  ])('are given as what they came in: %s', async (_name, record, from, event) => {
    answerTo = () => Promise.resolve({ malformed: 0 });
    await lettersTo('Any').send({ ...of, record, origin: from });
    expect(await redriven(queueUrl)).toEqual({ given: 1, left: 0 });
    expect(calls).toEqual([{ path: '/2015-03-31/functions/Any/invocations', event }]);
  });

  test('stay when parts of them are missing, or an older release put them there', async () => {
    await lettersTo('Ingest').send({ ...of, record: randomBytes(400_000).toString('hex') });
    const { Messages: [part] = [] } = await aws.sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl }));
    await aws.sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: part?.ReceiptHandle }));
    await lettersTo().send({ ...of, record: 'x' });
    expect((await redriven(queueUrl)).given).toBe(0);
    expect(calls).toEqual([]);
    expect(said.join('\n')).toMatch(/an older release put it there.*\n.*the rest of the record is not in the queue/);
  });
});

describe('mails that were not delivered', () => {
  const id = 'a'.repeat(24);
  /** Source: https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html */
  const notification = (Message: string) => ({ Type: 'Notification', MessageId: '1', TopicArn: 'arn:aws:sns:eu-west-1:123456789012:t', Subject: 'HIGH', Message, Timestamp: '2026-10-14T20:20:00.000Z' });
  const bodies: [string, object][] = [
    ['a mail', notification(notificationFor(undefined, finding({ id }))?.text ?? '')],
    ['a message to a program', notification(JSON.stringify(finding({ id })))],
    ['a message to a program that gets it bare', finding({ id })],
  ];

  test.each(bodies)('are told again by the function that is named: %s', async (_name, body) => {
    const queue = await queueWith(body);
    expect(await redriven(queue)).toEqual({ given: 0, left: 1 });
    expect(await redriven(queue, { to: 'https://sqs.eu-west-1.amazonaws.com/123456789012/work' })).toEqual({ given: 0, left: 1 });
    expect(calls).toEqual([]);
    expect(await redriven(queue, { to: 'Tidemark-Notify' })).toEqual({ given: 1, left: 0 });
    expect(calls).toEqual([{ path: '/2015-03-31/functions/Tidemark-Notify/invocations', event: { tellAgain: [id] } }]);
    expect(said.at(-2)).toBe(`gave finding ${id} to all who are subscribed`);
  });
});

test('several mails of one finding are told again as one', async () => {
  const mail = (id: string) => ({ Type: 'Notification', TopicArn: 'arn:aws:sns:eu-west-1:123456789012:t', Message: `HIGH\n\ntidemark finding ${id}` });
  const queue = await queueWith(mail('a'.repeat(24)), mail('b'.repeat(24)), mail('a'.repeat(24)));
  expect(await redriven(queue, { to: 'Tidemark-Notify' })).toEqual({ given: 3, left: 0 });
  expect(calls.map(({ event }) => event).sort()).toEqual([{ tellAgain: ['a'.repeat(24)] }, { tellAgain: ['b'.repeat(24)] }]);
});

describe('other messages', () => {
  const file = { detail: { bucket: { name: 'flow-logs' }, object: { key: 'a.gz' } } };

  test('are put back into the queue that is named, and stay when none is', async () => {
    const [failed, work] = [await queueWith(file), await queueWith()];
    expect(await redriven(failed)).toEqual({ given: 0, left: 1 });
    expect(await redriven(failed, { to: work })).toEqual({ given: 1, left: 0 });
    const { Messages: [message] = [] } = await aws.sqs.send(new ReceiveMessageCommand({ QueueUrl: work }));
    expect(JSON.parse(message?.Body ?? '')).toEqual(file);
  });

  test.each(['', 'no JSON', '[]', '{"requestContext":{"functionArn":7}}', '{"requestPayload":{}}'])('whatever they are, %j, call nothing', async (body) => {
    const queue = await queueWith(body === '' ? ' ' : body);
    expect(await redriven(queue)).toEqual({ given: 0, left: 1 });
    expect(calls).toEqual([]);
    expect(await waiting(queue)).toBe(1);
  });
});

test.each([[['--to', 'not a name'], 'is neither'], [['--to', 'https://sqs.eu-west-1.amazonaws.com/1/a'], 'is among the queues']])('the command line refuses %j', async (options, words) => {
  expect(await tidemark(['redrive', 'https://sqs.eu-west-1.amazonaws.com/1/a', ...options])).toMatchObject({ code: 2, errors: expect.stringContaining(words) });
});

test('the command line asks for URLs', async () => {
  expect(await tidemark(['redrive', 'FailedDeliveries'])).toMatchObject({ code: 2, errors: expect.stringContaining('FailedDeliveries is no URL') });
});
