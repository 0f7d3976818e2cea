import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { createApp } from '../../infra/create-app.ts';
import { validateProps, TidemarkPropsError } from '../../infra/validate-props.ts';
import { filterPattern } from '../../lambdas/filter-pattern.ts';
import { ingestOptions, watchSettings, createClients } from '../../lambdas/ports.ts';
import { linesOf, resourceOf, resourcesOf, short, withEveryCluster, withSenders, withStream, type Resource } from './synthesis.ts';

const home = '111122223333/eu-west-1';
const accounts = { clusters: 'prod', mail: 'none', home, senderAccounts: '444455556666,777788889999', senderRegions: 'eu-west-1,us-east-1' };
const organization = { mail: 'none', home, senderOrganization: 'o-abcdefghij', senderRegions: 'us-east-1' };

function appWith(context: Readonly<Record<string, string>>): App {
  return createApp({ outdir: mkdtempSync(join(tmpdir(), 'tidemark-')), context: { ...context, 'aws:cdk:bundling-stacks': [] } });
}

function resourcesIn(app: App, stack: string, type?: string): Resource[] {
  const { Resources } = Template.fromStack(app.node.findChild(stack) as Stack).toJSON() as { Resources: Record<string, Resource> };
  return Object.values(Resources).filter(({ Type }) => type === undefined || Type === type);
}

/** The one destination of a region, each property as it will read. */
function destinationIn(app: App, region: string): Record<'DestinationName' | 'DestinationPolicy' | 'RoleArn' | 'TargetArn', string> {
  const [destination, ...others] = resourcesIn(app, `TidemarkDestination-${region}`, 'AWS::Logs::Destination').map(({ Properties }) => Properties);
  expect(others).toEqual([]);
  return Object.fromEntries(Object.entries(destination ?? {}).map(([name, value]) => [name, short(value)])) as ReturnType<typeof destinationIn>;
}

function policyIn(app: App, stack: string): string[] {
  return resourcesIn(app, stack, 'AWS::IAM::Policy').flatMap(linesOf);
}

describe('every cluster of the account and region', () => {
  const document = (props: typeof withEveryCluster) => {
    const { Properties, DependsOn } = resourceOf('AWS::Logs::AccountPolicy', 'IngestClusters', props);
    return { ...Properties, PolicyDocument: JSON.parse(short(Properties['PolicyDocument'])) as unknown, PolicyName: short(Properties['PolicyName']), SelectionCriteria: short(Properties['SelectionCriteria']), DependsOn: DependsOn?.map((id) => id.slice('Tidemark'.length, -8)) };
  };

  test('is subscribed to by one policy, which leaves out the logs of the functions, once the function may be called', () => {
    expect(document(withEveryCluster)).toEqual({
      PolicyName: 'tidemark-region',
      PolicyType: 'SUBSCRIPTION_FILTER_POLICY',
      Scope: 'ALL',
      PolicyDocument: { DestinationArn: 'IngestHandlerFunction.Arn', FilterPattern: filterPattern, Distribution: 'Random' },
      SelectionCriteria: 'LogGroupName NOT IN ["IngestHandlerLogs","NotifyHandlerLogs","BackfillHandlerLogs","WatchHandlerLogs"]',
      DependsOn: ['IngestClustersPermission'],
    });
    expect(short(resourceOf('AWS::Lambda::Permission', 'IngestClustersPermission', withEveryCluster).Properties)).toBe('Action lambda:InvokeFunction FunctionName IngestHandlerFunction.Arn Principal logs.amazonaws.com SourceAccount accountid SourceArn arn:partition:logs:region:accountid:log-group:*');
  });

  test('comes through the stream where there is one, in the order of each log stream', () => {
    expect(document({ ...withEveryCluster, ...withStream })).toMatchObject({ PolicyDocument: { DestinationArn: 'IngestStream.Arn', RoleArn: 'IngestStreamWriter.Arn', Distribution: 'ByLogStream' }, DependsOn: expect.arrayContaining(['IngestStreamWriterDefaultPolicy']) });
    expect(Object.keys(resourcesOf({ ...withEveryCluster, ...withStream, watch: false }, 'AWS::Lambda::Permission'))).toEqual([]);
  });

  test('is read by backfill, and by nothing else', () => {
    expect(linesOf(resourceOf('AWS::IAM::Policy', 'BackfillHandlerRole', withEveryCluster)).filter((line) => line.startsWith('logs:Filter'))).toEqual(['logs:FilterLogEvents arn:partition:logs:region:accountid:log-group:/aws/eks/*/cluster:*']);
  });

  test('makes ingest and watch know clusters that are not named', () => {
    expect(variablesOf('IngestHandler', withEveryCluster)).toMatchObject({ HOME_ACCOUNT: 'accountid' });
    expect(variablesOf('IngestHandler', {})).not.toHaveProperty('HOME_ACCOUNT');
    expect(ingestOptions({ ...variablesOf('IngestHandler', withEveryCluster), AWS_REGION: 'eu-west-1' }, createClients())).toMatchObject({ home: { account: 'accountid', region: 'eu-west-1' }, backfill: { clusters: ['*'] } });
    expect(watchSettings(variablesOf('WatchHandler', withEveryCluster))).toMatchObject({ discovers: true, scope: { clusters: [], home: { account: 'accountid', region: 'region' } } });
    expect(watchSettings(variablesOf('WatchHandler', {}))).toMatchObject({ discovers: false, scope: { clusters: ['prod'] } });
  });

  function variablesOf(handler: string, props: typeof withEveryCluster): Record<string, string> {
    const { Variables } = resourceOf('AWS::Lambda::Function', handler, props).Properties['Environment'] as { Variables: Record<string, unknown> };
    return Object.fromEntries(Object.entries(Variables).map(([name, value]) => [name, short(value)]));
  }
});

describe('accounts that send', () => {
  let app: App;
  beforeAll(() => { app = appWith(accounts); });

  test('have a destination in each region, to which nobody else may send', () => {
    for (const region of ['eu-west-1', 'us-east-1']) {
      const { DestinationName, DestinationPolicy } = destinationIn(app, region);
      const policy = JSON.parse(DestinationPolicy) as { Statement: unknown };
      expect(policy.Statement).toEqual([{
        Effect: 'Allow',
        Principal: { AWS: ['444455556666', '777788889999'].map((account) => `arn:partition:iam::${account}:root`) },
        Action: ['logs:PutAccountPolicy', 'logs:PutSubscriptionFilter'],
        Resource: `arn:partition:logs:${region}:111122223333:destination:${DestinationName}`,
      }]);
    }
  });

  test('write to a stream of their own, by a role that CloudWatch Logs takes for them and for home', () => {
    const [stream, ...others] = resourcesIn(app, 'Tidemark', 'AWS::Kinesis::Stream').map(({ Properties }) => Properties);
    expect(others).toEqual([]);
    expect(stream).toMatchObject({ StreamEncryption: { EncryptionType: 'KMS' } });
    const writer = resourcesIn(app, 'Tidemark', 'AWS::IAM::Role').find(({ Properties }) => 'RoleName' in Properties);
    for (const region of ['eu-west-1', 'us-east-1']) {
      expect(destinationIn(app, region)).toMatchObject({ TargetArn: `arn:partition:kinesis:eu-west-1:111122223333:stream/${String(stream?.['Name'])}`, RoleArn: `arn:partition:iam::111122223333:role/${String(writer?.Properties['RoleName'])}` });
    }
    // IAM takes names of 64 characters.
    expect(String(writer?.Properties['RoleName'])).toMatch(/^[\w-]{1,64}$/);
    expect(writer && linesOf(writer)).toEqual(['Service logs.amazonaws.com: sts:AssumeRole undefined if aws:SourceArn ArnLike arn:partition:logs:*:111122223333:*, arn:partition:logs:*:444455556666:*, arn:partition:logs:*:777788889999:*']);
    expect(policyIn(app, 'Tidemark').filter((line) => line.startsWith('kinesis:Put'))).toEqual(['kinesis:PutRecord IngestSendersStream.Arn', 'kinesis:PutRecords IngestSendersStream.Arn']);
  });

  test('send all their clusters by one policy, whose name says the region', () => {
    const [policy, ...others] = resourcesIn(app, 'TidemarkSender', 'AWS::Logs::AccountPolicy').map(({ Properties }) => Properties);
    expect(others).toEqual([]);
    expect(short(policy?.['PolicyName'])).toBe('tidemark-region');
    expect(JSON.parse(short(policy?.['PolicyDocument']))).toEqual({ DestinationArn: `arn:partition:logs:region:111122223333:destination:${destinationIn(app, 'us-east-1').DestinationName}`, FilterPattern: filterPattern, Distribution: 'ByLogStream' });
  });

  test('send named clusters each by a filter', () => {
    const filters = resourcesIn(appWith({ ...accounts, senderClusters: 'prod,staging' }), 'TidemarkSender', 'AWS::Logs::SubscriptionFilter').map(({ Properties }) => [Properties['LogGroupName'], short(Properties['FilterName']), short(Properties['DestinationArn']), Properties['FilterPattern']]);
    expect(filters).toEqual(['prod', 'staging'].map((cluster) => [`/aws/eks/${cluster}/cluster`, 'tidemark-region', expect.stringMatching('^arn:partition:logs:region:111122223333:destination:'), filterPattern]));
  });

  test('forward watched calls to an event bus of its own at home, which lets nobody else put any', () => {
    const [bus] = resourcesIn(app, 'Tidemark', 'AWS::Events::EventBus').map(({ Properties }) => String(Properties['Name']));
    for (const stack of ['TidemarkSender', 'TidemarkDestination-us-east-1']) {
      expect(policyIn(app, stack).filter((line) => !line.startsWith('logs:'))).toEqual([`events:PutEvents arn:partition:events:eu-west-1:111122223333:event-bus/${String(bus)}`]);
      const [rule, ...others] = resourcesIn(app, stack, 'AWS::Events::Rule').map(({ Properties }) => Properties);
      expect(others).toEqual([]);
      expect(rule).toMatchObject({ EventPattern: { 'source': [{ prefix: 'aws.' }], 'detail-type': ['AWS API Call via CloudTrail'], 'detail': { eventName: expect.arrayContaining(['UpdateClusterConfig', 'DeleteAccountPolicy', 'DeleteRule']) } } });
    }
    expect(resourcesIn(app, 'TidemarkDestination-eu-west-1', 'AWS::Events::Rule')).toEqual([]);
    expect(resourcesIn(app, 'Tidemark', 'AWS::Events::EventBusPolicy').flatMap(linesOf)).toEqual(['AWS arn:partition:iam::444455556666:root, arn:partition:iam::777788889999:root: events:PutEvents WatchCallsElsewhere.Arn']);
  });

  test('forward nothing where nothing is watched over', () => {
    const unwatched = appWith({ ...accounts, watch: 'off', backfillDays: '0' });
    for (const stack of ['TidemarkSender', 'TidemarkDestination-us-east-1']) expect(resourcesIn(unwatched, stack).map(({ Type }) => Type)).toEqual([expect.stringMatching('^AWS::Logs::')]);
  });

  test('let the function that learns histories read these audit logs, and nobody and nothing else', () => {
    const reader = resourcesIn(app, 'Tidemark', 'AWS::Lambda::Function').find(({ Properties }) => short(Properties['Description']).includes('before it was watched'));
    const [readerRole, ...more] = resourcesIn(app, 'Tidemark', 'AWS::IAM::Role').filter(({ Properties }) => short(Properties['RoleName'] ?? '').includes('Backfill'));
    expect(more).toEqual([]);
    expect(short(reader?.Properties['Role'])).toBe('BackfillHandlerRole.Arn');
    const [role, ...others] = resourcesIn(app, 'TidemarkSender', 'AWS::IAM::Role').filter(({ Properties }) => 'RoleName' in Properties);
    expect(others).toEqual([]);
    expect(short(role?.Properties['RoleName'])).toBe('tidemark-history-region');
    expect(role && linesOf(role)).toEqual([`AWS arn:partition:iam::111122223333:root: sts:AssumeRole undefined if aws:PrincipalArn ArnEquals arn:partition:iam::111122223333:role/${short(readerRole?.Properties['RoleName'])}`]);
    expect(policyIn(app, 'TidemarkSender').filter((line) => line.startsWith('logs:'))).toEqual(['logs:FilterLogEvents arn:partition:logs:region:accountid:log-group:/aws/eks/*/cluster:*']);
    expect(policyIn(appWith({ ...accounts, senderClusters: 'prod' }), 'TidemarkSender')[0]).toBe('logs:FilterLogEvents arn:partition:logs:region:accountid:log-group:/aws/eks/prod/cluster:*');
    expect(policyIn(app, 'Tidemark').filter((line) => line.startsWith('sts:'))).toEqual(['444455556666', '777788889999'].map((account) => `sts:AssumeRole arn:partition:iam::${account}:role/tidemark-history-*`));
    expect(policyIn(appWith(organization), 'Tidemark').filter((line) => line.startsWith('sts:'))).toEqual(['sts:AssumeRole arn:partition:iam::*:role/tidemark-history-*']);
  });

  test('have their histories learned, unless that is turned off', () => {
    const scopeIn = (one: App) => resourcesIn(one, 'Tidemark', 'AWS::Lambda::Function').flatMap(({ Properties }) => { const { BACKFILL_SCOPE: scope } = (Properties['Environment'] as { Variables: Record<string, unknown> }).Variables; return scope === undefined ? [] : [JSON.parse(short(scope)) as unknown]; });
    expect(scopeIn(app)).toEqual([{ clusters: ['prod'], elsewhere: true, historyMs: 14 * 86_400_000 }]);
    const without = appWith({ ...accounts, backfillDays: '0' });
    expect([scopeIn(without), policyIn(without, 'TidemarkSender').filter((line) => line.startsWith('logs:'))]).toEqual([[], []]);
  });

  test('make a sender whose template holds no account and no region but those of home, and no file', () => {
    const stack = app.node.findChild('TidemarkSender') as Stack;
    const template = Template.fromStack(stack).toJSON() as { Parameters?: unknown; Resources: Record<string, { Metadata?: unknown }> };
    expect(template.Parameters).toBeUndefined();
    const text = JSON.stringify(template);
    expect(text).not.toMatch(/444455556666|777788889999|us-east-1/);
    // CloudFormation takes so much in a call.
    expect(text.length).toBeLessThan(51_200);
  });

  test('are a lag and a panel of their own, and can be read again', () => {
    const alarms = Object.keys(resourcesOf(withSenders, 'AWS::CloudWatch::Alarm')).filter((id) => id.includes('StreamLag'));
    expect(alarms).toHaveLength(1);
    const body = short(resourceOf('AWS::CloudWatch::Dashboard', '', { ...withSenders, ...withStream }).Properties['DashboardBody']);
    for (const stream of ['IngestStream', 'IngestSendersStream']) expect(body).toContain(stream);
  });
});

describe('an organization that sends', () => {
  let app: App;
  beforeAll(() => { app = appWith(organization); });

  test('needs no cluster at home, of which then no history is read', () => {
    expect(resourcesIn(app, 'Tidemark', 'AWS::Logs::SubscriptionFilter')).toEqual([]);
    expect(policyIn(app, 'Tidemark').filter((line) => line.startsWith('logs:Filter'))).toEqual([]);
  });

  test('is let in by its id, and by nothing else', () => {
    const policy = JSON.parse(destinationIn(app, 'us-east-1').DestinationPolicy) as { Statement: unknown };
    expect(policy.Statement).toEqual([expect.objectContaining({ Principal: { AWS: '*' }, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } } })]);
    expect(resourcesIn(app, 'Tidemark', 'AWS::Events::EventBusPolicy').flatMap(linesOf)).toEqual(['AWS *: events:PutEvents WatchCallsElsewhere.Arn if aws:PrincipalOrgID StringEquals o-abcdefghij']);
  });

  test('has each account show by a role that it is of it', () => {
    const [policy] = resourcesIn(app, 'TidemarkSender', 'AWS::Logs::AccountPolicy');
    expect(JSON.parse(short(policy?.Properties['PolicyDocument']))).toMatchObject({ RoleArn: 'Role.Arn' });
    expect(policyIn(app, 'TidemarkSender')).toEqual(expect.arrayContaining(['logs:PutLogEvents arn:partition:logs:region:accountid:log-group:*']));
    expect(policy?.DependsOn?.some((id) => id.startsWith('RoleDefaultPolicy'))).toBe(true);
  });
});

test('senders that cannot work are refused, all at once, with what would be right', () => {
  const senders = { accounts: ['1', '444455556666', '444455556666'], organization: 'o-1', regions: ['europe', 'eu-west-1', 'eu-west-1'] };
  const validate = () => { validateProps('Stack/Tidemark', { clusters: ['*', 'prod'], senders }); };
  expect(validate).toThrow(TidemarkPropsError);
  expect(validate).toThrow([
    'Stack/Tidemark cannot be made like this:',
    '  clusters: * is every cluster, so it stands alone (is *, prod)',
    '  senders: an account has twelve digits (is 1)',
    '  senders: an organization is named by its id, as `aws organizations describe-organization` prints it (is o-1)',
    '  senders: a region is named such as eu-west-1 (is europe)',
    '  senders: name each account and region once (is 444455556666, eu-west-1)',
  ].join('\n'));
  expect(() => { validateProps('x', { clusters: [], senders: { regions: [] } }); }).toThrow('senders: name accounts, or an organization (is (none))\n  senders: name the regions in which their clusters are (is (none))');
  expect(() => { validateProps('x', { clusters: [], senders: { accounts: Array.from({ length: 41 }, (_, index) => String(index).padStart(12, '0')), regions: ['eu-west-1'] } }); }).toThrow('senders: at most 40 accounts fit into the policies; name their organization instead (is 41)');
  expect(() => { validateProps('x', { clusters: ['*'], flowLogs: [{ cluster: 'prod', logGroupName: '/vpc' }] }); }).not.toThrow();
});
