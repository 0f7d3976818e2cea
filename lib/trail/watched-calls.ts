import { regionOfFilter } from '../cluster.ts';
import type { Category, Severity, Tactic } from '../finding.ts';

type Parameters = Readonly<Record<string, unknown>>;

/**
 * What a call must touch to be told: a watched cluster, a log group that is taken in, a subscription filter of Tidemark, or one of all log
 * groups of an account, another resource of Tidemark, its stack, logs of networks while some are taken in, or anything of the account.
 */
export type Target = 'cluster' | 'log-group' | 'filter' | 'account-filter' | 'own' | 'stack' | 'network' | 'account';

/** What a call is told as. */
interface Kind {
  readonly category: Category;
  readonly tactic: Tactic;
  /** MITRE ATT&CK technique. */
  readonly technique: string;
  /** Why it matters. */
  readonly why: string;
  /** What a person should look at. */
  readonly check: string;
}

/** A call of AWS that is told when it touches what concerns Tidemark. */
export interface WatchedCall extends Kind {
  /** CloudTrail's `eventSource`. */
  readonly service: string;
  /** CloudTrail's `eventName`, without the interface's version that Lambda adds. */
  readonly name: string;
  readonly target: Target;
  /** Which of these calls are told; all when not given. */
  readonly when?: (parameters: Parameters) => boolean;
  /** What was done, and what was tried when it failed: `deleted`, `delete`. */
  readonly verbs: readonly [string, string];
  /** To what: `{what}` is the resource, `{other}` the last part of a parameter of that name. */
  readonly object: string;
  readonly severity: Severity;
}

/** Shorter, and an attack is forgotten before anybody looks. */
const leastRetentionDays = 7;

const blinding: Kind = {
  category: 'defense-evasion',
  tactic: 'defense-evasion',
  technique: 'T1562.008',
  why: 'what it showed is not seen from then on',
  check: 'Ask who called whether it was meant; if not, turn it on again, and take all that happened meanwhile as unseen',
};
const erasing: Kind = { ...blinding, technique: 'T1070', why: 'what it showed can be looked up no longer', check: 'Ask who called whether it was meant, and look for what the deleted log held in a copy, if there is one' };
const disarming: Kind = {
  category: 'defense-evasion',
  tactic: 'defense-evasion',
  technique: 'T1562.001',
  why: 'Tidemark is no longer as it was deployed',
  check: 'Ask who called whether it was meant; if not, deploy Tidemark again and see what came meanwhile in its dead-letter queues and log groups',
};
const destroying: Kind = { ...disarming, category: 'impact', tactic: 'impact', technique: 'T1485', why: 'nobody can bring it back as it was' };
const granting: Kind = {
  category: 'privilege-escalation',
  tactic: 'privilege-escalation',
  technique: 'T1098.006',
  why: "how access was given is not in the cluster's audit log",
  check: 'Ask who called whether that principal needs the access; if not, take it away and see what it has done in the cluster',
};
const leaking: Kind = {
  category: 'exfil-egress',
  tactic: 'exfiltration',
  technique: 'T1537',
  why: 'what was found and learned can be read by others from then on',
  check: 'Ask who called whether it was meant; if not, take it back: whoever reads findings knows what is seen of him',
};
const opening: Kind = { ...disarming, why: 'what Tidemark takes for events, for learned or for found can then be made up by others', check: 'Ask who called whether it was meant; if not, deploy Tidemark again, which puts the policy back, and look what was written meanwhile' };
const lockingOut: Kind = { category: 'impact', tactic: 'impact', technique: 'T1531', why: 'those who had the access may need it', check: 'See whether those who have to answer an attack still have access to the cluster' };

/**
 * All calls that are told, each service's together. Of several with the same service and name the first that applies counts.
 * Names and parameters: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 * and each service's page on CloudTrail; for EKS https://docs.aws.amazon.com/eks/latest/APIReference/API_UpdateClusterConfig.html,
 * for Lambda https://docs.aws.amazon.com/lambda/latest/dg/logging-using-cloudtrail.html. Techniques: https://attack.mitre.org/techniques/T1562/008/.
 */
export const watchedCalls: readonly WatchedCall[] = [
  ...of('eks.amazonaws.com', [
    { ...blinding, name: 'UpdateClusterConfig', target: 'cluster', when: turnsOffAudit, verbs: ['turned off', 'turn off'], object: 'the audit log of cluster {what}', severity: 'critical' },
    { ...destroying, name: 'DeleteCluster', target: 'cluster', verbs: ['deleted', 'delete'], object: 'cluster {what}', severity: 'high', check: 'Ask who called whether the cluster was to go; then name it no longer in the deployment' },
    { ...granting, name: 'AssociateAccessPolicy', target: 'cluster', when: isPolicy('AmazonEKSClusterAdminPolicy'), verbs: ['gave', 'give'], object: '{policyArn} to {principalArn} in cluster {what}', severity: 'high' },
    { ...granting, name: 'AssociateAccessPolicy', target: 'cluster', when: isPolicy('AmazonEKSViewPolicy'), verbs: ['gave', 'give'], object: '{policyArn} to {principalArn} in cluster {what}', severity: 'low' },
    { ...granting, name: 'AssociateAccessPolicy', target: 'cluster', verbs: ['gave', 'give'], object: '{policyArn} to {principalArn} in cluster {what}', severity: 'medium' },
    { ...granting, name: 'CreateAccessEntry', target: 'cluster', when: namesGroups, verbs: ['let', 'let'], object: '{principalArn} into groups of cluster {what}', severity: 'medium' },
    { ...granting, name: 'CreateAccessEntry', target: 'cluster', verbs: ['made', 'make'], object: 'an access entry for {principalArn} in cluster {what}', severity: 'low' },
    { ...granting, name: 'UpdateAccessEntry', target: 'cluster', when: namesGroups, verbs: ['let', 'let'], object: '{principalArn} into groups of cluster {what}', severity: 'medium' },
    { ...granting, name: 'UpdateAccessEntry', target: 'cluster', verbs: ['changed', 'change'], object: 'the access entry of {principalArn} in cluster {what}', severity: 'low' },
    { ...lockingOut, name: 'DisassociateAccessPolicy', target: 'cluster', verbs: ['took', 'take'], object: '{policyArn} from {principalArn} in cluster {what}', severity: 'low' },
    { ...lockingOut, name: 'DeleteAccessEntry', target: 'cluster', verbs: ['deleted', 'delete'], object: 'the access entry of {principalArn} in cluster {what}', severity: 'medium' },
  ]),
  ...of('logs.amazonaws.com', [
    { ...blinding, name: 'DeleteSubscriptionFilter', target: 'filter', verbs: ['deleted', 'delete'], object: "Tidemark's subscription to {logGroupName}", severity: 'critical' },
    { ...blinding, name: 'PutSubscriptionFilter', target: 'filter', verbs: ['replaced', 'replace'], object: "Tidemark's subscription to {logGroupName}", severity: 'critical' },
    { ...blinding, name: 'DeleteLogGroup', target: 'log-group', verbs: ['deleted', 'delete'], object: 'the log group {what}', severity: 'critical' },
    { ...erasing, name: 'DeleteLogStream', target: 'log-group', verbs: ['deleted', 'delete'], object: 'a log stream of {what}', severity: 'high' },
    { ...erasing, name: 'PutRetentionPolicy', target: 'log-group', when: keepsTooShort, verbs: ['shortened', 'shorten'], object: `the time that {what} is kept to less than ${String(leastRetentionDays)} days`, severity: 'medium' },
    { ...blinding, name: 'PutDataProtectionPolicy', target: 'log-group', verbs: ['masked', 'mask'], object: 'data in the log group {what}', severity: 'medium' },
    { ...blinding, name: 'PutAccountPolicy', target: 'account', when: ({ policyType }) => policyType === 'DATA_PROTECTION_POLICY', verbs: ['masked', 'mask'], object: 'data in all log groups of the account', severity: 'medium' },
    { ...blinding, name: 'PutAccountPolicy', target: 'account-filter', when: isSubscription, verbs: ['replaced', 'replace'], object: "Tidemark's subscription to all log groups", severity: 'critical' },
    { ...blinding, name: 'DeleteAccountPolicy', target: 'account-filter', when: isSubscription, verbs: ['deleted', 'delete'], object: "Tidemark's subscription to all log groups", severity: 'critical' },
    { ...blinding, name: 'DeleteAccountPolicy', target: 'account', verbs: ['deleted', 'delete'], object: 'the policy {policyName} of all log groups of the account', severity: 'low' },
    { ...blinding, name: 'DeleteDestination', target: 'own', verbs: ['deleted', 'delete'], object: 'the destination {what}, to which other accounts send', severity: 'critical' },
    { ...blinding, name: 'PutDestination', target: 'own', verbs: ['replaced', 'replace'], object: 'the destination {what}, to which other accounts send', severity: 'critical' },
    { ...opening, name: 'PutDestinationPolicy', target: 'own', verbs: ['changed', 'change'], object: 'who may send to the destination {what}', severity: 'high' },
    { ...blinding, name: 'AssociateKmsKey', target: 'log-group', verbs: ['changed', 'change'], object: 'the key of the log group {what}', severity: 'medium' },
    { ...blinding, name: 'DisassociateKmsKey', target: 'log-group', verbs: ['took', 'take'], object: 'the key from the log group {what}', severity: 'low' },
  ]),
  ...of('ec2.amazonaws.com', [{ ...blinding, name: 'DeleteFlowLogs', target: 'network', verbs: ['deleted', 'delete'], object: 'a VPC flow log', severity: 'medium' }]),
  ...of('route53resolver.amazonaws.com', [
    { ...blinding, name: 'DeleteResolverQueryLogConfig', target: 'network', verbs: ['deleted', 'delete'], object: 'a log of DNS queries', severity: 'medium' },
    { ...blinding, name: 'DisassociateResolverQueryLogConfig', target: 'network', verbs: ['took', 'take'], object: 'a network from a log of DNS queries', severity: 'medium' },
  ]),
  ...of('cloudtrail.amazonaws.com', [
    { ...blinding, name: 'StopLogging', target: 'account', verbs: ['stopped', 'stop'], object: 'the trail {name}', severity: 'high' },
    { ...blinding, name: 'DeleteTrail', target: 'account', verbs: ['deleted', 'delete'], object: 'the trail {name}', severity: 'high' },
    { ...blinding, name: 'PutEventSelectors', target: 'account', when: dropsWrites, verbs: ['left', 'leave'], object: 'changes out of the trail {trailName}', severity: 'high' },
  ]),
  ...of('dynamodb.amazonaws.com', [
    { ...destroying, name: 'DeleteTable', target: 'own', verbs: ['deleted', 'delete'], object: 'the table {what}', severity: 'critical' },
    { ...disarming, name: 'UpdateTable', target: 'own', when: ({ deletionProtectionEnabled }) => deletionProtectionEnabled === false, verbs: ['took', 'take'], object: 'the protection against deletion from the table {what}', severity: 'high' },
    { ...disarming, name: 'UpdateTable', target: 'own', when: ({ streamSpecification }) => fieldOf(streamSpecification, 'streamEnabled') === false, verbs: ['turned off', 'turn off'], object: 'the stream of the table {what}, so that nobody is told', severity: 'critical' },
    { ...disarming, name: 'UpdateContinuousBackups', target: 'own', when: ({ pointInTimeRecoverySpecification }) => fieldOf(pointInTimeRecoverySpecification, 'pointInTimeRecoveryEnabled') === false, verbs: ['turned off', 'turn off'], object: 'the backups of the table {what}', severity: 'medium' },
    { ...opening, name: 'PutResourcePolicy', target: 'own', verbs: ['changed', 'change'], object: 'who may write the table {what}', severity: 'high' },
    { ...opening, name: 'DeleteResourcePolicy', target: 'own', verbs: ['took', 'take'], object: 'its policy from the table {what}', severity: 'high' },
    { ...leaking, name: 'ExportTableToPointInTime', target: 'own', verbs: ['exported', 'export'], object: 'the table {what}', severity: 'high' },
    { ...leaking, name: 'RestoreTableToPointInTime', target: 'own', verbs: ['restored', 'restore'], object: 'the table {what} as another', severity: 'medium' },
  ]),
  ...of('lambda.amazonaws.com', [
    { ...disarming, name: 'DeleteFunction', target: 'own', verbs: ['deleted', 'delete'], object: 'the function {what}', severity: 'critical' },
    { ...disarming, name: 'UpdateFunctionCode', target: 'own', verbs: ['replaced', 'replace'], object: 'the code of the function {what}', severity: 'critical' },
    { ...disarming, name: 'UpdateFunctionConfiguration', target: 'own', verbs: ['changed', 'change'], object: 'the configuration of the function {what}', severity: 'high' },
    { ...disarming, name: 'PutFunctionConcurrency', target: 'own', when: ({ reservedConcurrentExecutions }) => Number(reservedConcurrentExecutions) === 0, verbs: ['stopped', 'stop'], object: 'the function {what}', severity: 'critical' },
    { ...disarming, name: 'DeleteEventSourceMapping', target: 'own', verbs: ['deleted', 'delete'], object: 'what feeds a function: {what}', severity: 'critical' },
    { ...disarming, name: 'UpdateEventSourceMapping', target: 'own', when: ({ enabled }) => enabled === false, verbs: ['turned off', 'turn off'], object: 'what feeds a function: {what}', severity: 'critical' },
    { ...disarming, name: 'RemovePermission', target: 'own', verbs: ['forbade', 'forbid'], object: 'calls of the function {what}', severity: 'high' },
    { ...opening, name: 'AddPermission', target: 'own', verbs: ['allowed', 'allow'], object: 'others to call the function {what}', severity: 'high' },
    { ...opening, name: 'CreateFunctionUrlConfig', target: 'own', verbs: ['gave', 'give'], object: 'the function {what} an address on the internet', severity: 'high' },
  ]),
  ...of('kinesis.amazonaws.com', [
    { ...disarming, name: 'DeleteStream', target: 'own', verbs: ['deleted', 'delete'], object: 'the stream {what}, with what was not yet read', severity: 'critical' },
    { ...disarming, name: 'StopStreamEncryption', target: 'own', verbs: ['ended', 'end'], object: 'the encryption of the stream {what}', severity: 'medium' },
  ]),
  ...of('kms.amazonaws.com', [
    { ...destroying, name: 'ScheduleKeyDeletion', target: 'own', verbs: ['scheduled', 'schedule'], object: 'the deletion of the key {what}', severity: 'critical', check: 'Take it back at once: aws kms cancel-key-deletion. Without the key nothing that was learned can be read' },
    { ...disarming, name: 'DisableKey', target: 'own', verbs: ['disabled', 'disable'], object: 'the key {what}', severity: 'critical' },
    { ...disarming, name: 'PutKeyPolicy', target: 'own', verbs: ['changed', 'change'], object: 'who may use the key {what}', severity: 'high' },
  ]),
  ...of('sns.amazonaws.com', [
    { ...disarming, name: 'DeleteTopic', target: 'own', verbs: ['deleted', 'delete'], object: 'the topic {what}', severity: 'critical' },
    { ...leaking, name: 'Subscribe', target: 'own', verbs: ['subscribed', 'subscribe'], object: 'to the topic {what}', severity: 'medium' },
    { ...leaking, name: 'AddPermission', target: 'own', verbs: ['let', 'let'], object: 'others use the topic {what}', severity: 'high' },
    { ...disarming, name: 'Unsubscribe', target: 'own', verbs: ['ended', 'end'], object: 'a subscription to the topic {what}', severity: 'medium' },
    { ...disarming, name: 'SetSubscriptionAttributes', target: 'own', verbs: ['changed', 'change'], object: 'a subscription to the topic {what}', severity: 'medium' },
    { ...disarming, name: 'SetTopicAttributes', target: 'own', when: ({ attributeName }) => attributeName === 'Policy' || attributeName === 'KmsMasterKeyId', verbs: ['changed', 'change'], object: 'who may use the topic {what}', severity: 'high' },
  ]),
  ...of('events.amazonaws.com', [
    { ...disarming, name: 'DisableRule', target: 'own', verbs: ['disabled', 'disable'], object: 'the rule {what}', severity: 'high' },
    { ...disarming, name: 'DeleteRule', target: 'own', verbs: ['deleted', 'delete'], object: 'the rule {what}', severity: 'high' },
    { ...disarming, name: 'RemoveTargets', target: 'own', verbs: ['took', 'take'], object: 'the targets from the rule {what}', severity: 'high' },
    { ...disarming, name: 'PutRule', target: 'own', verbs: ['changed', 'change'], object: 'the rule {what}', severity: 'high' },
    { ...disarming, name: 'DeleteEventBus', target: 'own', verbs: ['deleted', 'delete'], object: 'the event bus {what}', severity: 'high' },
  ]),
  ...of('monitoring.amazonaws.com', [
    { ...disarming, name: 'DeleteAlarms', target: 'own', verbs: ['deleted', 'delete'], object: 'the alarm {what}', severity: 'medium' },
    { ...disarming, name: 'DisableAlarmActions', target: 'own', verbs: ['silenced', 'silence'], object: 'the alarm {what}', severity: 'medium' },
    { ...disarming, name: 'PutMetricAlarm', target: 'own', verbs: ['changed', 'change'], object: 'the alarm {what}', severity: 'medium' },
  ]),
  ...of('sqs.amazonaws.com', [
    { ...destroying, name: 'PurgeQueue', target: 'own', verbs: ['emptied', 'empty'], object: 'the queue {what}', severity: 'medium' },
    { ...disarming, name: 'DeleteQueue', target: 'own', verbs: ['deleted', 'delete'], object: 'the queue {what}', severity: 'medium' },
    { ...disarming, name: 'SetQueueAttributes', target: 'own', verbs: ['changed', 'change'], object: 'the queue {what}', severity: 'medium' },
  ]),
  ...of('cloudformation.amazonaws.com', [
    { ...destroying, name: 'DeleteStack', target: 'stack', verbs: ['deleted', 'delete'], object: 'the stack {what}', severity: 'high' },
    { ...disarming, name: 'UpdateStack', target: 'stack', verbs: ['updated', 'update'], object: 'the stack {what}', severity: 'low' },
    { ...disarming, name: 'ExecuteChangeSet', target: 'stack', verbs: ['updated', 'update'], object: 'the stack {what}', severity: 'low' },
  ]),
];

function of(service: string, calls: readonly Omit<WatchedCall, 'service'>[]): WatchedCall[] {
  return calls.map((call) => ({ ...call, service }));
}

/** Log types that are not named stay as they are. Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_LogSetup.html */
function turnsOffAudit({ logging }: Parameters): boolean {
  return listOf(fieldOf(logging, 'clusterLogging')).some((setup) => fieldOf(setup, 'enabled') === false && listOf(fieldOf(setup, 'types')).includes('audit'));
}

function isPolicy(name: string): (parameters: Parameters) => boolean {
  return ({ policyArn }) => typeof policyArn === 'string' && policyArn.endsWith(name);
}

function isSubscription({ policyType, policyName }: Parameters): boolean {
  return policyType === 'SUBSCRIPTION_FILTER_POLICY' && typeof policyName === 'string' && regionOfFilter(policyName) !== undefined;
}

function namesGroups({ kubernetesGroups }: Parameters): boolean {
  return listOf(kubernetesGroups).length > 0;
}

function keepsTooShort({ retentionInDays }: Parameters): boolean {
  return typeof retentionInDays === 'number' && retentionInDays < leastRetentionDays;
}

/** A trail without write events, by basic or advanced selectors. Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutEventSelectors.html */
function dropsWrites({ eventSelectors, advancedEventSelectors }: Parameters): boolean {
  const basic = listOf(eventSelectors);
  const advanced = listOf(advancedEventSelectors);
  if (basic.length > 0) return basic.every((selector) => fieldOf(selector, 'includeManagementEvents') === false || fieldOf(selector, 'readWriteType') === 'ReadOnly');
  return advanced.length > 0 && !advanced.some((selector) => {
    const fields = listOf(fieldOf(selector, 'fieldSelectors'));
    const equals = (name: string) => fields.filter((field) => fieldOf(field, 'field') === name).flatMap((field) => listOf(fieldOf(field, 'equals')));
    return equals('eventCategory').includes('Management') && !equals('readOnly').includes('true');
  });
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Parameters)[name] : undefined;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
