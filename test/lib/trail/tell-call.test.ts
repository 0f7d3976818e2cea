import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findingSchema, type Finding } from '../../../lib/finding.ts';
import { notificationFor } from '../../../lib/notification.ts';
import { readCall, UnreadableCallError, type Envelope } from '../../../lib/trail/call.ts';
import { findingWith, toldCall, type Scope } from '../../../lib/trail/tell-call.ts';
import { watchedCalls } from '../../../lib/trail/watched-calls.ts';
import { findingOf, itemOf } from '../../../lambdas/finding-item.ts';
import { byCloudFormation, detail, loggingChange, scope } from './calls.ts';

type Detail = ReturnType<typeof detail>;

/** What people are told of one call, `undefined` when nothing. */
function told(one: Detail, of: Scope = scope): Finding | undefined {
  const call = toldCall(readCall(one), of);
  return call && findingWith(undefined, call);
}

/** The finding after several calls. */
function after(...details: Detail[]): Finding | undefined {
  let finding: Finding | undefined;
  for (const one of details) {
    const call = toldCall(readCall(one), scope);
    finding = (call && findingWith(finding, call)) ?? finding;
  }
  return finding;
}

const clusterAdmin = 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy';
const view = 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy';
const principalArn = 'arn%3Aaws%3Aiam%3A%3A012345678901%3Arole%2Fintern';
const ingest = 'Tidemark-TidemarkIngestHandler-AbC123';
const table = 'Tidemark-TidemarkTablesState977E0339-1ABC';
const key = '1234abcd-12ab-34cd-56ef-1234567890ab';
const topicArn = 'arn:aws:sns:eu-west-1:123456789012:Tidemark-TidemarkTopic927CD8FF-x';
const filterName = 'Tidemark-TidemarkIngestClusterprodFilter-x';
const logGroupName = '/aws/eks/prod/cluster';

/**
 * Shapes from public examples: EKS access entries https://stratus-red-team.cloud/attack-techniques/EKS/eks.lateral-movement.create-access-entry/,
 * flow logs and resolver logs https://stratus-red-team.cloud/attack-techniques/AWS/, DynamoDB, KMS, SNS and Lambda from their pages on CloudTrail.
 */
const hits: [string, object, { severity: string; cluster: string; title: string }][] = [
  ['eks DeleteCluster', { name: 'prod' }, { severity: 'high', cluster: 'prod', title: 'eve deleted cluster prod' }],
  ['eks AssociateAccessPolicy', { policyArn: clusterAdmin, accessScope: { type: 'cluster' }, name: 'prod', principalArn }, { severity: 'high', cluster: 'prod', title: 'eve gave AmazonEKSClusterAdminPolicy to intern in cluster prod' }],
  ['eks AssociateAccessPolicy', { policyArn: view, accessScope: { type: 'cluster' }, name: 'prod', principalArn }, { severity: 'low', cluster: 'prod', title: 'eve gave AmazonEKSViewPolicy to intern in cluster prod' }],
  ['eks AssociateAccessPolicy', { policyArn: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy', name: 'prod', principalArn }, { severity: 'medium', cluster: 'prod', title: 'eve gave AmazonEKSEditPolicy to intern in cluster prod' }],
  ['eks CreateAccessEntry', { name: 'prod', principalArn, kubernetesGroups: ['admins'] }, { severity: 'medium', cluster: 'prod', title: 'eve let intern into groups of cluster prod' }],
  ['eks CreateAccessEntry', { name: 'prod', principalArn }, { severity: 'low', cluster: 'prod', title: 'eve made an access entry for intern in cluster prod' }],
  ['eks UpdateAccessEntry', { name: 'prod', principalArn, kubernetesGroups: ['admins'] }, { severity: 'medium', cluster: 'prod', title: 'eve let intern into groups of cluster prod' }],
  ['eks DeleteAccessEntry', { name: 'prod', principalArn }, { severity: 'medium', cluster: 'prod', title: 'eve deleted the access entry of intern in cluster prod' }],
  ['eks DisassociateAccessPolicy', { name: 'prod', principalArn, policyArn: view }, { severity: 'low', cluster: 'prod', title: 'eve took AmazonEKSViewPolicy from intern in cluster prod' }],
  ['logs DeleteSubscriptionFilter', { logGroupName, filterName }, { severity: 'critical', cluster: 'prod', title: "eve deleted Tidemark's subscription to /aws/eks/prod/cluster" }],
  ['logs PutSubscriptionFilter', { logGroupName, filterName, filterPattern: '{ $.nothing = 1 }' }, { severity: 'critical', cluster: 'prod', title: "eve replaced Tidemark's subscription to /aws/eks/prod/cluster" }],
  ['logs DeleteLogGroup', { logGroupName }, { severity: 'critical', cluster: 'prod', title: 'eve deleted the log group /aws/eks/prod/cluster' }],
  ['logs DeleteLogGroup', { logGroupName: '/vpc/prod' }, { severity: 'critical', cluster: 'all clusters', title: 'eve deleted the log group /vpc/prod' }],
  ['logs DeleteLogStream', { logGroupName, logStreamName: 'kube-apiserver-audit-0' }, { severity: 'high', cluster: 'prod', title: 'eve deleted a log stream of /aws/eks/prod/cluster' }],
  ['logs PutRetentionPolicy', { logGroupName, retentionInDays: 1 }, { severity: 'medium', cluster: 'prod', title: 'eve shortened the time that /aws/eks/prod/cluster is kept to less than 7 days' }],
  ['logs DisassociateKmsKey', { resourceIdentifier: 'arn:aws:logs:eu-west-1:123456789012:log-group:/aws/eks/prod/cluster:*' }, { severity: 'low', cluster: 'prod', title: 'eve took the key from the log group /aws/eks/prod/cluster' }],
  ['logs PutDataProtectionPolicy', { logGroupIdentifier: logGroupName, policyDocument: '{}' }, { severity: 'medium', cluster: 'prod', title: 'eve masked data in the log group /aws/eks/prod/cluster' }],
  ['logs DeleteAccountPolicy', { policyName: 'all', policyType: 'SUBSCRIPTION_FILTER_POLICY' }, { severity: 'low', cluster: 'all clusters', title: 'eve deleted the policy all of all log groups of the account' }],
  ['ec2 DeleteFlowLogs', { DeleteFlowLogsRequest: { FlowLogId: { content: 'fl-0b99f482856f6f98b', tag: 1 } } }, { severity: 'medium', cluster: 'all clusters', title: 'eve deleted a VPC flow log' }],
  ['route53resolver DeleteResolverQueryLogConfig', { resolverQueryLogConfigId: 'rqlc-ba781297ce9c4009', originSequenceNumber: 0 }, { severity: 'medium', cluster: 'all clusters', title: 'eve deleted a log of DNS queries' }],
  ['cloudtrail StopLogging', { name: 'arn:aws:cloudtrail:eu-west-1:123456789012:trail/main' }, { severity: 'high', cluster: 'all clusters', title: 'eve stopped the trail main' }],
  ['cloudtrail PutEventSelectors', { trailName: 'main', eventSelectors: [{ readWriteType: 'All', includeManagementEvents: false }] }, { severity: 'high', cluster: 'all clusters', title: 'eve left changes out of the trail main' }],
  ['cloudtrail PutEventSelectors', { trailName: 'main', advancedEventSelectors: [{ fieldSelectors: [{ field: 'eventCategory', equals: ['Data'] }] }] }, { severity: 'high', cluster: 'all clusters', title: 'eve left changes out of the trail main' }],
  ['dynamodb DeleteTable', { tableName: table }, { severity: 'critical', cluster: 'all clusters', title: `eve deleted the table ${table}` }],
  ['dynamodb UpdateTable', { tableName: `arn:aws:dynamodb:eu-west-1:123456789012:table/${table}`, deletionProtectionEnabled: false }, { severity: 'high', cluster: 'all clusters', title: `eve took the protection against deletion from the table ${table}` }],
  ['dynamodb UpdateTable', { tableName: table, streamSpecification: { streamEnabled: false } }, { severity: 'critical', cluster: 'all clusters', title: `eve turned off the stream of the table ${table}, so that nobody is told` }],
  ['lambda DeleteFunction20150331', { functionName: `arn:aws:lambda:eu-west-1:123456789012:function:${ingest}` }, { severity: 'critical', cluster: 'all clusters', title: `eve deleted the function ${ingest}` }],
  ['lambda UpdateFunctionCode20150331v2', { functionName: ingest, publish: false }, { severity: 'critical', cluster: 'all clusters', title: `eve replaced the code of the function ${ingest}` }],
  ['lambda PutFunctionConcurrency20171031', { functionName: ingest, reservedConcurrentExecutions: 0 }, { severity: 'critical', cluster: 'all clusters', title: `eve stopped the function ${ingest}` }],
  ['lambda UpdateEventSourceMapping20150331', { uUID: '0ad1ce0f-1f1e-4a5f-9c1b-5f2d2b1f2f3c', enabled: false }, { severity: 'critical', cluster: 'all clusters', title: 'eve turned off what feeds a function: 0ad1ce0f-1f1e-4a5f-9c1b-5f2d2b1f2f3c' }],
  ['lambda RemovePermission20150331v2', { functionName: ingest, statementId: 'logs' }, { severity: 'high', cluster: 'all clusters', title: `eve forbade calls of the function ${ingest}` }],
  ['lambda AddPermission20150331v2', { functionName: ingest, principal: '999999999999' }, { severity: 'high', cluster: 'all clusters', title: `eve allowed others to call the function ${ingest}` }],
  ['lambda CreateFunctionUrlConfig20211031', { functionName: ingest, authType: 'NONE' }, { severity: 'high', cluster: 'all clusters', title: `eve gave the function ${ingest} an address on the internet` }],
  ['dynamodb PutResourcePolicy', { resourceArn: `arn:aws:dynamodb:eu-west-1:123456789012:table/${table}`, policy: '{}' }, { severity: 'high', cluster: 'all clusters', title: `eve changed who may write the table ${table}` }],
  ['dynamodb DeleteResourcePolicy', { resourceArn: `arn:aws:dynamodb:eu-west-1:123456789012:table/${table}` }, { severity: 'high', cluster: 'all clusters', title: `eve took its policy from the table ${table}` }],
  ['dynamodb ExportTableToPointInTime', { tableArn: `arn:aws:dynamodb:eu-west-1:123456789012:table/${table}`, s3Bucket: 'loot' }, { severity: 'high', cluster: 'all clusters', title: `eve exported the table ${table}` }],
  ['dynamodb RestoreTableToPointInTime', { sourceTableName: table, targetTableName: 'copy' }, { severity: 'medium', cluster: 'all clusters', title: `eve restored the table ${table} as another` }],
  ['sns Subscribe', { topicArn, protocol: 'email', endpoint: 'HIDDEN_DUE_TO_SECURITY_REASONS' }, { severity: 'medium', cluster: 'all clusters', title: 'eve subscribed to the topic Tidemark-TidemarkTopic927CD8FF-x' }],
  ['sns AddPermission', { topicArn, label: 'x', aWSAccountIds: ['999999999999'] }, { severity: 'high', cluster: 'all clusters', title: 'eve let others use the topic Tidemark-TidemarkTopic927CD8FF-x' }],
  ['kinesis DeleteStream', { streamARN: 'arn:aws:kinesis:eu-west-1:123456789012:stream/Tidemark-TidemarkIngestStream-x' }, { severity: 'critical', cluster: 'all clusters', title: 'eve deleted the stream Tidemark-TidemarkIngestStream-x, with what was not yet read' }],
  ['kinesis StopStreamEncryption', { streamName: 'Tidemark-TidemarkIngestStream-x', encryptionType: 'KMS', keyId: key }, { severity: 'medium', cluster: 'all clusters', title: 'eve ended the encryption of the stream Tidemark-TidemarkIngestStream-x' }],
  ['kms ScheduleKeyDeletion', { pendingWindowInDays: 7, keyId: key }, { severity: 'critical', cluster: 'all clusters', title: `eve scheduled the deletion of the key ${key}` }],
  ['kms DisableKey', { keyId: `arn:aws:kms:eu-west-1:123456789012:key/${key}` }, { severity: 'critical', cluster: 'all clusters', title: `eve disabled the key ${key}` }],
  ['sns Unsubscribe', { subscriptionArn: `${topicArn}:5be8f5b7` }, { severity: 'medium', cluster: 'all clusters', title: 'eve ended a subscription to the topic Tidemark-TidemarkTopic927CD8FF-x' }],
  ['sns SetTopicAttributes', { topicArn, attributeName: 'Policy', attributeValue: '{}' }, { severity: 'high', cluster: 'all clusters', title: 'eve changed who may use the topic Tidemark-TidemarkTopic927CD8FF-x' }],
  ['events RemoveTargets', { rule: 'Tidemark-TidemarkWatchCalls-x', ids: ['Target0'] }, { severity: 'high', cluster: 'all clusters', title: 'eve took the targets from the rule Tidemark-TidemarkWatchCalls-x' }],
  ['monitoring DeleteAlarms', { alarmNames: ['other', 'Tidemark-TidemarkAlarmsIngestErrors-x'] }, { severity: 'medium', cluster: 'all clusters', title: 'eve deleted the alarm Tidemark-TidemarkAlarmsIngestErrors-x' }],
  ['sqs PurgeQueue', { queueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/Tidemark-TidemarkQueue-xyz' }, { severity: 'medium', cluster: 'all clusters', title: 'eve emptied the queue Tidemark-TidemarkQueue-xyz' }],
  ['cloudformation DeleteStack', { stackName: 'arn:aws:cloudformation:eu-west-1:123456789012:stack/Tidemark/11111111' }, { severity: 'high', cluster: 'all clusters', title: 'eve deleted the stack Tidemark' }],
  ['cloudformation ExecuteChangeSet', { stackName: 'Tidemark', changeSetName: 'cdk-deploy-change-set' }, { severity: 'low', cluster: 'all clusters', title: 'eve updated the stack Tidemark' }],
];

describe('people are told of', () => {
  test.each(hits)('%s %j', (called, parameters, expected) => {
    const [service = '', name = ''] = called.split(' ');
    expect(told(detail(service, name, parameters))).toMatchObject({ ...expected, identity: 'arn:aws:sts::123456789012:assumed-role/Admin/eve' });
  });

  test('an audit log that is turned off, whatever else is turned off with it', () => {
    for (const types of [['audit'], ['api', 'audit', 'scheduler']]) expect(told(loggingChange(false, types))).toMatchObject({ severity: 'critical', category: 'defense-evasion', title: 'eve turned off the audit log of cluster prod', techniques: ['T1562.008'] });
  });

  test('who, from where, with what and by which call of AWS', () => {
    const one = loggingChange(false);
    expect(told(one)?.evidence).toEqual([{ auditId: '', eventId: one.eventID, time: '2026-03-01T09:00:00.000Z', request: 'eks:UpdateClusterConfig prod from 203.0.113.9', sourceAddress: '203.0.113.9', userAgent: 'aws-cli/2.15.30 md/awscrt#0.19.19' }]);
  });

  test('the one cluster of a deployment, where a resource of Tidemark is concerned', () => {
    expect(told(detail('dynamodb', 'DeleteTable', { tableName: table }), { ...scope, clusters: ['prod'] })?.cluster).toBe('prod');
  });

  test('what was tried in vain, less gravely', () => {
    const refused = { errorCode: 'AccessDenied', errorMessage: 'User is not authorized' };
    expect(told({ ...loggingChange(false), ...refused })).toMatchObject({ severity: 'high', title: 'eve tried to turn off the audit log of cluster prod, which failed (AccessDenied)' });
    expect(told(detail('eks', 'CreateAccessEntry', { name: 'prod', principalArn }, refused))?.severity).toBe('low');
  });

  test('what a service did for somebody, less gravely', () => {
    expect(told(detail('eks', 'DeleteCluster', { name: 'prod' }, byCloudFormation))).toMatchObject({ severity: 'medium', title: 'AWSCloudFormation deleted cluster prod through cloudformation.amazonaws.com' });
    expect(told(detail('eks', 'CreateAccessEntry', { name: 'prod', principalArn }, { userIdentity: { type: 'AWSService', invokedBy: 'eks.amazonaws.com' } }))).toMatchObject({ severity: 'low', identity: 'eks.amazonaws.com' });
  });
});

describe('people are not told of', () => {
  const misses: [string, Detail][] = [
    ['an audit log that is turned on', loggingChange(true)],
    ['another log that is turned off', loggingChange(false, ['api', 'scheduler'])],
    ['a change of something else', detail('eks', 'UpdateClusterConfig', { name: 'prod', resourcesVpcConfig: { endpointPublicAccess: true } })],
    ['a cluster that is not watched', loggingChange(false, ['audit'], 'sandbox')],
    ['a longer retention', detail('logs', 'PutRetentionPolicy', { logGroupName, retentionInDays: 90 })],
    ["somebody else's subscription", detail('logs', 'DeleteSubscriptionFilter', { logGroupName, filterName: 'archive' })],
    ['another log group', detail('logs', 'DeleteLogGroup', { logGroupName: '/aws/eks/prod/cluster-old' })],
    ['another stream', detail('kinesis', 'DeleteStream', { streamName: 'orders' })],
    ['another table', detail('dynamodb', 'DeleteTable', { tableName: 'orders' })],
    ['protection that is turned on', detail('dynamodb', 'UpdateTable', { tableName: table, deletionProtectionEnabled: true })],
    ['another function', detail('lambda', 'DeleteFunction20150331', { functionName: 'payments-ingest' })],
    ['concurrency that is kept for a function', detail('lambda', 'PutFunctionConcurrency20171031', { functionName: ingest, reservedConcurrentExecutions: 50 })],
    ['a stream that is turned on', detail('lambda', 'UpdateEventSourceMapping20150331', { uUID: '0ad1ce0f-1f1e-4a5f-9c1b-5f2d2b1f2f3c', enabled: true })],
    ['another topic that is subscribed to', detail('sns', 'Subscribe', { topicArn: 'arn:aws:sns:eu-west-1:123456789012:orders', protocol: 'email' })],
    ['another table that is exported', detail('dynamodb', 'ExportTableToPointInTime', { tableArn: 'arn:aws:dynamodb:eu-west-1:123456789012:table/orders', s3Bucket: 'backup' })],
    ['another key', detail('kms', 'DisableKey', { keyId: '99999999-12ab-34cd-56ef-1234567890ab' })],
    ["a topic's display name", detail('sns', 'SetTopicAttributes', { topicArn, attributeName: 'DisplayName', attributeValue: 'x' })],
    ['another stack', detail('cloudformation', 'DeleteStack', { stackName: 'Tidemark-other' })],
    ['a trail that keeps its changes', detail('cloudtrail', 'PutEventSelectors', { trailName: 'main', eventSelectors: [{ readWriteType: 'WriteOnly', includeManagementEvents: true }] })],
    ['a trail that keeps its changes, by advanced selectors', detail('cloudtrail', 'PutEventSelectors', { trailName: 'main', advancedEventSelectors: [{ fieldSelectors: [{ field: 'eventCategory', equals: ['Management'] }] }] })],
    ['a call of the same name of another service', detail('rds', 'DeleteCluster', { name: 'prod' })],
    ['a call without parameters', detail('eks', 'DeleteCluster', null)],
    ['CloudFormation that deploys a function', detail('lambda', 'UpdateFunctionCode20150331v2', { functionName: ingest }, byCloudFormation)],
    ['CloudFormation that deploys a subscription', detail('logs', 'PutSubscriptionFilter', { logGroupName, filterName }, byCloudFormation)],
    ['CloudFormation that deletes a table with the stack', detail('dynamodb', 'DeleteTable', { tableName: table }, byCloudFormation)],
  ];
  test.each(misses)('%s', (_, one) => {
    expect(told(one)).toBeUndefined();
  });

  test('flow logs while none are taken in', () => {
    expect(told(detail('ec2', 'DeleteFlowLogs', { DeleteFlowLogsRequest: { FlowLogId: { content: 'fl-0b99f482856f6f98b', tag: 1 } } }), { ...scope, traffic: false })).toBeUndefined();
  });

  test('a caller who only says that he is CloudFormation is told', () => {
    expect(told(detail('lambda', 'DeleteFunction20150331', { functionName: ingest }, { userAgent: 'cloudformation.amazonaws.com' }))?.severity).toBe('critical');
  });
});

describe('in accounts and regions that send', () => {
  const id = '444455556666/us-east-1/prod';
  const other = { account: '444455556666', region: 'us-east-1' };
  const of: Scope = { ...scope, clusters: ['prod', id, '777788889999/prod'] };
  const toldAt = (one: Detail, envelope: Envelope): Finding | undefined => {
    const call = toldCall(readCall(one, envelope), of);
    return call && findingWith(undefined, call);
  };

  test('people are told of what is done to their clusters, and to no others of that name', () => {
    expect(toldAt(loggingChange(false), other)).toMatchObject({ cluster: id, severity: 'critical', title: `eve turned off the audit log of cluster ${id}` });
    expect(toldAt(loggingChange(false), { account: '777788889999', region: 'us-east-1' })?.cluster).toBe('777788889999/prod');
    expect(toldAt(loggingChange(false), scope.home)?.cluster).toBe('prod');
    for (const unwatched of [{ ...other, region: 'eu-west-1' }, { ...scope.home, region: 'us-east-1' }, { ...other, account: '000000000000' }]) expect(toldAt(loggingChange(false), unwatched)).toBeUndefined();
  });

  test.each<[string, object, string]>([
    ['logs DeleteLogGroup', { logGroupName }, 'eve deleted the log group /aws/eks/prod/cluster in account 444455556666, us-east-1'],
    ['logs DeleteSubscriptionFilter', { logGroupName, filterName: 'tidemark-us-east-1' }, "eve deleted Tidemark's subscription to /aws/eks/prod/cluster in account 444455556666, us-east-1"],
    ['logs DeleteAccountPolicy', { policyName: 'tidemark-us-east-1', policyType: 'SUBSCRIPTION_FILTER_POLICY' }, "eve deleted Tidemark's subscription to all log groups in account 444455556666, us-east-1"],
    ['logs PutAccountPolicy', { policyName: 'tidemark-us-east-1', policyType: 'SUBSCRIPTION_FILTER_POLICY', policyDocument: '{}' }, "eve replaced Tidemark's subscription to all log groups in account 444455556666, us-east-1"],
    ['cloudtrail StopLogging', { name: 'main' }, 'eve stopped the trail main in account 444455556666, us-east-1'],
    ['events DeleteRule', { name: 'tidemark-us-east-1' }, 'eve deleted the rule tidemark-us-east-1 in account 444455556666, us-east-1'],
  ])('people are told of %s %j', (called, parameters, title) => {
    const [service = '', name = ''] = called.split(' ');
    expect(toldAt(detail(service, name, parameters), other)?.title).toBe(title);
  });

  test.each<[string, Detail]>([
    ['a table that is called as one at home', detail('dynamodb', 'DeleteTable', { tableName: table })],
    ['a stack that is called as the one at home', detail('cloudformation', 'DeleteStack', { stackName: 'Tidemark' })],
    ['a flow log', detail('ec2', 'DeleteFlowLogs', { DeleteFlowLogsRequest: { FlowLogId: { content: 'fl-0b99f482856f6f98b', tag: 1 } } })],
    ['a log group that is taken in at home', detail('logs', 'DeleteLogGroup', { logGroupName: '/vpc/prod' })],
    ["somebody else's rule", detail('events', 'DeleteRule', { name: 'nightly' })],
    ["somebody else's subscription to all log groups", detail('logs', 'PutAccountPolicy', { policyName: 'archive', policyType: 'SUBSCRIPTION_FILTER_POLICY' })],
    ['CloudFormation that deploys the sender', detail('logs', 'PutAccountPolicy', { policyName: 'tidemark-us-east-1', policyType: 'SUBSCRIPTION_FILTER_POLICY' }, byCloudFormation)],
  ])('people are not told of %s', (_, one) => { expect(toldAt(one, other)).toBeUndefined(); });

  test('people are told of what CloudFormation deletes there, since nobody tells who had it do so', () => {
    expect(toldAt(detail('logs', 'DeleteAccountPolicy', { policyName: 'tidemark-us-east-1', policyType: 'SUBSCRIPTION_FILTER_POLICY' }, byCloudFormation), other)?.severity).toBe('high');
  });

  test('people are told of what is done to a destination, in whatever region', () => {
    for (const [name, severity] of [['DeleteDestination', 'critical'], ['PutDestinationPolicy', 'high']] as const) expect(toldAt(detail('logs', name, { destinationName: 'Tidemark-senders' }), { ...scope.home, region: 'us-east-1' })?.severity).toBe(severity);
    expect(toldAt(detail('logs', 'DeleteDestination', { destinationName: 'Tidemark-senders' }), other)).toBeUndefined();
  });
});

describe('what one caller does within an hour', () => {
  const at = (one: Detail, minute: string): Detail => ({ ...one, eventTime: `2026-03-01T09:${minute}:00Z` });
  const entry = at(detail('eks', 'DeleteAccessEntry', { name: 'prod', principalArn }), '01');
  const stream = at(detail('logs', 'DeleteLogStream', { logGroupName }), '02');
  const off = at(loggingChange(false), '03');

  test('is one finding, pushed anew when it becomes graver', () => {
    const [first, second, third] = [after(entry), after(entry, stream), after(entry, stream, off)];
    expect(new Set([first, second, third].map((finding) => finding?.id)).size).toBe(1);
    expect(third).toMatchObject({ severity: 'critical', category: 'defense-evasion', title: 'eve turned off the audit log of cluster prod', evidenceTotal: 3, firstSeen: '2026-03-01T09:01:00.000Z', lastSeen: '2026-03-01T09:03:00.000Z' });
    expect(third?.pushedAt).toHaveLength(3);
    expect(third && notificationFor(second, third)?.subject).toBe('CRITICAL prod: eve turned off the audit log of cluster prod');
    expect(first && second && second.revision > first.revision).toBe(true);
  });

  test('is the same in any order, but for when it was pushed', () => {
    const settled = (finding: Finding | undefined) => finding && { ...finding, pushedAt: [], summary: '', ...Object.fromEntries((['checks', 'techniques', 'stages'] as const).map((field) => [field, new Set<unknown>(finding[field])])) };
    expect(settled(after(off, stream, entry))).toEqual(settled(after(entry, stream, off)));
  });

  test('changes nothing when it is delivered again', () => {
    const call = toldCall(readCall(off), scope);
    expect(call && findingWith(after(entry, off), call)).toBeUndefined();
  });

  test('is no thousand mails, and no finding that is too large', () => {
    const many = after(...Array.from({ length: 300 }, () => detail('logs', 'DeleteLogStream', { logGroupName })));
    expect(many?.evidenceTotal).toBe(50);
    expect(many?.pushedAt).toHaveLength(1);
  });

  test('is another finding for another caller, cluster or hour', () => {
    const other = [loggingChange(false, ['audit'], 'staging'), { ...loggingChange(false), userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::123456789012:user/bob' } }, { ...loggingChange(false), eventTime: '2026-03-01T10:00:00Z' }, off];
    expect(new Set(other.map((one) => told(one as Detail)?.id)).size).toBe(4);
  });
});

test('whatever a call holds, it is told as the contract has it, or not read', () => {
  const hostile = fc.oneof(fc.string({ unit: 'binary', maxLength: 600 }), fc.constantFrom('prod', ingest, table, key, topicArn, logGroupName, filterName, '/vpc/prod', 'Tidemark', '%', '%00'), fc.jsonValue({ maxDepth: 3 }));
  const names = [...new Set(watchedCalls.flatMap(({ service, name }) => [[service.split('.')[0] ?? '', name] as const]))];
  const parameters = fc.dictionary(fc.constantFrom('name', 'clusterName', 'logGroupName', 'filterName', 'functionName', 'tableName', 'keyId', 'topicArn', 'stackName', 'logging', 'policyArn', 'principalArn', '__proto__'), hostile);
  const given = fc.record({ eventID: hostile, userAgent: hostile, sourceIPAddress: hostile, errorCode: hostile, userIdentity: fc.record({ arn: hostile, invokedBy: hostile }, { requiredKeys: [] }) }, { requiredKeys: [] });
  fc.assert(fc.property(fc.constantFrom(...names), parameters, given, ([service, name], some, fields) => {
    try {
      const finding = told(detail(service, name, some, fields));
      if (finding) expect(findingOf(itemOf(finding, 0))).toMatchObject({ id: finding.id, severity: finding.severity });
    } catch (error) {
      if (!(error instanceof UnreadableCallError)) throw error;
    }
  }), { numRuns: 3000 });
});

test('text of a caller cannot forge what people read', () => {
  const name = 'eve\u202e\n\nSeverity: low\u0007';
  const finding = told({ ...loggingChange(false), userIdentity: { type: 'AssumedRole', arn: `arn:aws:sts::123456789012:assumed-role/Admin/${name}` } as never, userAgent: `${'x'.repeat(10_000)}\u0000` });
  expect(findingSchema.parse(finding).title).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(notificationFor(undefined, finding as Finding)?.text).not.toMatch(/\nSeverity: low/);
});
