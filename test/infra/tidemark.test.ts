import { describe, expect, test } from '@jest/globals';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { filterPattern } from '../../lambdas/filter-pattern.ts';
import { sentSeverities } from '../../infra/findings-topic.ts';
import { Tidemark, type TidemarkProps } from '../../infra/tidemark.ts';
import { TidemarkPropsError, validateProps } from '../../infra/validate-props.ts';
import { flowSources, watchSettings } from '../../lambdas/ports.ts';
import { severities } from '../../lib/finding.ts';
import { watchedCalls } from '../../lib/trail/watched-calls.ts';
import { createTidemark, listFile, resourceOf, resourcesOf, short, withAllLogs, withFlowLogFiles, withFlowLogs, withLists, withResolverLogFiles, withResolverLogs, withStream, withStreamAndAllLogs } from './synthesis.ts';

const keyed = { 'Fn::GetAtt': [expect.stringContaining('TidemarkKey'), 'Arn'] };
const arnOf = (start: string, attribute = 'Arn') => ({ 'Fn::GetAtt': [expect.stringMatching(`^Tidemark${start}`), attribute] });

describe('tables', () => {
  test.each([
    ['State', 'key', undefined],
    ['Findings', 'id', 'NEW_AND_OLD_IMAGES'],
  ])('%s is paid by request, encrypted, restorable, forgetful and hard to delete', (name, key, stream) => {
    const { Properties, DeletionPolicy, UpdateReplacePolicy } = resourceOf('AWS::DynamoDB::Table', `Tables${name}`);
    expect(Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: key, KeyType: 'HASH' }],
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: keyed },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      DeletionProtectionEnabled: true,
    });
    expect(Properties['StreamSpecification']).toEqual(stream && { StreamViewType: stream });
    expect([DeletionPolicy, UpdateReplacePolicy]).toEqual(['Retain', 'Retain']);
  });

  test('find findings by cluster, by identity and by what was decided', () => {
    const indexes = resourceOf('AWS::DynamoDB::Table', 'TablesFindings').Properties['GlobalSecondaryIndexes'] as unknown[];
    expect(indexes.map(short)).toEqual(
      [['by-cluster', 'cluster'], ['by-identity', 'identity'], ['by-status-and-severity', 'statusAndSeverity']].map(([name, key]) =>
        `IndexName ${String(name)} KeySchema AttributeName ${String(key)} KeyType HASH, AttributeName raisedAt KeyType RANGE Projection ProjectionType ALL`),
    );
  });

  test('go with the stack, and the key with them, when asked to', () => {
    const resources = Object.values(resourcesOf({ removalPolicy: RemovalPolicy.DESTROY })).filter(({ Type }) => /Table$|Key$/.test(Type));
    expect(resources.map(({ DeletionPolicy }) => DeletionPolicy)).toEqual(['Delete', 'Delete', 'Delete']);
    expect(resources.filter(({ Properties }) => Properties['DeletionProtectionEnabled'] === true)).toEqual([]);
  });
});

describe('encryption', () => {
  test('is by a key that is renewed and stays', () => {
    expect(resourceOf('AWS::KMS::Key')).toMatchObject({ DeletionPolicy: 'Retain', Properties: { EnableKeyRotation: true } });
  });

  test.each([['AWS::SQS::Queue', 'KmsMasterKeyId', 7], ['AWS::SNS::Topic', 'KmsMasterKeyId', 1], ['AWS::Logs::LogGroup', 'KmsKeyId', 4]])(
    'covers each %s', (type, property, count) => {
      const found = Object.values(resourcesOf({}, type));
      expect(found.map(({ Properties }) => Properties[property])).toEqual(Array.from({ length: count }, () => keyed));
    },
  );
});

describe('functions', () => {
  test.each([
    ['Ingest', 1024, 300, { STATE_TABLE: 'TablesState', FINDINGS_TABLE: 'TablesFindings', DEAD_LETTER_QUEUE_URL: 'IngestMalformedRecords', BACKFILL_QUEUE_URL: 'BackfillQueue', BACKFILL_SCOPE: '{"clusters":["prod"],"historyMs":1209600000}' }],
    ['Backfill', 1769, 900, { STATE_TABLE: 'TablesState', FINDINGS_TABLE: 'TablesFindings', BACKFILL_QUEUE_URL: 'BackfillQueue' }],
    ['Notify', 256, 60, { STATE_TABLE: 'TablesState', FINDINGS_TABLE: 'TablesFindings', TOPIC_ARN: 'Topic' }],
  ])('%s runs on the current Node.js and knows its surroundings', (name, MemorySize, Timeout, variables) => {
    const { Properties } = resourceOf('AWS::Lambda::Function', `${name}Handler`);
    expect(Properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'], Handler: 'index.handler', MemorySize, Timeout });
    const { Variables } = Properties['Environment'] as { Variables: Record<string, unknown> };
    expect(Object.fromEntries(Object.entries(Variables).map(([variable, value]) => [variable, short(value)]))).toEqual(variables);
  });

  test('keep their logs for 30 days, or as long as asked', () => {
    const daysOf = (logRetention?: RetentionDays) => Object.values(resourcesOf(logRetention === undefined ? {} : { logRetention }, 'AWS::Logs::LogGroup')).map(({ Properties }) => Properties['RetentionInDays']);
    expect(daysOf()).toEqual([30, 30, 30, 30]);
    expect(daysOf(RetentionDays.ONE_YEAR)).toEqual([365, 365, 365, 365]);
  });
});

describe('deliveries', () => {
  test('come from each cluster through the filter, once the function may be called', () => {
    const filters = Object.values(resourcesOf({ clusters: ['prod', 'staging'] }, 'AWS::Logs::SubscriptionFilter'));
    expect(filters.map(({ Properties, DependsOn }) => [Properties, DependsOn])).toEqual(
      ['prod', 'staging'].map((cluster) => [
        { LogGroupName: `/aws/eks/${cluster}/cluster`, FilterPattern: filterPattern, DestinationArn: arnOf('IngestHandlerFunction') },
        [expect.stringMatching(`^TidemarkIngestCluster${cluster}Permission`)],
      ]),
    );
  });

  test('that fail are tried twice more and then kept', () => {
    expect(resourceOf('AWS::Lambda::EventInvokeConfig', 'Ingest').Properties).toMatchObject({
      FunctionName: { Ref: expect.stringMatching('^TidemarkIngestHandlerFunction') },
      MaximumRetryAttempts: 2,
      MaximumEventAgeInSeconds: 6 * 60 * 60,
      DestinationConfig: { OnFailure: { Destination: arnOf('IngestFailedDeliveries') } },
    });
  });
});

describe('a stream', () => {
  test('keeps deliveries for a day, encrypted by the key, as many as come', () => {
    const { Properties, DeletionPolicy } = resourceOf('AWS::Kinesis::Stream', 'IngestStream', withStream);
    expect(Properties).toEqual({ StreamModeDetails: { StreamMode: 'ON_DEMAND' }, RetentionPeriodHours: 24, StreamEncryption: { EncryptionType: 'KMS', KeyId: keyed } });
    expect(DeletionPolicy).toBe('Delete');
  });

  test('gets each cluster through the filter, in the order of each log stream, once it may be written to', () => {
    const filters = Object.values(resourcesOf({ clusters: ['prod', 'staging'], ...withStream }, 'AWS::Logs::SubscriptionFilter'));
    expect(filters.map(({ Properties, DependsOn }) => [Properties, DependsOn])).toEqual(
      ['prod', 'staging'].map((cluster) => [
        { LogGroupName: `/aws/eks/${cluster}/cluster`, FilterPattern: filterPattern, DestinationArn: arnOf('IngestStream'), RoleArn: arnOf('IngestStreamWriter'), Distribution: 'ByLogStream' },
        [expect.stringMatching('^TidemarkIngestStreamWriterDefaultPolicy'), expect.stringMatching('^TidemarkIngestStreamWriter')],
      ]),
    );
  });

  test('gives ingest what it has, record by record, and tells the queue of what fails while there is time to fetch it', () => {
    const { Properties } = resourceOf('AWS::Lambda::EventSourceMapping', 'IngestStream', withStream);
    expect(Properties).toEqual({
      EventSourceArn: arnOf('IngestStream'),
      FunctionName: { Ref: expect.stringMatching('^TidemarkIngestHandlerFunction') },
      BatchSize: 25,
      MaximumBatchingWindowInSeconds: 10,
      ParallelizationFactor: 2,
      StartingPosition: 'TRIM_HORIZON',
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 20,
      MaximumRecordAgeInSeconds: 6 * 60 * 60,
      DestinationConfig: { OnFailure: { Destination: arnOf('IngestFailedDeliveries') } },
    });
    const kept = Number(resourceOf('AWS::Kinesis::Stream', 'IngestStream', withStream).Properties['RetentionPeriodHours']) * 60 * 60;
    expect(Number(Properties['MaximumRecordAgeInSeconds'])).toBeLessThan(kept / 2);
  });

  test('is an alarm when deliveries wait longer in it than is good, and none while there are none', () => {
    const { Dimensions, ...properties } = resourceOf('AWS::CloudWatch::Alarm', 'AlarmsStreamLag', withStream).Properties;
    expect(properties).toMatchObject({ Namespace: 'AWS/Lambda', MetricName: 'IteratorAge', Statistic: 'Maximum', ComparisonOperator: 'GreaterThanThreshold', Threshold: 15 * 60 * 1000, Period: 300, EvaluationPeriods: 3, TreatMissingData: 'notBreaching' });
    expect(Dimensions).toEqual([{ Name: 'FunctionName', Value: { Ref: expect.stringMatching('^TidemarkIngestHandlerFunction') } }]);
  });

  test('is watched over as what feeds a function', () => {
    const { Variables } = resourceOf('AWS::Lambda::Function', 'WatchHandler', withStream).Properties['Environment'] as { Variables: Record<string, unknown> };
    const { scope } = watchSettings({ WATCH_SCOPE: short(Variables['WATCH_SCOPE']) });
    expect(scope.own).toEqual(expect.arrayContaining(['IngestStream', 'IngestStreamMapping']));
  });

  test('takes the place of calls, and nothing else: what holds data and the filters stay the same resources', () => {
    const [direct, streamed] = [Object.keys(resourcesOf(withAllLogs)), Object.keys(resourcesOf(withStreamAndAllLogs))];
    expect(direct.filter((id) => !streamed.includes(id))).toEqual(['prod', 'staging'].map((cluster) => expect.stringMatching(`^TidemarkIngestCluster${cluster}Permission`)));
    expect(streamed.filter((id) => !direct.includes(id)).map((id) => id.slice('Tidemark'.length, -8))).toEqual(['IngestStream', 'IngestStreamWriter', 'IngestStreamWriterDefaultPolicy', 'IngestStreamMapping', 'AlarmsStreamLag']);
  });
});

describe('flow logs', () => {
  test('come from each log group once, whole, when the function may be called', () => {
    const filters = Object.entries(resourcesOf(withFlowLogs, 'AWS::Logs::SubscriptionFilter')).filter(([id]) => id.startsWith('TidemarkFlows'));
    expect(filters.map(([, { Properties, DependsOn }]) => [Properties, DependsOn])).toEqual(
      ['prod', 'shared'].map((name) => [
        { LogGroupName: `/vpc/${name}`, FilterPattern: '', DestinationArn: arnOf('FlowsHandlerFunction') },
        [expect.stringMatching(`^TidemarkFlowsLogGroupvpc${name}Permission`)],
      ]),
    );
  });

  test('are taken in by a function that knows its surroundings', () => {
    const { Properties } = resourceOf('AWS::Lambda::Function', 'FlowsHandler', withFlowLogFiles);
    expect(Properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'], Handler: 'index.handler', MemorySize: 1024, Timeout: 300 });
    const { FLOW_SOURCES, ...others } = (Properties['Environment'] as { Variables: Record<string, unknown> }).Variables;
    expect(Object.fromEntries(Object.entries(others).map(([variable, value]) => [variable, short(value)]))).toEqual({ STATE_TABLE: 'TablesState', FINDINGS_TABLE: 'TablesFindings', DEAD_LETTER_QUEUE_URL: 'FlowsMalformedRecords' });
    expect(flowSources({ FLOW_SOURCES: short(FLOW_SOURCES) })).toEqual(withFlowLogFiles.flowLogs);
  });

  test('have ingest learn who has which address', () => {
    const variablesOf = (props: Partial<TidemarkProps>) => (resourceOf('AWS::Lambda::Function', 'IngestHandler', props).Properties['Environment'] as { Variables: object }).Variables;
    expect(variablesOf(withFlowLogs)).toMatchObject({ LEARNS_ADDRESSES: 'true' });
    expect(variablesOf({})).not.toHaveProperty('LEARNS_ADDRESSES');
  });

  test('that fail are tried twice more and then kept', () => {
    expect(resourceOf('AWS::Lambda::EventInvokeConfig', 'FlowsHandler', withFlowLogs).Properties).toMatchObject({
      MaximumRetryAttempts: 2,
      MaximumEventAgeInSeconds: 6 * 60 * 60,
      DestinationConfig: { OnFailure: { Destination: arnOf('FlowsFailedDeliveries') } },
    });
  });

  test('have alarms of their own', () => {
    const alarms = Object.keys(resourcesOf(withFlowLogs, 'AWS::CloudWatch::Alarm')).map((id) => id.slice('TidemarkAlarms'.length, -8));
    expect(alarms.filter((name) => name.includes('Flow')).sort()).toEqual(['FailedFlowDeliveries', 'FlowsErrors', 'FlowsLostFailures', 'MalformedFlowRecords']);
  });

  test('are encrypted where they wait, and keep their logical ids', () => {
    const queues = Object.entries(resourcesOf(withFlowLogs, 'AWS::SQS::Queue')).filter(([id]) => id.startsWith('TidemarkFlows'));
    expect(queues.map(([, { Properties }]) => [Properties['KmsMasterKeyId'], Properties['MessageRetentionPeriod']])).toEqual([[keyed, 14 * 24 * 60 * 60], [keyed, 14 * 24 * 60 * 60]]);
    expect(queues.map(([id]) => id)).toEqual(['TidemarkFlowsMalformedRecords951694CB', 'TidemarkFlowsFailedDeliveries1C0C1DD3']);
  });

  test('in S3 come as files, once for each place, few at a time, and are kept when they fail for good', () => {
    const rules = Object.values(resourcesOf({ ...withFlowLogFiles, watch: false }, 'AWS::Events::Rule')).map(({ Properties }) => [Properties['EventPattern'], Properties['Targets']]);
    const created = { source: ['aws.s3'], 'detail-type': ['Object Created'] };
    const targets = [{ Id: expect.anything(), Arn: arnOf('FlowsFilesQueue'), DeadLetterConfig: { Arn: arnOf('FlowsFilesFailedFiles') } }];
    expect(rules).toEqual([
      [{ ...created, detail: { bucket: { name: ['network-logs'] }, object: { key: [{ prefix: 'AWSLogs/' }] } } }, targets],
      [{ ...created, detail: { bucket: { name: ['staging-logs'] } } }, targets],
    ]);
    expect(resourceOf('AWS::SQS::Queue', 'FlowsFilesQueue', withFlowLogFiles).Properties).toMatchObject({
      KmsMasterKeyId: keyed,
      VisibilityTimeout: 1800,
      RedrivePolicy: { deadLetterTargetArn: arnOf('FlowsFilesFailedFiles'), maxReceiveCount: 3 },
    });
    expect(resourceOf('AWS::Lambda::EventSourceMapping', 'FlowsFiles', withFlowLogFiles).Properties).toMatchObject({ BatchSize: 1, ScalingConfig: { MaximumConcurrency: 2 }, EventSourceArn: arnOf('FlowsFilesQueue') });
    expect(Object.keys(resourcesOf(withFlowLogFiles, 'AWS::CloudWatch::Alarm')).filter((id) => id.includes('FailedFlowFiles'))).toHaveLength(1);
  });

  test('in S3 that are not there cost nothing', () => {
    expect(Object.keys(resourcesOf(withFlowLogs)).filter((id) => id.includes('Files'))).toEqual([]);
  });

  test('that are not there cost nothing: no resource is for them, and nothing else differs', () => {
    expect(Object.keys(resourcesOf({ flowLogs: [] }))).toEqual(Object.keys(resourcesOf()));
    expect(Object.keys(resourcesOf()).filter((id) => id.includes('Flow'))).toEqual([]);
    const others = Object.keys(resourcesOf({ ...withFlowLogs })).filter((id) => !id.includes('Flow'));
    expect(others).toEqual(Object.keys(resourcesOf({ clusters: ['prod', 'staging'] })));
  });

  test('may be in a log group of the same stack', () => {
    const stack = new Stack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'Stack');
    const { logGroupName } = new LogGroup(stack, 'Network');
    new Tidemark(stack, 'Tidemark', { clusters: ['prod'], flowLogs: [{ cluster: 'prod', logGroupName }] });
    const functions = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function')) as { Properties: { Environment: { Variables: Record<string, unknown> } } }[];
    const variables = functions.map(({ Properties }) => Properties.Environment.Variables).find((one) => 'FLOW_SOURCES' in one);
    expect(flowSources({ FLOW_SOURCES: short(variables?.['FLOW_SOURCES']) })).toEqual([{ cluster: 'prod', logGroupName: expect.stringMatching('^Network') }]);
  });
});

describe('query logs', () => {
  const idsOf = (props: Partial<TidemarkProps>) => Object.keys(resourcesOf({ clusters: ['prod', 'staging'], ...props }));
  /** The same resource has another hash in its id for another log group. */
  const kindsOf = (ids: readonly string[]) => ids.filter((id) => !/LogGroup|FlowsFilesBucket/.test(id));

  test.each([['log groups', withResolverLogs, withFlowLogs], ['buckets', withResolverLogFiles, { flowLogs: [{ cluster: 'prod', bucketName: 'network-logs' }] }]])('in %s need what flow logs there need, and nothing more when both are there', (_, queries, flows) => {
    expect(kindsOf(idsOf(queries))).toEqual(kindsOf(idsOf(flows)));
    expect(kindsOf(idsOf({ ...queries, ...flows }))).toEqual(kindsOf(idsOf(flows)));
  });

  test('that are not there cost nothing', () => {
    expect(Object.keys(resourcesOf({ resolverLogs: [] }))).toEqual(Object.keys(resourcesOf()));
    expect(idsOf({ ...withFlowLogFiles, resolverLogs: [] })).toEqual(idsOf(withFlowLogFiles));
  });

  test('come from each log group once, whole, also where it has flow logs too', () => {
    const filters = Object.entries(resourcesOf(withAllLogs, 'AWS::Logs::SubscriptionFilter')).filter(([id]) => id.startsWith('TidemarkFlows'));
    expect(filters.map(([, { Properties }]) => Properties)).toEqual(['/vpc/prod', '/vpc/shared', '/dns/shared'].map((LogGroupName) => ({ LogGroupName, FilterPattern: '', DestinationArn: arnOf('FlowsHandlerFunction') })));
  });

  test('in S3 come as files of each place once', () => {
    const patterns = Object.entries(resourcesOf(withAllLogs, 'AWS::Events::Rule')).filter(([id]) => id.startsWith('TidemarkFlows')).map(([, { Properties }]) => (Properties['EventPattern'] as { detail: unknown }).detail);
    expect(patterns).toEqual([
      { bucket: { name: ['network-logs'] }, object: { key: [{ prefix: 'AWSLogs/' }] } },
      { bucket: { name: ['staging-logs'] } },
      { bucket: { name: ['dns-logs'] }, object: { key: [{ prefix: 'prod/' }] } },
    ]);
  });

  test.each([['query logs', withResolverLogs], ['all', withAllLogs]])('are known to the function by their places, and have ingest learn who has which address (%s)', (_, props) => {
    const variablesOf = (start: string) => (resourceOf('AWS::Lambda::Function', start, props).Properties['Environment'] as { Variables: Record<string, unknown> }).Variables;
    expect(flowSources({ FLOW_SOURCES: short(variablesOf('FlowsHandler')['FLOW_SOURCES']) })).toEqual([...(props.flowLogs ?? []), ...(props.resolverLogs ?? [])]);
    expect(variablesOf('IngestHandler')).toMatchObject({ LEARNS_ADDRESSES: 'true' });
  });
});

describe('lists of addresses', () => {
  test('come with the function that reads logs of the network, and with no other', () => {
    const functions = Object.entries(resourcesOf(withLists, 'AWS::Lambda::Function')).map(([id, { Properties }]) => [id.replace(/HandlerFunction.*/, ''), short(Properties['Layers'] ?? 'none'), (Properties['Environment'] as { Variables: Record<string, unknown> }).Variables['ADDRESS_LISTS']]);
    expect(functions).toEqual([['TidemarkIngest', 'none', undefined], ['TidemarkNotify', 'none', undefined], ['TidemarkFlows', expect.stringMatching('^FlowsAddressLists'), '/opt/address-lists'], ['TidemarkBackfill', 'none', undefined], ['TidemarkWatch', 'none', undefined]]);
    expect(Object.keys(resourcesOf(withLists)).filter((id) => !id.includes('AddressLists'))).toEqual(Object.keys(resourcesOf(withResolverLogs)));
  });

  test('that are not there cost nothing', () => {
    expect(Object.keys(resourcesOf({ ...withResolverLogs, threatLists: [] }))).toEqual(Object.keys(resourcesOf(withResolverLogs)));
  });

  test.each<[string, Partial<TidemarkProps>, string]>([
    ['a list that is not there', { threatLists: ['nowhere.txt'] }, 'nowhere.txt: the file cannot be read (ENOENT)'],
    ['a list of nothing', { threatLists: [listFile('<p>Not found</p>')] }, 'list: the list has no address, range or domain that can be used'],
    ['half a bundle', { threatLists: [listFile('{"type":"bundle"')] }, 'list: the list begins as JSON and is no STIX 2.1 bundle'],
    ['other ranges', { ipRanges: listFile('{}') }, 'list: the file is no ip-ranges.json of AWS'],
  ])('are looked at when the template is made: %s', (_name, props, words) => {
    expect(() => createTidemark({ ...withResolverLogs, ...props })).toThrow(TidemarkPropsError);
    expect(() => createTidemark({ ...withResolverLogs, ...props })).toThrow(words);
  });

  test('say nothing without logs of the network', () => {
    expect(() => createTidemark({ threatLists: withLists.threatLists ?? [] })).toThrow('ipRanges, threatLists: say nothing without flowLogs or resolverLogs');
  });
});

describe('the watch', () => {
  const scopeIn = (props: Partial<TidemarkProps> = {}) => {
    const { Environment, ...properties } = resourceOf('AWS::Lambda::Function', 'WatchHandler', props).Properties as { Environment: { Variables: Record<string, unknown> } };
    return { properties, variables: Object.fromEntries(Object.entries(Environment.Variables).map(([name, value]) => [name, short(value)])) };
  };

  test('is called every five minutes, and for each call of AWS that it knows; ingest is for each canary', () => {
    const rules = Object.values(resourcesOf({}, 'AWS::Events::Rule')).map(({ Properties }) => Properties);
    const targets = [{ Id: 'Target0', Arn: arnOf('WatchHandlerFunction'), DeadLetterConfig: { Arn: arnOf('WatchFailedEvents') } }];
    expect(rules).toMatchObject([
      { ScheduleExpression: 'rate(5 minutes)', State: 'ENABLED', Targets: targets },
      { EventPattern: { 'detail-type': ['AWS API Call via CloudTrail'] }, State: 'ENABLED', Targets: targets },
      { ScheduleExpression: 'rate(15 minutes)', State: 'ENABLED', Targets: [{ Arn: arnOf('IngestHandlerFunction') }] },
    ]);
    const { detail } = rules[1]?.['EventPattern'] as { detail: { eventSource: string[]; eventName: (string | { prefix: string })[] } };
    for (const { service, name } of watchedCalls) {
      expect(detail.eventSource).toContain(service);
      expect(detail.eventName.filter((one) => (typeof one === 'string' ? !service.startsWith('lambda.') && one === name : service.startsWith('lambda.') && `${name}20150331v2`.startsWith(one.prefix)))).toHaveLength(1);
    }
  });

  test('listens by a pattern that EventBridge takes', () => {
    expect(JSON.stringify(resourceOf('AWS::Events::Rule', 'WatchCalls').Properties['EventPattern']).length).toBeLessThanOrEqual(2048);
  });

  test('knows what concerns the deployment, and finds its own resources by names', () => {
    const { properties, variables } = scopeIn(withFlowLogFiles);
    expect(properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'], Handler: 'index.handler', MemorySize: 256, Timeout: 60 });
    const { WATCH_SCOPE, ...others } = variables;
    expect(others).toEqual({ STATE_TABLE: 'TablesState', FINDINGS_TABLE: 'TablesFindings', DEAD_LETTER_QUEUE_URL: 'WatchFailedEvents', USUAL_SILENCE_MS: '1800000' });
    const { scope } = watchSettings({ WATCH_SCOPE, AWS_LAMBDA_FUNCTION_NAME: 'watch' });
    expect(scope).toMatchObject({ clusters: ['prod', 'staging'], logGroups: ['/vpc/prod', '/vpc/shared'], traffic: true, ownPrefix: 'Stack-Tidemark', stack: 'Stack' });
    const functions = ['IngestHandlerFunction', 'NotifyHandlerFunction', 'FlowsHandlerFunction', 'watch'];
    const rules = Object.entries(resourcesOf(withFlowLogFiles, 'AWS::Events::Rule')).filter(([id]) => id.includes('Watch')).map(([, { Properties }]) => String(Properties['Name']));
    expect(rules).toHaveLength(3);
    expect(scope.own).toEqual(expect.arrayContaining(['Key', 'NotifyStream', 'FlowsFilesMapping', 'IngestMalformedRecords.QueueName', 'WatchFailedEvents.QueueName', ...functions, ...rules]));
  });

  test('finds tables, topic, alarms and subscriptions by what CloudFormation names them: after the stack and their logical ids', () => {
    const { scope } = watchSettings({ WATCH_SCOPE: scopeIn().variables['WATCH_SCOPE'] });
    const types = /::(Table|Topic|Alarm|SubscriptionFilter)$/;
    const named = Object.entries(resourcesOf()).filter(([, { Type }]) => types.test(Type));
    expect(named.length).toBeGreaterThan(10);
    for (const [id] of named) expect(`Stack-${id}-1ABCDEF`.startsWith(scope.ownPrefix)).toBe(true);
  });

  test('may wait longer for a silent log, or be turned off, and is then nothing', () => {
    expect(scopeIn({ usualSilence: Duration.hours(2) }).variables['USUAL_SILENCE_MS']).toBe('7200000');
    const without = Object.keys(resourcesOf({ watch: false }));
    expect(without.filter((id) => id.includes('Watch'))).toEqual([]);
    expect(Object.keys(resourcesOf()).filter((id) => !/Watch|CanaryLost/.test(id))).toEqual(without);
  });

  test('that fails is tried twice more and then kept', () => {
    expect(resourceOf('AWS::Lambda::EventInvokeConfig', 'Watch').Properties).toMatchObject({ MaximumRetryAttempts: 2, DestinationConfig: { OnFailure: { Destination: arnOf('WatchFailedEvents') } } });
  });

  test('must have room in the function\'s environment', () => {
    const clusters = Array.from({ length: 100 }, (_, index) => `a-cluster-with-a-long-name-${String(index)}`);
    expect(() => createTidemark({ clusters })).toThrow('watch: names of clusters and log groups together must not be longer than 1800 characters');
    expect(() => createTidemark({ clusters, watch: false })).toThrow('backfill: names of clusters together must not be longer than 1800 characters');
    expect(() => createTidemark({ clusters, watch: false, backfill: Duration.days(0) })).not.toThrow();
  });
});

describe('a backfill', () => {
  const off = { backfill: Duration.days(0) };

  test('goes on message by message, and what fails for good is kept', () => {
    expect(resourceOf('AWS::SQS::Queue', 'BackfillQueue').Properties).toMatchObject({ KmsMasterKeyId: keyed, VisibilityTimeout: 5400, RedrivePolicy: { deadLetterTargetArn: arnOf('BackfillFailedLearnings'), maxReceiveCount: 3 } });
    expect(resourceOf('AWS::Lambda::EventSourceMapping', 'Backfill').Properties).toMatchObject({ BatchSize: 1, ScalingConfig: { MaximumConcurrency: 2 }, EventSourceArn: arnOf('BackfillQueue') });
  });

  test('may go back further, or be turned off, and is then nothing', () => {
    const variablesOf = (props: Partial<TidemarkProps>) => (resourceOf('AWS::Lambda::Function', 'IngestHandler', props).Properties['Environment'] as { Variables: object }).Variables;
    expect(variablesOf({ clusters: ['prod', 'staging'], backfill: Duration.days(30) })).toMatchObject({ BACKFILL_SCOPE: '{"clusters":["prod","staging"],"historyMs":2592000000}' });
    expect(Object.keys(variablesOf(off))).not.toContain('BACKFILL_SCOPE');
    const without = Object.keys(resourcesOf(off));
    expect(without.filter((id) => id.includes('Backfill'))).toEqual([]);
    expect(Object.keys(resourcesOf()).filter((id) => !/Backfill|FailedLearnings/.test(id))).toEqual(without);
  });
});

describe('notifications', () => {
  test('follow the stream of findings, fail record by record, and are kept when they fail for good', () => {
    expect(resourceOf('AWS::Lambda::EventSourceMapping', 'Notify').Properties).toEqual({
      EventSourceArn: arnOf('TablesFindings', 'StreamArn'),
      FunctionName: { Ref: expect.stringMatching('^TidemarkNotifyHandlerFunction') },
      MaximumBatchingWindowInSeconds: 20,
      StartingPosition: 'TRIM_HORIZON',
      FilterCriteria: { Filters: [{ Pattern: '{"eventName":["INSERT","MODIFY"]}' }] },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 20,
      MaximumRecordAgeInSeconds: 6 * 60 * 60,
      DestinationConfig: { OnFailure: { Destination: arnOf('NotifyFailedNotifications') } },
    });
  });

  test.each([
    ['medium', undefined],
    ['high', { severity: ['high', 'critical'] }],
    ['critical', { severity: ['critical'] }],
  ] as const)('of %s or graver go to each address, and undelivered ones are kept', (minimumSeverity, FilterPolicy) => {
    const mails = Object.values(resourcesOf({ minimumSeverity, mailAddresses: ['a@shop.example', 'b@shop.example'] }, 'AWS::SNS::Subscription'));
    expect(mails.map(({ Properties }) => Properties)).toEqual(
      ['a@shop.example', 'b@shop.example'].map((Endpoint) => ({
        Protocol: 'email',
        Endpoint,
        TopicArn: { Ref: expect.stringMatching('^TidemarkTopic') },
        RedrivePolicy: { deadLetterTargetArn: arnOf('UndeliveredMail') },
        ...(FilterPolicy ? { FilterPolicy } : {}),
      })),
    );
  });

  test('have the severities that findings have, except the one that is only recorded', () => {
    expect(sentSeverities).toEqual(severities.slice(1));
  });
});

describe('faults', () => {
  const watched = ['BackfillErrors', 'CanaryLost', 'FailedDeliveries', 'FailedLearnings', 'FailedNotifications', 'FailedWatchEvents', 'IngestErrors', 'IngestLostFailures', 'MalformedRecords', 'NotifyErrors', 'NotifyLostFailures', 'UndeliveredMail', 'WatchErrors', 'WatchLostFailures'];

  test('each have an alarm that shows at once', () => {
    const alarms = resourcesOf({}, 'AWS::CloudWatch::Alarm');
    expect(Object.keys(alarms).map((id) => id.slice('TidemarkAlarms'.length, -8)).sort()).toEqual(watched);
    for (const [id, { Properties }] of Object.entries(alarms)) if (!id.includes('CanaryLost')) expect(Properties).toMatchObject({ Threshold: 1, EvaluationPeriods: 1, Period: 300, TreatMissingData: 'notBreaching' });
  });

  test('include that no canary comes through, and that nobody says so', () => {
    const { Dimensions, ...properties } = resourceOf('AWS::CloudWatch::Alarm', 'AlarmsCanaryLost').Properties;
    expect(properties).toMatchObject({ Namespace: 'Tidemark', MetricName: 'SilentSeconds', Statistic: 'Maximum', ComparisonOperator: 'GreaterThanThreshold', Threshold: 2700, Period: 300, EvaluationPeriods: 3, TreatMissingData: 'breaching' });
    expect(Dimensions).toEqual([{ Name: 'cluster', Value: 'tidemark canary' }, { Name: 'service', Value: 'watch' }]);
  });

  test('are told to a topic when one is given', () => {
    const { stack } = createTidemark();
    const { stack: told } = createTidemark({ alarmTopic: Topic.fromTopicArn(stack, 'Faults', 'arn:aws:sns:eu-west-1:123456789012:faults') });
    const alarms = Object.values(Template.fromStack(told).findResources('AWS::CloudWatch::Alarm')) as { Properties: { AlarmActions: unknown; OKActions: unknown } }[];
    expect(alarms.flatMap(({ Properties }) => [Properties.AlarmActions, Properties.OKActions])).toEqual(Array.from({ length: 2 * watched.length }, () => ['arn:aws:sns:eu-west-1:123456789012:faults']));
  });

  test('wait for a person for 14 days in every queue', () => {
    for (const { Properties } of Object.values(resourcesOf({}, 'AWS::SQS::Queue'))) expect(Properties['MessageRetentionPeriod']).toBe(14 * 24 * 60 * 60);
  });
});

test('what holds data keeps its logical id, since another id is another, empty resource', () => {
  const holding = Object.entries(resourcesOf()).filter(([, { Type }]) => /::(Table|Key|Topic|Queue)$/.test(Type));
  expect(holding.map(([id, { Type }]) => `${Type} ${id}`)).toEqual([
    'AWS::KMS::Key TidemarkKey85C9C8CA',
    'AWS::DynamoDB::Table TidemarkTablesState977E0339',
    'AWS::DynamoDB::Table TidemarkTablesFindings03E862F9',
    'AWS::SNS::Topic TidemarkTopic927CD8FF',
    'AWS::SQS::Queue TidemarkUndeliveredMail152B03FB',
    'AWS::SQS::Queue TidemarkIngestMalformedRecordsB9F0E876',
    'AWS::SQS::Queue TidemarkIngestFailedDeliveries143C55A7',
    'AWS::SQS::Queue TidemarkNotifyFailedNotificationsE491029F',
    'AWS::SQS::Queue TidemarkBackfillFailedLearningsB21DF592',
    'AWS::SQS::Queue TidemarkBackfillQueue11D66A7C',
    'AWS::SQS::Queue TidemarkWatchFailedEvents00F38D13',
  ]);
});

describe('props', () => {
  test('that are wrong are all named at once, with what would be right', () => {
    const flowLogs = [{ cluster: 'b', logGroupName: 'a group' }, { cluster: 'a', logGroupName: '/vpc', format: 'srcaddr' }, { cluster: 'a', logGroupName: '/vpc' }, { cluster: 'a', bucketName: 'A' }];
    const validate = () => { validateProps('Stack/Tidemark', { clusters: ['-prod', 'a', 'a'], intake: 'kinesis' as 'stream', flowLogs, resolverLogs: [{ cluster: 'b', logGroupName: 'a group' }, { cluster: 'a', bucketName: 'A' }], mailAddresses: ['team'], usualSilence: Duration.minutes(10), backfill: Duration.days(61), minimumSeverity: 'low' as 'medium' }); };
    expect(validate).toThrow(TidemarkPropsError);
    expect(validate).toThrow([
      'Stack/Tidemark cannot be made like this:',
      '  clusters: a name has 1 to 100 letters, digits, hyphens and underscores and begins with a letter or digit, as `aws eks list-clusters` prints it (is -prod)',
      '  clusters: name each cluster once (is a)',
      '  intake: must be one of direct, stream (is kinesis)',
      '  flowLogs: the cluster of each must be among clusters, whose audit log says who has which address (is b)',
      '  flowLogs: a log group is named as `aws logs describe-log-groups` prints it (is a group)',
      '  flowLogs: a bucket is named as `aws s3 ls` prints it (is A)',
      '  flowLogs: name each log group and bucket once for a cluster (is a=/vpc)',
      '  resolverLogs: the cluster of each must be among clusters, whose audit log says who has which address (is b)',
      '  resolverLogs: a log group is named as `aws logs describe-log-groups` prints it (is a group)',
      '  resolverLogs: a bucket is named as `aws s3 ls` prints it (is A)',
      '  flowLogs: a format lists fields of flow logs, addresses, bytes and start among them (is the format has no field dstaddr or pkt-dstaddr)',
      '  flowLogs: a log group has one format (is /vpc)',
      '  usualSilence: must be at least 15 minutes, since a control plane may rest for ten (is 10 minutes)',
      '  backfill: must be at most 60 days, since what was not seen for so long is forgotten (is 61 days)',
      '  mailAddresses: an address looks like someone@example.com (is team)',
      '  minimumSeverity: must be one of medium, high, critical (is low)',
    ].join('\n'));
  });

  test('must name a cluster', () => {
    expect(() => createTidemark({ clusters: [] })).toThrow('clusters: name at least one EKS cluster');
  });

  test('must leave room in the function\'s environment', () => {
    const flowLogs = Array.from({ length: 100 }, (_, index) => ({ cluster: 'prod', logGroupName: `/vpc/${String(index)}` }));
    expect(() => createTidemark({ flowLogs })).toThrow('flowLogs, resolverLogs: all together must not be longer than 3000 characters');
  });

  test('must name an address once', () => {
    expect(() => createTidemark({ mailAddresses: ['a@shop.example', 'a@shop.example'] })).toThrow('mailAddresses: name each address once (is a@shop.example)');
  });

  test('may be known only when the stack is deployed', () => {
    const { stack } = createTidemark();
    expect(() => createTidemark({ clusters: [stack.stackId] })).not.toThrow(TidemarkPropsError);
  });
});
