import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { DescribeTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';

const directory = fileURLToPath(new URL('../../node_modules/amplify-dynamodb-simulator/emulator/', import.meta.url));
const region = 'eu-west-1';

/** Whether Amazon's DynamoDB Local can be started here: it is a Java program. */
export const hasJava = spawnSync('java', ['-version']).status === 0;

/** Amazon's DynamoDB Local, in a process of its own, in memory. */
export interface DynamoLocal {
  readonly client: DynamoDBClient;
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** Starts DynamoDB Local on a free port and waits until it answers. */
export async function startDynamoLocal(): Promise<DynamoLocal> {
  const port = await freePort();
  const options = ['-Djava.library.path=./DynamoDBLocal_lib', '-jar', 'DynamoDBLocal.jar', '-inMemory', '-disableTelemetry', '-port', String(port)];
  const server = spawn('java', options, { cwd: directory, stdio: 'ignore' });
  const endpoint = `http://127.0.0.1:${String(port)}`;
  const settings = { region, credentials: { accessKeyId: 'local', secretAccessKey: 'local' }, endpoint };
  const patient = new DynamoDBClient({ ...settings, maxAttempts: 50 });
  // The client tries again while the connection is refused.
  await patient.send(new ListTablesCommand()).catch((error: unknown) => { server.kill(); throw error; });
  patient.destroy();
  const client = new DynamoDBClient(settings);
  const stop = async () => {
    client.destroy();
    server.kill();
    await once(server, 'exit');
  };
  return { client, endpoint, stop };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const answers = {
  DescribeStream: z.object({ StreamDescription: z.object({ Shards: z.array(z.object({ ShardId: z.string() })) }) }),
  GetShardIterator: z.object({ ShardIterator: z.string() }),
  GetRecords: z.object({ Records: z.array(z.unknown()), NextShardIterator: z.string().optional() }),
};

/** Reads the first `count` records of a table's stream, in the form a function gets them. */
export async function readStream({ client, endpoint }: DynamoLocal, table: string, count: number): Promise<unknown[]> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));
  const StreamArn = Table?.LatestStreamArn;
  const { StreamDescription } = await streamRequest(endpoint, 'DescribeStream', { StreamArn });
  const records: unknown[] = [];
  for (const { ShardId } of StreamDescription.Shards) {
    const from = { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' };
    let next: string | undefined = (await streamRequest(endpoint, 'GetShardIterator', from)).ShardIterator;
    while (next !== undefined && records.length < count) {
      const page: z.infer<typeof answers.GetRecords> = await streamRequest(endpoint, 'GetRecords', { ShardIterator: next });
      records.push(...page.Records);
      next = page.NextShardIterator;
    }
  }
  return records;
}

/** The streams API as plain JSON over HTTP: its answers are what functions get, and DynamoDB Local checks no signature. */
async function streamRequest<Name extends keyof typeof answers>(endpoint: string, name: Name, input: object): Promise<z.infer<(typeof answers)[Name]>> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDBStreams_20120810.${name}`,
      authorization: `AWS4-HMAC-SHA256 Credential=local/20260101/${region}/dynamodb/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify(input),
  });
  return answers[name].parse(await response.json()) as z.infer<(typeof answers)[Name]>;
}
