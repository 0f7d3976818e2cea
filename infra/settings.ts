import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { everyCluster, isRegion, type Home } from '../lambdas/cluster-names.ts';
import { intakes, type FlowLogSource, type Intake, type ResolverLogSource, type TrafficLogBucket, type TrafficLogGroup } from './tidemark-props.ts';
import { sentSeverities, type SentSeverity } from './findings-topic.ts';
import type { Senders } from './senders.ts';

/** What our app is told by CDK context (`-c key=value`, or "context" in cdk.json); docs/deploy.md explains each key. */
export interface Settings {
  readonly clusters: readonly string[];
  /** Where it is deployed, when that was said. */
  readonly home: Home | undefined;
  readonly senders: Senders | undefined;
  /** Clusters whose logs are sent from each account and region that sends. */
  readonly senderClusters: readonly string[];
  readonly intake: Intake;
  readonly flowLogs: readonly FlowLogSource[];
  readonly resolverLogs: readonly ResolverLogSource[];
  /** Files on this machine. */
  readonly ipRanges?: string;
  readonly threatLists: readonly string[];
  /** `undefined` when nothing was said; empty when it was said that nobody gets mail. */
  readonly mail: readonly string[] | undefined;
  readonly minimumSeverity: SentSeverity;
  readonly logRetention: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
  readonly watch: boolean;
  readonly usualSilence: Duration;
  readonly dashboard: boolean;
  readonly tracing: boolean;
  readonly backfill: Duration;
  /** ARN of a topic that is told of faults. */
  readonly alarmTopic: string | undefined;
}

const keys = ['clusters', 'home', 'senderAccounts', 'senderOrganization', 'senderRegions', 'senderClusters', 'intake', 'flowLogGroups', 'flowLogFormat', 'flowLogBuckets', 'resolverLogGroups', 'resolverLogBuckets', 'ipRanges', 'threatLists', 'mail', 'minimumSeverity', 'logRetentionDays', 'removalPolicy', 'watch', 'silenceMinutes', 'backfillDays', 'dashboard', 'tracing', 'alarmTopic'];
const removalPolicies: Readonly<Record<string, RemovalPolicy>> = { retain: RemovalPolicy.RETAIN, destroy: RemovalPolicy.DESTROY };
const retentionDays = Object.values(RetentionDays).map(Number).filter((days) => days < Number(RetentionDays.INFINITE));

/**
 * Reads the settings from CDK context.
 * @throws {SettingsError} when one cannot be understood.
 */
export function settingsOf(context: Readonly<Record<string, unknown>>): Settings {
  refuseNearMisses(context);
  const ipRanges = textOf(context['ipRanges'], '');
  const mail = listOf('mail', context['mail']);
  const home = homeOf(context['home']);
  const senders = sendersOf(context);
  if (senders && !home) throw new SettingsError('who sends must know where to: write -c home=ACCOUNT/REGION');
  return {
    clusters: listOf('clusters', context['clusters']) ?? [],
    home,
    senders,
    senderClusters: listOf('senderClusters', context['senderClusters']) ?? [everyCluster],
    intake: choice('intake', textOf(context['intake'], 'direct'), intakes),
    flowLogs: flowLogsOf(context),
    resolverLogs: [...groupsOf('resolverLogGroups', context), ...bucketsOf('resolverLogBuckets', context)],
    ...(ipRanges === '' ? {} : { ipRanges }),
    threatLists: listOf('threatLists', context['threatLists']) ?? [],
    mail: mail?.join() === 'none' ? [] : mail,
    minimumSeverity: choice('minimumSeverity', textOf(context['minimumSeverity'], 'medium'), sentSeverities),
    logRetention: Number(choice('logRetentionDays', textOf(context['logRetentionDays'], '30'), retentionDays.map(String))),
    removalPolicy: removalPolicies[choice('removalPolicy', textOf(context['removalPolicy'], 'retain'), Object.keys(removalPolicies))] as RemovalPolicy,
    watch: isOn('watch', context),
    dashboard: isOn('dashboard', context),
    tracing: isOn('tracing', context),
    usualSilence: minutesOf('silenceMinutes', textOf(context['silenceMinutes'], '30')),
    backfill: daysOf('backfillDays', textOf(context['backfillDays'], '14')),
    alarmTopic: topicArn(context['alarmTopic']),
  };
}

/** `-c cluster=prod` would else be ignored without a word. */
function refuseNearMisses(context: Readonly<Record<string, unknown>>): void {
  for (const given of Object.keys(context)) {
    const meant = keys.find((key) => key !== given && (key.startsWith(given) || given.startsWith(key)));
    if (meant !== undefined) throw new SettingsError(`there is no setting ${given}; did you mean -c ${meant}=...?`);
  }
}

function homeOf(value: unknown): Home | undefined {
  const text = textOf(value, '');
  if (text === '') return undefined;
  const [, account, region] = /^(\d{12})\/(.+)$/.exec(text) ?? [];
  if (account === undefined || region === undefined || !isRegion(region)) throw new SettingsError(`home is ${text}; write -c home=ACCOUNT/REGION, such as 111122223333/eu-west-1`);
  return { account, region };
}

function sendersOf(context: Readonly<Record<string, unknown>>): Senders | undefined {
  // A number on the command line or in cdk.json would lose its zeros in front: it must be a text.
  const accounts = listOf('senderAccounts', context['senderAccounts']);
  const organization = textOf(context['senderOrganization'], '');
  const regions = listOf('senderRegions', context['senderRegions']);
  if (accounts === undefined && organization === '') {
    if (regions !== undefined || context['senderClusters'] !== undefined) throw new SettingsError('senderRegions and senderClusters say nothing without senderAccounts or senderOrganization');
    return undefined;
  }
  if (regions === undefined) throw new SettingsError('senderRegions must name the regions in which clusters of the senders are');
  return { regions, ...(accounts === undefined ? {} : { accounts }), ...(organization === '' ? {} : { organization }) };
}

/** A list is written `a,b` on the command line, and as an array or like that in cdk.json. */
function listOf(key: string, value: unknown): string[] | undefined {
  if (value === undefined || value === '') return undefined;
  const items: unknown[] = typeof value === 'string' ? value.split(',') : Array.isArray(value) ? value : [value];
  return items.map((item) => {
    if (typeof item !== 'string' || item.trim() === '') throw new SettingsError(`${key} is ${JSON.stringify(value)}; write -c ${key}=first,second`);
    return item.trim();
  });
}

/** The flow logs of all log groups have one format. */
function flowLogsOf(context: Readonly<Record<string, unknown>>): FlowLogSource[] {
  const format = textOf(context['flowLogFormat'], '');
  const groups = groupsOf('flowLogGroups', context);
  if (format !== '' && groups.length === 0) throw new SettingsError('flowLogFormat says nothing without flowLogGroups');
  return [...groups.map((group) => ({ ...group, ...(format === '' ? {} : { format }) })), ...bucketsOf('flowLogBuckets', context)];
}

function groupsOf(key: string, context: Readonly<Record<string, unknown>>): TrafficLogGroup[] {
  return (listOf(key, context[key]) ?? []).map((entry) => {
    const [, cluster, logGroupName] = /^([^=]+)=(.+)$/.exec(entry) ?? [];
    if (cluster === undefined || logGroupName === undefined) throw new SettingsError(`${key} has ${entry}; write -c ${key}=CLUSTER=LOG-GROUP,…`);
    return { cluster, logGroupName };
  });
}

function bucketsOf(key: string, context: Readonly<Record<string, unknown>>): TrafficLogBucket[] {
  return (listOf(key, context[key]) ?? []).map((entry) => {
    const [, cluster, bucketName, prefix] = /^([^=]+)=([^/]+)(?:\/(.+))?$/.exec(entry) ?? [];
    if (cluster === undefined || bucketName === undefined) throw new SettingsError(`${key} has ${entry}; write -c ${key}=CLUSTER=BUCKET/PREFIX,…`);
    return { cluster, bucketName, ...(prefix === undefined ? {} : { prefix }) };
  });
}

function choice<Choice extends string>(key: string, value: string, choices: readonly Choice[]): Choice {
  const chosen = choices.find((one) => one === value);
  if (chosen === undefined) throw new SettingsError(`${key} is ${value}; it must be one of ${choices.join(', ')}`);
  return chosen;
}

function isOn(key: string, context: Readonly<Record<string, unknown>>): boolean {
  return choice(key, textOf(context[key], 'on'), ['on', 'off']) === 'on';
}

function minutesOf(key: string, value: string): Duration {
  if (!/^[1-9]\d{0,4}$/.test(value)) throw new SettingsError(`${key} is ${value}; it must be a whole number of minutes`);
  return Duration.minutes(Number(value));
}

function daysOf(key: string, value: string): Duration {
  if (!/^\d{1,3}$/.test(value)) throw new SettingsError(`${key} is ${value}; it must be a whole number of days, 0 for none`);
  return Duration.days(Number(value));
}

function topicArn(value: unknown): string | undefined {
  if (value === undefined || value === '') return undefined;
  const arn = textOf(value, '');
  if (!/^arn:[^:]+:sns:[^:]+:\d{12}:[^:]+$/.test(arn)) throw new SettingsError(`alarmTopic is ${arn}; it must be a topic's ARN, as \`aws sns list-topics\` prints it`);
  return arn;
}

function textOf(value: unknown, otherwise: string): string {
  return value === undefined || value === '' ? otherwise : typeof value === 'string' ? value : JSON.stringify(value);
}

/** A setting of the app cannot be understood; the message says what it may be. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError' as const;
  constructor(problem: string, options?: ErrorOptions) {
    super(`${problem} (docs/deploy.md lists the settings)`, options);
  }
}
