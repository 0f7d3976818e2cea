import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newLearning, updateLearning } from '../../lib/backfill/learning.ts';
import { backfillEnvironment } from '../../lambdas/backfill-scope.ts';
import { DynamoStateStore } from '../../lambdas/dynamodb-state-store.ts';
import { historyRoleName, historyRoleVariable } from '../../lambdas/history-role.ts';
import { itemOf } from '../../lambdas/finding-item.ts';
import { flowEnvironment } from '../../lambdas/flow-sources.ts';
import { startEmbeddedAws, type EmbeddedAws } from '../../lambdas/local/embedded-aws.ts';
import { drain } from '../../lambdas/local/queue.ts';
import { environment } from '../../lambdas/tables.ts';
import { watchEnvironment } from '../../lambdas/watch-scope.ts';
import { CloudWatchLogsServer } from '../backfill/cloudwatch-logs.ts';
import { RolesServer } from '../backfill/roles.ts';
import { readLearning } from '../backfill/stored-learning.ts';
import { delivered, loggingChange, scope } from '../lib/trail/calls.ts';
import { auditEvent, subscriptionPayload } from '../lambdas/deliveries.ts';
import { finding } from '../lambdas/findings.ts';
import { createTidemark, withFlowLogs, withLists } from './synthesis.ts';

/** Raise it only with a reason: what is loaded at a cold start is waited for. */
const maxBytes = 1_200_000;

const cleanProcess = fileURLToPath(new URL('clean-process.ts', import.meta.url));
let aws: EmbeddedAws;
/** Outside of the project, so that nothing is found in its node_modules. */
let folder: string;
/** What is unpacked at `/opt` of the flows function. */
let lists: string;
let bundles: Record<'ingest' | 'flows' | 'notify' | 'watch' | 'backfill', string>;

beforeAll(async () => {
  aws = await startEmbeddedAws();
  folder = await mkdtemp(join(tmpdir(), 'tidemark-'));
  bundles = await deployedAssets(folder);
});
afterAll(async () => {
  await aws.stop();
  await rm(folder, { recursive: true });
});

/** Makes what would be uploaded, and finds each function's code by its logical id. */
async function deployedAssets(outdir: string): Promise<typeof bundles> {
  const { app, stack } = createTidemark({ ...withLists, ...withFlowLogs }, { bundled: true, outdir });
  const template = app.synth().getStackByName(stack.stackName).template as { Resources: Record<string, { Type: string; Properties: { Code: { S3Key: string }; Content?: { S3Key: string } } }> };
  const codeOf = (start: string) => {
    const found = Object.entries(template.Resources).find(([id, { Type }]) => Type === 'AWS::Lambda::Function' && id.startsWith(start));
    return join(outdir, `asset.${found?.[1].Properties.Code.S3Key.replace('.zip', '') ?? ''}`, 'index.mjs');
  };
  const found = { ingest: codeOf('TidemarkIngest'), flows: codeOf('TidemarkFlows'), notify: codeOf('TidemarkNotify'), watch: codeOf('TidemarkWatch'), backfill: codeOf('TidemarkBackfill') };
  const layer = Object.values(template.Resources).find(({ Type }) => Type === 'AWS::Lambda::LayerVersion');
  lists = join(outdir, `asset.${layer?.Properties.Content?.S3Key.replace('.zip', '') ?? ''}`, 'address-lists');
  for (const bundle of Object.values(found)) expect(await readdir(dirname(bundle))).toEqual(['index.mjs']);
  return found;
}

/** Calls a bundle's handler in a process that knows nothing but its environment. */
async function call(bundle: string, event: unknown, variables: Readonly<Record<string, string>> = aws.variables): Promise<unknown> {
  const child = fork(cleanProcess, { env: { PATH: process.env['PATH'], ...variables }, execArgv: [], cwd: folder, stdio: 'ignore' });
  const answered = Promise.race([once(child, 'message'), once(child, 'exit')]);
  child.send({ bundle, event });
  const [message] = (await answered) as [unknown];
  return message;
}

describe('the deployed asset of ingest', () => {
  const deliver = (payload: Buffer) => call(bundles.ingest, { awslogs: { data: payload.toString('base64') } });

  test('answers a delivery', async () => {
    expect(await deliver(subscriptionPayload([auditEvent('a')]))).toEqual({ answer: { batchItemFailures: [], malformed: 0 } });
  });

  test('puts a record that cannot be read into its queue', async () => {
    expect(await deliver(subscriptionPayload(['{"kind":']))).toEqual({ answer: { batchItemFailures: [], malformed: 1 } });
    expect(await drain(aws.sqs, aws.variables[environment.deadLetters] ?? '')).toHaveLength(1);
  });

  test('answers what CloudWatch Logs sends to see whether it may', async () => {
    expect(await deliver(gzipSync(JSON.stringify({ messageType: 'CONTROL_MESSAGE', owner: 'CloudwatchLogs', logGroup: '', logStream: '', subscriptionFilters: [], logEvents: [{ id: '', timestamp: 0, message: 'CWL CONTROL MESSAGE: Checking health of destination Lambda function.' }] })))).toEqual({ answer: { batchItemFailures: [], malformed: 0 } });
  });
});

describe('the deployed asset of flows', () => {
  const message = { messageType: 'DATA_MESSAGE', owner: '123456789012', logGroup: '/vpc/shared', logStream: 'eni-0a1b-all', subscriptionFilters: ['tidemark'], logEvents: [{ id: '0', timestamp: 0, message: '2 123456789012 eni-0a1b 10.0.1.5 203.0.113.9 40000 443 6 20 4249 1790000000 1790000060 ACCEPT OK' }] };
  const event = { awslogs: { data: gzipSync(JSON.stringify(message)).toString('base64') } };

  test('takes in a delivery', async () => {
    expect(await call(bundles.flows, event, { ...aws.variables, [flowEnvironment.sources]: JSON.stringify(withFlowLogs.flowLogs) })).toEqual({ answer: { malformed: 0 } });
  });

  test('reads the lists that are deployed with it, and says when they are not there', async () => {
    const variables = { ...aws.variables, [flowEnvironment.sources]: JSON.stringify(withFlowLogs.flowLogs) };
    expect((await readdir(lists)).sort()).toEqual(['ip-ranges.json', 'threat-list-0', 'threat-list-1']);
    expect(await call(bundles.flows, event, { ...variables, [flowEnvironment.lists]: lists })).toEqual({ answer: { malformed: 0 } });
    expect(await call(bundles.flows, event, { ...variables, [flowEnvironment.lists]: join(lists, 'nowhere') })).toEqual({ error: expect.stringContaining('ENOENT') });
  });

  test('names the variable that a deployment forgot', async () => {
    expect(await call(bundles.flows, event)).toEqual({ error: 'ConfigurationError: the environment variable FLOW_SOURCES is not set' });
  });
});

describe('the deployed asset of notify', () => {
  test('tells of a finding', async () => {
    const record = { eventName: 'INSERT', dynamodb: { SequenceNumber: '1', Keys: { id: { S: finding().id } }, NewImage: itemOf(finding(), 0) } };
    expect(await call(bundles.notify, { Records: [record] })).toEqual({ answer: { batchItemFailures: [] } });
    expect(await drain(aws.sqs, aws.mailQueueUrl)).toHaveLength(1);
  });

  test('names the variable that a deployment forgot', async () => {
    expect(await call(bundles.notify, { Records: [] }, {})).toEqual({ error: 'ConfigurationError: the environment variable STATE_TABLE is not set' });
  });
});

describe('the deployed asset of watch', () => {
  test('takes in a call of AWS, and looks whether logs still speak', async () => {
    const variables = { ...aws.variables, [watchEnvironment.scope]: JSON.stringify({ ...scope, discovers: false }) };
    for (const event of [delivered(loggingChange(false)), { 'detail-type': 'Scheduled Event' }]) expect(await call(bundles.watch, event, variables)).toEqual({ answer: { malformed: 0 } });
  });

  test('names the variable that a deployment forgot', async () => {
    expect(await call(bundles.watch, {})).toEqual({ error: 'ConfigurationError: the environment variable WATCH_SCOPE is not set' });
  });
});

describe('the deployed asset of backfill', () => {
  const event = { Records: [{ body: '{"cluster":"prod"}' }] };

  test('reads the log of a cluster elsewhere by the role that its account has for it', async () => {
    const cluster = '444455556666/us-east-1/prod';
    const [logs, roles] = [await CloudWatchLogsServer.start(), await RolesServer.start()];
    try {
      const now = Date.now();
      logs.put('/aws/eks/prod/cluster', [{ timestamp: now - 3_600_000, message: auditEvent('before') }]);
      const state = new DynamoStateStore(aws.dynamo, aws.variables[environment.stateTable] ?? '');
      await updateLearning(state, cluster, () => newLearning(now, now - 86_400_000));
      const variables = { ...aws.variables, [backfillEnvironment.queue]: aws.mailQueueUrl, [historyRoleVariable]: `arn:aws:iam::{account}:role/${historyRoleName('{region}')}`, AWS_ENDPOINT_URL_STS: roles.endpoint, AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: logs.endpoint };
      expect(await call(bundles.backfill, { Records: [{ body: JSON.stringify({ cluster }) }] }, variables)).toEqual({});
      expect(roles.taken).toEqual(['arn:aws:iam::444455556666:role/tidemark-history-us-east-1']);
      expect(new Set(logs.signers)).toEqual(new Set(['of-the-role us-east-1']));
      expect(await readLearning(state, cluster)).toMatchObject({ phase: 'closing', events: 1 });
    } finally {
      await Promise.all([logs.stop(), roles.stop()]);
    }
  });

  test('has nothing to do for a cluster whose learning nobody began', async () => {
    expect(await call(bundles.backfill, event, { ...aws.variables, [backfillEnvironment.queue]: aws.mailQueueUrl })).toEqual({});
  });

  test('names the variable that a deployment forgot', async () => {
    expect(await call(bundles.backfill, event)).toEqual({ error: 'ConfigurationError: the environment variable BACKFILL_QUEUE_URL is not set' });
  });
});

describe.each(['ingest', 'flows', 'notify', 'watch', 'backfill'] as const)('the bundle of %s', (name) => {
  test('is small', async () => {
    expect((await readFile(bundles[name])).length).toBeLessThan(maxBytes);
  });

  test.each(['aws-cdk-lib', 'cdk-nag', 'dynalite', 'fauxqs', 'lambdas/local', 'sourceMappingURL'])('has nothing of %s', async (foreign) => {
    expect(await readFile(bundles[name], 'utf8')).not.toContain(foreign);
  });
});
