import { describe, expect, test } from '@jest/globals';
import { Duration } from 'aws-cdk-lib';
import { AccountPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Template } from 'aws-cdk-lib/assertions';
import { createTidemark, linesOf, logCombinations, resourceOf, resourcesOf, short, withAllLogs, withEveryCluster, withFlowLogFiles, withFlowLogs, withResolverLogFiles, withResolverLogs, withSenders, withStream, withStreamAndAllLogs, type Resource } from './synthesis.ts';

describe('permissions of', () => {
  const onlyKeys = (keys: string) => `if dynamodb:LeadingKeys ForAllValues:StringLike ${keys}`;
  /** X-Ray has no resources to name. */
  const traces = ['xray:PutTelemetryRecords *', 'xray:PutTraceSegments *'];
  const intake = (name: string) => [
    'dynamodb:BatchGetItem TablesState.Arn',
    'dynamodb:GetItem TablesFindings.Arn',
    'dynamodb:PutItem TablesFindings.Arn',
    'dynamodb:PutItem TablesState.Arn',
    'kms:Decrypt Key.Arn if kms:ViaService StringEquals dynamodb.region.urlsuffix',
    'kms:Decrypt Key.Arn if kms:ViaService StringEquals sqs.region.urlsuffix',
    'kms:GenerateDataKey Key.Arn if kms:ViaService StringEquals sqs.region.urlsuffix',
    `logs:CreateLogStream ${name}HandlerLogs.Arn`,
    `logs:PutLogEvents ${name}HandlerLogs.Arn`,
    `sqs:SendMessage ${name}FailedDeliveries.Arn`,
    `sqs:SendMessage ${name}MalformedRecords.Arn`,
    ...traces,
  ];

  test.each(logCombinations)('ingest are its calls on its own resources with %s', (_, props) => {
    expect(linesOf(resourceOf('AWS::IAM::Policy', 'IngestHandlerRole', props))).toEqual([...intake('Ingest'), 'sqs:SendMessage BackfillQueue.Arn'].sort());
  });

  test.each([['a stream', withStream], ['a stream and all logs', withStreamAndAllLogs]])('ingest are to read the stream besides, and nothing else, with %s', (_, props) => {
    expect(linesOf(resourceOf('AWS::IAM::Policy', 'IngestHandlerRole', props))).toEqual([
      ...intake('Ingest'),
      ...['DescribeStream', 'DescribeStreamSummary', 'GetRecords', 'GetShardIterator', 'ListShards'].map((action) => `kinesis:${action} IngestStream.Arn`),
      'kms:Decrypt Key.Arn if kms:ViaService StringEquals kinesis.region.urlsuffix',
      'sqs:SendMessage BackfillQueue.Arn',
    ].sort());
  });

  test.each([['a stream', withStream], ['a stream and all logs', withStreamAndAllLogs]])('CloudWatch Logs are to put deliveries into the stream, for log groups of this account only, with %s', (_, props) => {
    expect(linesOf(resourceOf('AWS::IAM::Policy', 'IngestStreamWriter', props))).toEqual([
      'kinesis:PutRecord IngestStream.Arn',
      'kinesis:PutRecords IngestStream.Arn',
      'kms:GenerateDataKey Key.Arn if kms:ViaService StringEquals kinesis.region.urlsuffix',
    ]);
    expect(linesOf(resourceOf('AWS::IAM::Role', 'IngestStreamWriter', props))).toEqual([
      'Service logs.amazonaws.com: sts:AssumeRole undefined if aws:SourceArn ArnLike arn:partition:logs:region:accountid:* if aws:SourceAccount StringEquals accountid',
    ]);
  });

  test('the key and the others are the same with a stream', () => {
    expect(linesOf(resourceOf('AWS::KMS::Key', '', withStream))).toEqual(linesOf(resourceOf('AWS::KMS::Key')));
    for (const name of ['Notify', 'Watch']) expect(linesOf(resourceOf('AWS::IAM::Policy', `${name}HandlerRole`, withStream))).toEqual(linesOf(resourceOf('AWS::IAM::Policy', `${name}HandlerRole`)));
    expect(Object.keys(resourcesOf({ ...withStream, watch: false }, 'AWS::Lambda::Permission'))).toEqual([]);
  });

  test.each([['flow logs', withFlowLogs], ['query logs', withResolverLogs], ['both', { ...withFlowLogs, ...withResolverLogs }]])('flows are its calls on its own resources with %s in log groups', (_, props) => {
    expect(linesOf(resourceOf('AWS::IAM::Policy', 'FlowsHandlerRole', props))).toEqual(intake('Flows'));
  });

  test('ingest are no more than that without a backfill', () => {
    expect(linesOf(resourceOf('AWS::IAM::Policy', 'IngestHandlerRole', { backfill: Duration.days(0) }))).toEqual(intake('Ingest'));
  });

  test('backfill are to read the logs of the named clusters, and its calls on its own resources', () => {
    expect(linesOf(resourceOf('AWS::IAM::Policy', 'BackfillHandlerRole', { clusters: ['prod', 'staging'] }))).toEqual([
      ...intake('Backfill').filter((line) => !line.startsWith('sqs:')),
      ...['prod', 'staging'].map((cluster) => `logs:FilterLogEvents arn:partition:logs:region:accountid:log-group:/aws/eks/${cluster}/cluster:*`),
      ...['DeleteMessage', 'GetQueueAttributes', 'ReceiveMessage', 'SendMessage'].map((action) => `sqs:${action} BackfillQueue.Arn`),
    ].sort());
  });

  test('notify are its calls on its own resources', () => {
    expect(linesOf(resourceOf('AWS::IAM::Policy', 'NotifyHandlerRole'))).toEqual([
      `dynamodb:BatchGetItem TablesState.Arn ${onlyKeys('push#*, heartbeat|tidemark canary')}`,
      'dynamodb:DescribeStream TablesFindings.StreamArn',
      'dynamodb:GetItem TablesFindings.Arn',
      'dynamodb:GetRecords TablesFindings.StreamArn',
      'dynamodb:GetShardIterator TablesFindings.StreamArn',
      'dynamodb:ListStreams TablesFindings.StreamArn',
      `dynamodb:PutItem TablesState.Arn ${onlyKeys('push#*, heartbeat|tidemark canary')}`,
      'kms:Decrypt Key.Arn if kms:ViaService StringEquals dynamodb.region.urlsuffix',
      'kms:Decrypt Key.Arn if kms:ViaService StringEquals sns.region.urlsuffix',
      'kms:Decrypt Key.Arn if kms:ViaService StringEquals sqs.region.urlsuffix',
      'kms:GenerateDataKey Key.Arn if kms:ViaService StringEquals sns.region.urlsuffix',
      'kms:GenerateDataKey Key.Arn if kms:ViaService StringEquals sqs.region.urlsuffix',
      'logs:CreateLogStream NotifyHandlerLogs.Arn',
      'logs:PutLogEvents NotifyHandlerLogs.Arn',
      'sns:Publish Topic',
      'sqs:SendMessage NotifyFailedNotifications.Arn',
      ...traces,
    ]);
  });

  const [flowFiles, queryFiles] = [['network-logs/AWSLogs/*', 'staging-logs/*'], ['dns-logs/prod/*']];

  test.each([
    ['flow logs', withFlowLogFiles, flowFiles],
    ['query logs', withResolverLogFiles, queryFiles],
    ['both', { ...withFlowLogFiles, ...withResolverLogFiles }, [...flowFiles, ...queryFiles]],
    ['both, some of them in one place', withAllLogs, [...flowFiles, ...queryFiles]],
  ])('flows are its calls on the files of %s and on their queue besides', (_, props, files) => {
    expect(linesOf(resourceOf('AWS::IAM::Policy', 'FlowsHandlerRole', props))).toEqual([
      ...intake('Flows'),
      ...files.map((objects) => `s3:GetObject arn:partition:s3:::${objects}`),
      'sqs:DeleteMessage FlowsFilesQueue.Arn',
      'sqs:GetQueueAttributes FlowsFilesQueue.Arn',
      'sqs:ReceiveMessage FlowsFilesQueue.Arn',
    ].sort());
  });

  test('watch are its calls on its own resources', () => {
    expect(linesOf(resourceOf('AWS::IAM::Policy', 'WatchHandlerRole'))).toEqual(intake('Watch').filter((line) => !line.includes('WatchMalformedRecords')).map((line) => line.replace('FailedDeliveries', 'FailedEvents').replace(/(TablesState\.Arn)$/, `$1 ${onlyKeys('clusters, clusters|*, heartbeat|*, learning|*')}`)));
  });

  test('watch let its rules call it and have ingest let a canary fly, and nothing else; what they cannot give to it goes to its queue', () => {
    const permissions = Object.entries(resourcesOf({}, 'AWS::Lambda::Permission')).filter(([id]) => id.startsWith('TidemarkWatch'));
    expect(permissions.map(([, { Properties }]) => short(Properties))).toEqual([['Watch', 'Schedule'], ['Watch', 'Calls'], ['Ingest', 'Canary']].map(([name, rule]) => `Action lambda:InvokeFunction FunctionName ${String(name)}HandlerFunction.Arn Principal events.amazonaws.com SourceArn Watch${String(rule)}.Arn`));
    expect(linesOf(resourceOf('AWS::SQS::QueuePolicy', 'WatchFailedEvents'))).toEqual([
      'Deny AWS *: sqs:* WatchFailedEvents.Arn if aws:SecureTransport Bool false',
      ...['Calls', 'Schedule'].map((rule) => `Service events.amazonaws.com: sqs:SendMessage WatchFailedEvents.Arn if aws:SourceArn ArnEquals Watch${rule}.Arn`),
    ]);
  });

  test('EventBridge are to tell of files by its rules, encrypted with the key', () => {
    for (const queue of ['Queue', 'FailedFiles']) expect(linesOf(resourceOf('AWS::SQS::QueuePolicy', `FlowsFiles${queue}`, withFlowLogFiles))).toEqual([
      `Deny AWS *: sqs:* FlowsFiles${queue}.Arn if aws:SecureTransport Bool false`,
      ...['networklogsAWSLogs', 'staginglogs'].map((name) => expect.stringMatching(`^Service events.amazonaws.com: sqs:SendMessage FlowsFiles${queue}.Arn if aws:SourceArn ArnEquals FlowsFilesBucket${name}.*\\.Arn$`)),
    ]);
    const ofEvents = linesOf(resourceOf('AWS::KMS::Key', '', { ...withFlowLogFiles, watch: false })).filter((line) => line.includes('events'));
    expect(ofEvents).toEqual(['kms:Decrypt', 'kms:GenerateDataKey'].map((action) => `Service events.amazonaws.com: ${action} * if aws:SourceArn ArnLike arn:partition:events:region:accountid:rule/*`));
    expect(linesOf(resourceOf('AWS::KMS::Key', '', { ...withFlowLogs, watch: false })).filter((line) => line.includes('events'))).toEqual([]);
  });

  test('no function are traces when nobody wants them', () => {
    const lines = Object.values(resourcesOf({ ...withAllLogs, tracing: false }, 'AWS::IAM::Policy')).flatMap(linesOf);
    expect(lines.filter((line) => line.startsWith('xray:') || line.endsWith(' *'))).toEqual([]);
  });

  test.each([...logCombinations, ['a stream', withStream] as const, ['every cluster and senders', { ...withEveryCluster, ...withSenders }] as const])('the roles come from these policies alone with %s', (_, props) => {
    const roles = Object.entries(resourcesOf(props, 'AWS::IAM::Role'));
    // Destinations in other regions name the role by which they write, and roles of other accounts the one that reads by them.
    for (const [id, role] of roles) expect(Object.keys(role.Properties)).toEqual(['AssumeRolePolicyDocument', ...(/^Tidemark(IngestSendersWriter|BackfillHandlerRole)/.test(id) && props.senders ? ['RoleName'] : [])]);
    expect(Object.keys(resourcesOf(props, 'AWS::IAM::Policy'))).toHaveLength(roles.length);
  });

  test('the key are the account, and three services for their own resources', () => {
    expect(linesOf(resourceOf('AWS::KMS::Key'))).toEqual([
      'AWS arn:partition:iam::accountid:root: kms:* *',
      'Service events.amazonaws.com: kms:Decrypt * if aws:SourceArn ArnLike arn:partition:events:region:accountid:rule/*',
      'Service events.amazonaws.com: kms:GenerateDataKey * if aws:SourceArn ArnLike arn:partition:events:region:accountid:rule/*',
      'Service logs.region.amazonaws.com: kms:Decrypt * if kms:EncryptionContext:aws:logs:arn ArnLike arn:partition:logs:region:accountid:log-group:/tidemark/*',
      'Service logs.region.amazonaws.com: kms:DescribeKey * if kms:EncryptionContext:aws:logs:arn ArnLike arn:partition:logs:region:accountid:log-group:/tidemark/*',
      'Service logs.region.amazonaws.com: kms:Encrypt * if kms:EncryptionContext:aws:logs:arn ArnLike arn:partition:logs:region:accountid:log-group:/tidemark/*',
      'Service logs.region.amazonaws.com: kms:GenerateDataKey* * if kms:EncryptionContext:aws:logs:arn ArnLike arn:partition:logs:region:accountid:log-group:/tidemark/*',
      'Service logs.region.amazonaws.com: kms:ReEncrypt* * if kms:EncryptionContext:aws:logs:arn ArnLike arn:partition:logs:region:accountid:log-group:/tidemark/*',
      'Service sns.amazonaws.com: kms:Decrypt * if aws:SourceArn ArnLike arn:partition:sns:region:accountid:*',
      'Service sns.amazonaws.com: kms:GenerateDataKey * if aws:SourceArn ArnLike arn:partition:sns:region:accountid:*',
    ]);
  });

  const everyWrite = ['BatchWriteItem', 'DeleteItem', 'PartiQLDelete', 'PartiQLInsert', 'PartiQLUpdate', 'PutItem', 'UpdateItem'];
  const notBy = 'if aws:PrincipalIsAWSService Bool false';
  const ofOthers = `Deny AWS *: dynamodb:* * ${notBy} if aws:PrincipalAccount StringNotEquals accountid`;

  test.each<readonly [string, string[], string[]]>([
    ['State', everyWrite, ['Ingest', 'Notify', 'Flows', 'Backfill', 'Watch']],
    // People decide by UpdateItem.
    ['Findings', everyWrite.filter((action) => !/Update/.test(action)), ['Ingest', 'Flows', 'Backfill', 'Watch']],
  ])('the table %s are no write by anybody but the functions that write it, and nothing from another account', (name, actions, writers) => {
    const roles = writers.map((writer) => `${writer}HandlerRole.Arn`).join(', ');
    expect(linesOf(resourceOf('AWS::DynamoDB::Table', `Tables${name}`, withAllLogs))).toEqual([
      ofOthers,
      ...actions.map((action) => `Deny AWS *: dynamodb:${action} * ${notBy} if aws:PrincipalArn ArnNotEquals ${roles}`),
    ].sort());
  });

  test('the tables lock nobody out of themselves: what is refused are items, never the table or its policy', () => {
    for (const table of Object.values(resourcesOf(withAllLogs, 'AWS::DynamoDB::Table'))) {
      const refused = linesOf(table).filter((line) => line !== ofOthers);
      expect(refused.length).toBeGreaterThan(0);
      for (const line of refused) expect(line).toMatch(/^Deny AWS \*: dynamodb:(\w+Item|PartiQL\w+) \* /);
    }
  });

  test.each([['no logs of the network', {}], ['all of them', withAllLogs], ['a stream', withStream], ['every cluster', withEveryCluster], ['senders', withSenders]])('nobody else are given anything: no resource has a public address, and no policy lets everybody in, with %s', (_, props) => {
    const resources = Object.values(resourcesOf(props));
    expect(resources.map(({ Type }) => Type).filter((type) => /Url$|ApiGateway|LoadBalanc|CloudFront|AppSync|::Bucket$|::EC2::/.test(type))).toEqual([]);
    const policies = resources.filter(({ Type, Properties }) => (/Policy$|::Key$/.test(Type) && Type !== 'AWS::Logs::AccountPolicy') || 'ResourcePolicy' in Properties).flatMap(linesOf);
    expect(policies.filter((line) => !line.startsWith('Deny') && /^(AWS )?\*:/.test(line) && !line.endsWith(' if aws:PrincipalOrgID StringEquals o-abcdefghij'))).toEqual([]);
    // A service may act for any account unless a condition or the resource's own account says for which.
    const services = policies.filter((line) => !line.startsWith('Deny') && line.startsWith('Service'));
    expect(services.filter((line) => !/ if (aws:SourceArn|kms:EncryptionContext)/.test(line))).toEqual([]);
    for (const { Properties } of resources.filter(({ Type }) => Type === 'AWS::Lambda::Permission')) expect(Properties).toHaveProperty('SourceArn');
  });

  test('queues and topic refuse what comes unencrypted, and only SNS may put undelivered mail in its queue', () => {
    const lines = [...Object.values(resourcesOf({ watch: false }, 'AWS::SQS::QueuePolicy')), resourceOf('AWS::SNS::TopicPolicy')].flatMap(linesOf);
    expect(lines).toEqual([
      'Deny AWS *: sqs:* UndeliveredMail.Arn if aws:SecureTransport Bool false',
      'Service sns.amazonaws.com: sqs:SendMessage UndeliveredMail.Arn if aws:SourceArn ArnEquals Topic',
      'Deny AWS *: sqs:* IngestMalformedRecords.Arn if aws:SecureTransport Bool false',
      'Deny AWS *: sqs:* IngestFailedDeliveries.Arn if aws:SecureTransport Bool false',
      'Deny AWS *: sqs:* NotifyFailedNotifications.Arn if aws:SecureTransport Bool false',
      'Deny AWS *: sqs:* BackfillFailedLearnings.Arn if aws:SecureTransport Bool false',
      'Deny AWS *: sqs:* BackfillQueue.Arn if aws:SecureTransport Bool false',
      'Deny *: sns:Publish Topic if aws:SecureTransport Bool false',
    ]);
  });

  test('the queues of flow logs refuse what comes unencrypted', () => {
    const lines = Object.values(resourcesOf(withFlowLogs, 'AWS::SQS::QueuePolicy')).flatMap(linesOf).filter((line) => line.includes('Flows'));
    expect(lines).toEqual([
      'Deny AWS *: sqs:* FlowsMalformedRecords.Arn if aws:SecureTransport Bool false',
      'Deny AWS *: sqs:* FlowsFailedDeliveries.Arn if aws:SecureTransport Bool false',
    ]);
  });

  test.each([
    ['flow logs', withFlowLogs, ['/vpc/prod', '/vpc/shared']],
    ['query logs', withResolverLogs, ['/dns/shared']],
    ['both, some of them in one log group', withAllLogs, ['/vpc/prod', '/vpc/shared', '/dns/shared']],
    ['files only', withResolverLogFiles, []],
  ])('the flows function let the log groups of its sources call it, and nothing else, with %s', (_, props, names) => {
    const permissions = Object.entries(resourcesOf(props, 'AWS::Lambda::Permission')).filter(([id]) => id.startsWith('TidemarkFlows'));
    expect(permissions.map(([, { Properties }]) => short(Properties))).toEqual(
      names.map((name) =>
        `Action lambda:InvokeFunction FunctionName FlowsHandlerFunction.Arn Principal logs.amazonaws.com SourceAccount accountid SourceArn arn:partition:logs:region:accountid:log-group:${name}:*`),
    );
  });

  test('the ingest function let the log groups of the named clusters call it, and nothing else', () => {
    const permissions = Object.values(resourcesOf({ clusters: ['prod', 'staging'], watch: false }, 'AWS::Lambda::Permission'));
    expect(permissions.map(({ Properties }) => short(Properties))).toEqual(
      ['prod', 'staging'].map((cluster) =>
        `Action lambda:InvokeFunction FunctionName IngestHandlerFunction.Arn Principal logs.amazonaws.com SourceAccount accountid SourceArn arn:partition:logs:region:accountid:log-group:/aws/eks/${cluster}/cluster:*`),
    );
  });
});

describe('grants', () => {
  test('let people learn, and so write what nobody but the functions may', () => {
    const { stack, tidemark } = createTidemark();
    tidemark.grantLearn(new Role(stack, 'Learner', { assumedBy: new AccountPrincipal('123456789012') }));
    const template = Template.fromStack(stack);
    const policy = Object.entries(template.findResources('AWS::IAM::Policy') as Record<string, Resource>).filter(([id]) => id.startsWith('Learner')).flatMap(([, one]) => linesOf(one));
    expect(policy).toEqual([
      'dynamodb:BatchGetItem TablesState.Arn',
      'dynamodb:GetItem TablesFindings.Arn',
      'dynamodb:PutItem TablesFindings.Arn',
      'dynamodb:PutItem TablesState.Arn',
      'kms:Decrypt Key.Arn if kms:ViaService StringEquals dynamodb.region.urlsuffix',
    ]);
    for (const table of Object.values(template.findResources('AWS::DynamoDB::Table') as Record<string, Resource>)) expect(linesOf(table).filter((line) => line.includes('PutItem')).join()).toContain('Learner');
  });

  test('let people have clusters be forgotten, and so write the list of them', () => {
    const { stack, tidemark } = createTidemark();
    tidemark.grantForget(new Role(stack, 'People', { assumedBy: new AccountPrincipal('123456789012') }));
    const template = Template.fromStack(stack);
    const policy = Object.entries(template.findResources('AWS::IAM::Policy') as Record<string, Resource>).filter(([id]) => id.startsWith('People')).flatMap(([, one]) => linesOf(one));
    const onlyThat = 'if dynamodb:LeadingKeys ForAllValues:StringLike clusters|*';
    expect([...new Set(policy)]).toEqual([...look, `dynamodb:BatchGetItem TablesState.Arn ${onlyThat}`, `dynamodb:PutItem TablesState.Arn ${onlyThat}`].sort());
    const { State } = Object.fromEntries(Object.entries(template.findResources('AWS::DynamoDB::Table') as Record<string, Resource>).map(([id, table]) => [id.includes('State') ? 'State' : 'Findings', table]));
    expect(State && linesOf(State).filter((line) => line.includes('PutItem')).join()).toContain('People');
  });

  test('let people give again what functions failed with, and nothing else', () => {
    const calls = ['Ingest', 'Notify', 'Watch'].flatMap((name) => [`lambda:InvokeFunction ${name}HandlerFunction.Arn`, `lambda:InvokeFunction ${name}HandlerFunction.Arn:$LATEST`]);
    const queues = ['BackfillFailedLearnings', 'IngestFailedDeliveries', 'IngestMalformedRecords', 'NotifyFailedNotifications', 'UndeliveredMail', 'WatchFailedEvents'].flatMap((name) => ['ChangeMessageVisibility', 'DeleteMessage', 'ReceiveMessage'].map((action) => `sqs:${action} ${name}.Arn`));
    const key = ['kms:Decrypt', 'kms:GenerateDataKey'].map((action) => `${action} Key.Arn if kms:ViaService StringEquals sqs.region.urlsuffix`);
    const changes = ['dynamodb:GetRecords TablesFindings.StreamArn', 'dynamodb:GetShardIterator TablesFindings.StreamArn', 'kms:Decrypt Key.Arn if kms:ViaService StringEquals dynamodb.region.urlsuffix'];
    expect([...new Set(granted('grantRedrive'))].sort()).toEqual([...calls, ...queues, ...key, ...changes, 'sqs:SendMessage BackfillQueue.Arn'].sort());
  });

  test('let them read again what is in the stream, where there is one', () => {
    expect(granted('grantRedrive', { intake: 'stream' }).filter((line) => line.includes('kinesis'))).toEqual([
      'kinesis:GetRecords IngestStream.Arn',
      'kinesis:GetShardIterator IngestStream.Arn',
      'kms:Decrypt Key.Arn if kms:ViaService StringEquals kinesis.region.urlsuffix',
    ]);
  });

  function granted(grant: 'grantLook' | 'grantDecide' | 'grantRedrive', props: Parameters<typeof createTidemark>[0] = {}): string[] {
    const { stack, tidemark } = createTidemark(props);
    tidemark[grant](new Role(stack, 'People', { assumedBy: new AccountPrincipal('123456789012') }));
    const policies = Template.fromStack(stack).findResources('AWS::IAM::Policy') as Record<string, Resource>;
    return Object.entries(policies).filter(([id]) => id.startsWith('People')).flatMap(([, policy]) => linesOf(policy));
  }
  const look = [
    'dynamodb:BatchGetItem TablesState.Arn',
    'dynamodb:GetItem TablesFindings.Arn',
    'dynamodb:Query TablesFindings.Arn/index/by-cluster',
    'dynamodb:Query TablesFindings.Arn/index/by-identity',
    'dynamodb:Query TablesFindings.Arn/index/by-status-and-severity',
    'kms:Decrypt Key.Arn if kms:ViaService StringEquals dynamodb.region.urlsuffix',
  ];

  test('let people look', () => {
    expect(granted('grantLook')).toEqual(look);
  });

  test('let people decide besides, and change nothing else of a finding', () => {
    const onlyThat = 'if dynamodb:Attributes ForAllValues:StringEquals id, status, statusAndSeverity, revision if dynamodb:ReturnValues StringEqualsIfExists NONE, UPDATED_OLD, UPDATED_NEW';
    expect(granted('grantDecide')).toEqual([...look, `dynamodb:UpdateItem TablesFindings.Arn ${onlyThat}`].sort());
  });
});
