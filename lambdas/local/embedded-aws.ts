import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import dynalite from 'dynalite';
import { buildApp } from 'fauxqs';
import { Patience } from '../patience.ts';
import type { Clients } from '../ports.ts';
import { environment } from '../tables.ts';
import { createTables } from './create-tables.ts';

const region = 'eu-west-1';
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
const tables = { state: 'state', findings: 'findings' } as const;

/** DynamoDB, SNS and SQS inside this process, in memory, reachable from this machine only. */
export interface EmbeddedAws extends Clients {
  /** The environment of a function deployed here: names of what it uses, endpoints and credentials. */
  readonly variables: Readonly<Record<string, string>>;
  /** A queue that is subscribed to the topic, where all that is published can be read. */
  readonly mailQueueUrl: string;
  /** Ends the servers; what they held is gone. */
  stop(): Promise<void>;
}

/** Starts the embedded services with empty tables, a topic and queues. */
export async function startEmbeddedAws(): Promise<EmbeddedAws> {
  const database = await startDatabase();
  const messaging = await startMessaging();
  const dynamo = new DynamoDBClient({ region, credentials, endpoint: database.endpoint });
  const sns = new SNSClient({ region, credentials, endpoint: messaging.endpoint });
  const sqs = new SQSClient({ region, credentials, endpoint: messaging.endpoint });
  await createTables(dynamo, tables);
  const deadLetterQueueUrl = await createQueue(sqs, 'dead-letters');
  const mailQueueUrl = await createQueue(sqs, 'mails');
  const topicArn = await createTopic(sns, await arnOf(sqs, mailQueueUrl));
  return {
    dynamo,
    sns,
    sqs,
    patience: new Patience(),
    mailQueueUrl,
    variables: {
      [environment.stateTable]: tables.state,
      [environment.findingsTable]: tables.findings,
      [environment.topic]: topicArn,
      [environment.deadLetters]: deadLetterQueueUrl,
      ...endpointVariables(database.endpoint, messaging.endpoint),
    },
    stop: async () => {
      for (const client of [dynamo, sns, sqs]) client.destroy();
      await Promise.all([database.stop(), messaging.stop()]);
    },
  };
}

interface LocalService {
  readonly endpoint: string;
  stop(): Promise<void>;
}

async function startDatabase(): Promise<LocalService> {
  const server = dynalite({ createTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const stop = () => new Promise<void>((resolve, reject) => server.close((error) => { if (error) reject(error); else resolve(); }));
  return { endpoint: `http://127.0.0.1:${String(port)}`, stop };
}

async function startMessaging(): Promise<LocalService> {
  // Its own start function would listen on all interfaces.
  const app = buildApp({ logger: false, defaultRegion: region });
  const endpoint = await app.listen({ port: 0, host: '127.0.0.1' });
  return { endpoint, stop: async () => { await app.close(); } };
}

async function createQueue(sqs: SQSClient, name: string): Promise<string> {
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  return QueueUrl;
}

async function arnOf(sqs: SQSClient, QueueUrl: string): Promise<string> {
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  return Attributes?.['QueueArn'] ?? '';
}

async function createTopic(sns: SNSClient, queueArn: string): Promise<string> {
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'findings' }));
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: queueArn }));
  return TopicArn;
}

function endpointVariables(database: string, messaging: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL_DYNAMODB: database,
    AWS_ENDPOINT_URL_SNS: messaging,
    AWS_ENDPOINT_URL_SQS: messaging,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  };
}
