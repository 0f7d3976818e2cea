import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { clientSettings, maxAttempts } from '../../lambdas/client-settings.ts';
import { Patience } from '../../lambdas/patience.ts';

interface Answer { readonly status: number; readonly body: string }
type Send = (patience: Patience, requestTimeout?: number) => Promise<unknown>;

const json = (status: number, code: string): Answer => ({ status, body: JSON.stringify({ __type: `com.amazonaws#${code}`, message: code }) });
const xml = (status: number, code: string): Answer => ({ status, body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${code}</Message></Error></ErrorResponse>` });

let server: Server;
let requests = 0;
/** What the service answers, again and again; `undefined` is no answer at all. */
let failure: Answer | undefined;
/** So many failures; then all is well. */
let failures = 0;
beforeAll(async () => {
  server = createServer((_request, response) => {
    if (requests++ < failures) {
      if (failure) response.writeHead(failure.status).end(failure.body);
      return;
    }
    response.writeHead(200).end(_request.headers['x-amz-target'] === undefined ? '<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>' : '{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => { server.closeAllConnections(); server.close(); });
beforeEach(() => { requests = 0; });

const impatient = () => new Patience({ random: () => 0 });

function settings(patience: Patience, requestTimeout = 5000) {
  const { port } = server.address() as AddressInfo;
  const made = clientSettings(patience);
  return { ...made, requestHandler: { ...made.requestHandler, requestTimeout }, region: 'eu-west-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' }, endpoint: `http://127.0.0.1:${String(port)}` };
}

const getItem: Send = (patience, requestTimeout) => new DynamoDBClient(settings(patience, requestTimeout)).send(new GetItemCommand({ TableName: 'state', Key: { key: { S: 'a' } } }));
const sendMessage: Send = (patience) => new SQSClient({ ...settings(patience), md5: false }).send(new SendMessageCommand({ QueueUrl: 'http://127.0.0.1/q', MessageBody: 'a' }));
const publish: Send = (patience) => new SNSClient(settings(patience)).send(new PublishCommand({ TopicArn: 'arn:aws:sns:eu-west-1:123456789012:t', Message: 'a' }));

describe('a call is made again', () => {
  test.each<[string, Send, Answer]>([
    ['DynamoDB throttles', getItem, json(400, 'ProvisionedThroughputExceededException')],
    ['DynamoDB throttles the account', getItem, json(400, 'ThrottlingException')],
    ['DynamoDB has a fault', getItem, json(500, 'InternalServerError')],
    ['SQS is throttled by KMS', sendMessage, json(400, 'KmsThrottled')],
    ['SQS throttles', sendMessage, json(400, 'RequestThrottled')],
    ['SNS is throttled by KMS', publish, xml(400, 'KMSThrottling')],
    ['SNS throttles', publish, xml(429, 'Throttled')],
    ['SNS is away', publish, xml(503, 'ServiceUnavailable')],
  ])('while %s, for a bounded number of times', async (_name, send, answer) => {
    failure = answer;
    failures = maxAttempts - 1;
    await send(impatient());
    expect(requests).toBe(maxAttempts);
    requests = 0;
    failures = Infinity;
    await expect(send(impatient())).rejects.toThrow();
    expect(requests).toBe(maxAttempts);
  });

  test('when no answer comes', async () => {
    failure = undefined;
    failures = 2;
    await getItem(impatient(), 20);
    expect(requests).toBe(3);
  });
});

describe('a call is not made again', () => {
  test.each<[string, Send, Answer]>([
    ['the table is not allowed', getItem, json(400, 'ValidationException')],
    ['the key is disabled', sendMessage, json(400, 'KmsDisabled')],
    ['the topic is not there', publish, xml(404, 'NotFound')],
  ])('when %s', async (_name, send, answer) => {
    failure = answer;
    failures = 1;
    await expect(send(impatient())).rejects.toThrow();
    expect(requests).toBe(1);
  });

  test('when the function has no time left, and what went wrong is told', async () => {
    failure = json(400, 'ProvisionedThroughputExceededException');
    failures = Infinity;
    const patience = impatient();
    patience.begin(0);
    await expect(getItem(patience)).rejects.toMatchObject({ name: 'ProvisionedThroughputExceededException' });
    expect(requests).toBe(1);
  });
});
