import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { App, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { SettingsError, settingsOf } from '../../infra/settings.ts';
import { TidemarkStack } from '../../infra/tidemark-stack.ts';

function createStack(context: Record<string, unknown>): TidemarkStack {
  return new TidemarkStack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'Tidemark', settingsOf(context));
}

function warningsOf(context: Record<string, unknown>): string[] {
  return Annotations.fromStack(createStack(context)).findWarning('*', Match.anyValue()).map(({ entry }) => entry.data as string);
}

describe('settings', () => {
  test('have defaults for all that is no choice of the reader', () => {
    expect(settingsOf({})).toEqual({ clusters: [], home: undefined, senders: undefined, senderClusters: ['*'], intake: 'direct', flowLogs: [], resolverLogs: [], threatLists: [], mail: undefined, minimumSeverity: 'medium', logRetention: 30, removalPolicy: RemovalPolicy.RETAIN, watch: true, dashboard: true, tracing: true, usualSilence: Duration.minutes(30), backfill: Duration.days(14), alarmTopic: undefined });
  });

  test('are read as the command line gives them', () => {
    const given = { clusters: 'prod, staging', home: '111122223333/eu-west-1', senderAccounts: '444455556666, 777788889999', senderOrganization: 'o-abcdefghij', senderRegions: 'eu-west-1,us-east-1', senderClusters: 'prod', intake: 'stream', flowLogGroups: 'prod=/vpc/prod, staging=/vpc/staging', flowLogFormat: '${srcaddr} ${dstaddr} ${bytes} ${start}', flowLogBuckets: 'prod=network-logs/AWSLogs/,staging=staging-logs', resolverLogGroups: 'prod=/dns', resolverLogBuckets: 'prod=dns-logs/prod', ipRanges: 'ip-ranges.json', threatLists: 'bad.txt,worse.json', mail: 'a@shop.example', minimumSeverity: 'high', logRetentionDays: '90', removalPolicy: 'destroy', watch: 'off', silenceMinutes: '60', backfillDays: '0', dashboard: 'off', tracing: 'off', alarmTopic: 'arn:aws:sns:eu-west-1:123456789012:faults' };
    const flowLogs = [
      ...['prod', 'staging'].map((cluster) => ({ cluster, logGroupName: `/vpc/${cluster}`, format: given.flowLogFormat })),
      { cluster: 'prod', bucketName: 'network-logs', prefix: 'AWSLogs/' },
      { cluster: 'staging', bucketName: 'staging-logs' },
    ];
    const resolverLogs = [{ cluster: 'prod', logGroupName: '/dns' }, { cluster: 'prod', bucketName: 'dns-logs', prefix: 'prod' }];
    const senders = { accounts: ['444455556666', '777788889999'], organization: 'o-abcdefghij', regions: ['eu-west-1', 'us-east-1'] };
    expect(settingsOf(given)).toEqual({ clusters: ['prod', 'staging'], home: { account: '111122223333', region: 'eu-west-1' }, senders, senderClusters: ['prod'], intake: 'stream', flowLogs, resolverLogs, ipRanges: 'ip-ranges.json', threatLists: ['bad.txt', 'worse.json'], mail: ['a@shop.example'], minimumSeverity: 'high', logRetention: 90, removalPolicy: RemovalPolicy.DESTROY, watch: false, dashboard: false, tracing: false, usualSilence: Duration.minutes(60), backfill: Duration.days(0), alarmTopic: given.alarmTopic });
  });

  test('are read as a file gives them', () => {
    expect(settingsOf({ clusters: ['prod', 'staging'], flowLogGroups: ['prod=/vpc'], mail: 'none', logRetentionDays: 7 })).toMatchObject({ clusters: ['prod', 'staging'], flowLogs: [{ cluster: 'prod', logGroupName: '/vpc' }], mail: [], logRetention: 7 });
  });

  test.each([
    [{ clusters: 'prod,' }, 'clusters is "prod,"; write -c clusters=first,second'],
    [{ clusters: [1] }, 'clusters is [1]; write -c clusters=first,second'],
    [{ home: '111122223333' }, 'home is 111122223333; write -c home=ACCOUNT/REGION, such as 111122223333/eu-west-1'],
    [{ home: '111122223333/europe' }, 'home is 111122223333/europe; write -c home=ACCOUNT/REGION'],
    [{ senderAccounts: '444455556666', senderRegions: 'eu-west-1' }, 'who sends must know where to: write -c home=ACCOUNT/REGION'],
    [{ senderOrganization: 'o-abcdefghij', home: '111122223333/eu-west-1' }, 'senderRegions must name the regions in which clusters of the senders are'],
    [{ senderRegions: 'eu-west-1' }, 'senderRegions and senderClusters say nothing without senderAccounts or senderOrganization'],
    [{ senderAccounts: [444455556666] }, 'senderAccounts is [444455556666]; write -c senderAccounts=first,second'],
    [{ senderAccount: '444455556666' }, 'there is no setting senderAccount; did you mean -c senderAccounts=...?'],
    [{ intake: 'kinesis' }, 'intake is kinesis; it must be one of direct, stream'],
    [{ flowLogGroups: '/vpc' }, 'flowLogGroups has /vpc; write -c flowLogGroups=CLUSTER=LOG-GROUP,'],
    [{ flowLogBuckets: 'network-logs' }, 'flowLogBuckets has network-logs; write -c flowLogBuckets=CLUSTER=BUCKET/PREFIX,'],
    [{ resolverLogGroups: '/dns' }, 'resolverLogGroups has /dns; write -c resolverLogGroups=CLUSTER=LOG-GROUP,'],
    [{ resolverLogBuckets: 'dns-logs' }, 'resolverLogBuckets has dns-logs; write -c resolverLogBuckets=CLUSTER=BUCKET/PREFIX,'],
    [{ flowLogFormat: 'srcaddr' }, 'flowLogFormat says nothing without flowLogGroups'],
    [{ flowLog: 'prod=/vpc' }, 'there is no setting flowLog; did you mean -c flowLogGroups=...?'],
    [{ minimumSeverity: 'low' }, 'minimumSeverity is low; it must be one of medium, high, critical'],
    [{ logRetentionDays: '31' }, 'logRetentionDays is 31; it must be one of 1, 3, 5, 7, 14, 30,'],
    [{ removalPolicy: 'keep' }, 'removalPolicy is keep; it must be one of retain, destroy'],
    [{ watch: 'false' }, 'watch is false; it must be one of on, off'],
    [{ silenceMinutes: '1h' }, 'silenceMinutes is 1h; it must be a whole number of minutes'],
    [{ backfillDays: 'off' }, 'backfillDays is off; it must be a whole number of days, 0 for none'],
    [{ alarmTopic: 'faults' }, "alarmTopic is faults; it must be a topic's ARN"],
    [{ cluster: 'prod' }, 'there is no setting cluster; did you mean -c clusters=...?'],
    [{ mails: 'a@shop.example' }, 'there is no setting mails; did you mean -c mail=...?'],
  ])('%j is refused with a way out', (context, message) => {
    expect(() => settingsOf(context)).toThrow(SettingsError);
    expect(() => settingsOf(context)).toThrow(message);
  });

  test('are those that docs/deploy.md lists', async () => {
    const documented = (await readFile('docs/deploy.md', 'utf8')).matchAll(/^\| `(\w+)=/gm);
    expect([...documented].map(([, key]) => key)).toEqual(['clusters', 'home', 'senderAccounts', 'senderOrganization', 'senderRegions', 'senderClusters', 'intake', 'flowLogGroups', 'flowLogFormat', 'flowLogBuckets', 'resolverLogGroups', 'resolverLogBuckets', 'ipRanges', 'threatLists', 'mail', 'minimumSeverity', 'logRetentionDays', 'removalPolicy', 'watch', 'silenceMinutes', 'backfillDays', 'dashboard', 'tracing', 'alarmTopic']);
  });
});

describe('the stack', () => {
  test('warns, so that it is not deployed, while nobody said what to watch and whom to tell', () => {
    expect(warningsOf({})).toEqual([expect.stringContaining('-c clusters=prod,staging'), expect.stringContaining('-c mail=someone@example.com')]);
  });

  test.each(['a@shop.example', 'none'])('has nothing to warn of with a cluster and mail to %s', (mail) => {
    expect(warningsOf({ clusters: 'prod', mail })).toEqual([]);
  });

  test('tells faults to the topic that is named', () => {
    const alarmTopic = 'arn:aws:sns:eu-west-1:123456789012:faults';
    Template.fromStack(createStack({ clusters: 'prod', mail: 'none', alarmTopic })).allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: [alarmTopic] });
  });

  test('prints what the command line asks for', () => {
    const outputs = Template.fromStack(createStack({ clusters: 'prod', mail: 'none' })).findOutputs('*');
    expect(Object.keys(outputs)).toEqual(['FindingsTable', 'StateTable', 'TopicArn', 'IngestFunction', 'NotifyFunction', 'MalformedRecordsUrl', 'FailedDeliveriesUrl', 'FailedNotificationsUrl', 'UndeliveredMailUrl', 'BackfillFunction', 'BackfillQueueUrl', 'FailedLearningsUrl', 'FailedWatchEventsUrl']);
    const withFlowLogs = Template.fromStack(createStack({ clusters: 'prod', mail: 'none', flowLogGroups: 'prod=/vpc' })).findOutputs('*');
    expect(Object.keys(withFlowLogs)).toEqual([...Object.keys(outputs).slice(0, -4), 'FlowsFunction', 'MalformedFlowRecordsUrl', 'FailedFlowDeliveriesUrl', ...Object.keys(outputs).slice(-4)]);
    const withQueryLogs = Template.fromStack(createStack({ clusters: 'prod', mail: 'none', resolverLogGroups: 'prod=/dns' })).findOutputs('*');
    expect(Object.keys(withQueryLogs)).toEqual(Object.keys(withFlowLogs));
    const withFiles = Template.fromStack(createStack({ clusters: 'prod', mail: 'none', flowLogBuckets: 'prod=network-logs' })).findOutputs('FailedFlowFilesUrl');
    expect(Object.keys(withFiles)).toHaveLength(1);
    const withStream = Template.fromStack(createStack({ clusters: 'prod', mail: 'none', intake: 'stream' })).findOutputs('*');
    expect(Object.keys(withStream).filter((name) => !(name in outputs))).toEqual(['IntakeStream']);
  });
});
