import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Duration, RemovalPolicy, Validations, type Stack } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { createApp } from '../../infra/create-app.ts';
import type { TidemarkProps } from '../../infra/tidemark.ts';
import { createTidemark, logCombinations, withAllLogs, withEveryCluster, withFlowLogFiles, withSenders, withStream } from './synthesis.ts';

function violationsOf(scope: Stack): string[] {
  const { violations } = new AwsSolutionsChecks(scope).validateScope(scope);
  return violations.flatMap(({ ruleName, violatingResources = [] }) => violatingResources.map(({ constructPath = '' }) => `${ruleName} ${String(constructPath)}`));
}

test.each(logCombinations)('the AwsSolutions rules find nothing with %s', (_, props) => {
  expect(violationsOf(createTidemark(props).stack)).toEqual([]);
});

describe.each<readonly [string, Partial<TidemarkProps>]>([['no logs of the network', {}], ['all logs of the network', withAllLogs]])('with %s the AwsSolutions rules find nothing', (_, logs) => {
  const choices: readonly (readonly Partial<TidemarkProps>[])[] = [
    [{ clusters: ['prod', 'staging'] }, withEveryCluster],
    [{}, withStream],
    [{}, withSenders],
    [{}, { watch: false }],
    [{}, { backfill: Duration.days(0) }],
    [{}, { dashboard: false }],
    [{}, { tracing: false }],
    [{}, { mailAddresses: [], minimumSeverity: 'critical', removalPolicy: RemovalPolicy.DESTROY }],
  ];
  const combinations = choices.reduce<Partial<TidemarkProps>[]>((some, of) => some.flatMap((one) => of.map((choice) => ({ ...one, ...choice }))), [logs]);

  test('in each of the 256 combinations of the props that make or leave something', () => {
    expect(combinations).toHaveLength(256);
    for (const props of combinations) expect([props, violationsOf(createTidemark(props).stack)]).toEqual([props, []]);
  });

  test('in a named account and region', () => {
    const env = { account: '111122223333', region: 'eu-west-1' };
    for (const props of [{}, withEveryCluster, withSenders]) expect(violationsOf(createTidemark({ clusters: ['prod', 'staging'], ...logs, ...props }, { env }).stack)).toEqual([]);
  });
});

test('the AwsSolutions rules find what is wrong', () => {
  const { stack } = createTidemark();
  new Queue(stack, 'Plain');
  expect(violationsOf(stack)).toEqual(['AwsSolutions-SQS3 Stack/Plain/Resource', 'AwsSolutions-SQS4 Stack/Plain/Resource']);
});

test('two rules are excused: one for dead-letter queues, and one for what has no name of its own, files of logs, log groups and traces', () => {
  const { stack } = createTidemark(withFlowLogFiles);
  const key = Validations.ACKNOWLEDGED_RULES_METADATA_KEY;
  const excused = stack.node.findAll().flatMap(({ node }) => node.metadata.filter(({ type }) => type === key).map(({ data }) => [node.path, data as unknown]));
  const reason = { 'Annotation::AwsSolutions-SQS3': 'This is a dead-letter queue itself: nothing takes messages out of it but a person.' };
  const traces = { 'Annotation::AwsSolutions-IAM5[Resource::*]': expect.stringMatching('^X-Ray has no resource for what is sent to it') };
  expect(excused).toEqual([
    ['Stack/Tidemark/UndeliveredMail', reason],
    ['Stack/Tidemark/Ingest/MalformedRecords', reason],
    ['Stack/Tidemark/Ingest/FailedDeliveries', reason],
    ['Stack/Tidemark/Ingest/Handler/Role', traces],
    ['Stack/Tidemark/Notify/FailedNotifications', reason],
    ['Stack/Tidemark/Notify/Handler/Role', traces],
    ['Stack/Tidemark/Flows/MalformedRecords', reason],
    ['Stack/Tidemark/Flows/FailedDeliveries', reason],
    ['Stack/Tidemark/Flows/Handler/Role', traces],
    ...['network-logs/AWSLogs/*', 'staging-logs/*'].map((objects) => ['Stack/Tidemark/Flows/Handler/Role', { [`Annotation::AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::${objects}]`]: 'AWS names the files of a log by time: only what their keys begin with is known.' }]),
    ['Stack/Tidemark/Flows/Files/FailedFiles', reason],
    ['Stack/Tidemark/Backfill/FailedLearnings', reason],
    ['Stack/Tidemark/Backfill/Handler/Role', traces],
    ...['prod', 'staging'].map((cluster) => ['Stack/Tidemark/Backfill/Handler/Role', { [`Annotation::AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:/aws/eks/${cluster}/cluster:*]`]: 'The ARN of a log group ends so in a policy: it is one log group.' }]),
    ['Stack/Tidemark/Watch/FailedEvents', reason],
    ['Stack/Tidemark/Watch/Handler/Role', traces],
  ]);
});

test('with a stream one rule more is excused, for its key', () => {
  const { stack } = createTidemark(withStream);
  const stream = stack.node.findChild('Tidemark').node.findChild('Ingest').node.findChild('Stream').node.findChild('Stream');
  const excused = stream.node.metadata.filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY).map(({ data }) => data as unknown);
  expect(excused).toEqual([{ 'Annotation::AwsSolutions-KDS3': expect.stringMatching('^Audit logs are encrypted everywhere by the one key') }]);
});

test('the app is not made while the rules find something', async () => {
  const outdir = await mkdtemp(join(tmpdir(), 'tidemark-'));
  const app = createApp({ outdir, context: { clusters: 'prod', mail: 'none', 'aws:cdk:bundling-stacks': [] } });
  new Queue(app.node.findChild('Tidemark'), 'Plain');
  expect(() => app.synth()).toThrow('SQS queue is not used as a dead-letter queue');
  await rm(outdir, { recursive: true });
});
