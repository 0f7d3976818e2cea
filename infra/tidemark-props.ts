import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { FlowLogSource, ResolverLogSource } from '../lambdas/flow-sources.ts';
import type { SentSeverity } from './findings-topic.ts';
import type { Senders } from './senders.ts';

export type { Senders } from './senders.ts';
export type { FlowLogGroup, FlowLogSource, ResolverLogSource, TrafficLogBucket, TrafficLogGroup } from '../lambdas/flow-sources.ts';

/** How deliveries of the audit log come to the function: CloudWatch Logs calls it, or puts them into a stream that it reads. */
export const intakes = ['direct', 'stream'] as const;
export type Intake = (typeof intakes)[number];

/** What to watch and whom to tell. */
export interface TidemarkProps {
  /**
   * Names of EKS clusters in the stack's account and region whose audit log is on (log group `/aws/eks/NAME/cluster`). `['*']` is every one,
   * those that are yet to be made among them.
   */
  readonly clusters: readonly string[];
  /**
   * Who sends the audit logs of clusters in other accounts and regions (docs/organization.md). It needs a stack with an account and region, a
   * `DestinationStack` for each region, and a `SenderStack` in each account and region that sends.
   * @default none: only clusters of the stack's account and region are watched.
   */
  readonly senders?: Senders;
  /**
   * How the clusters' audit logs come in: `direct`, each delivery as a call of the function, or `stream`, through a Kinesis data stream that
   * keeps them for a day (docs/intake.md). Logs of networks come directly in any case.
   * @default 'direct', which costs nothing while there is nothing to do.
   */
  readonly intake?: Intake;
  /**
   * VPC flow logs of the clusters' networks, in log groups and buckets of the stack's account and region. A network of several
   * clusters has a source for each of them. A bucket must send its events to EventBridge.
   * @default none: what leaves the clusters is not looked at, and nothing is made for it.
   */
  readonly flowLogs?: readonly FlowLogSource[];
  /**
   * Route 53 Resolver query logs of the clusters' networks, as `flowLogs`.
   * @default none: which names are looked up is not looked at, and nothing is made for it.
   */
  readonly resolverLogs?: readonly ResolverLogSource[];
  /**
   * A file on this machine: AWS's list of its address ranges (https://ip-ranges.amazonaws.com/ip-ranges.json). With it a service of
   * AWS counts as one destination.
   * @default none: a service of AWS is many addresses of the internet.
   */
  readonly ipRanges?: string;
  /**
   * Files on this machine with addresses, ranges and domains known to be bad: one a line, or STIX 2.1 bundles. Traffic there and
   * look-ups of them are told.
   * @default none
   */
  readonly threatLists?: readonly string[];
  /**
   * Addresses that get findings by mail; each must confirm that it wants them.
   * @default none: subscribe to `topic` in another way.
   */
  readonly mailAddresses?: readonly string[];
  /**
   * Findings of this severity or a graver one are sent by mail. The table and the topic get all the same.
   * @default 'medium', the lowest that is told to people at all.
   */
  readonly minimumSeverity?: SentSeverity;
  /**
   * How long the functions' own logs are kept. They hold counts and ids, never what a record says.
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays;
  /**
   * What happens to tables and key when they are no longer part of the stack. Only with `DESTROY` can the tables be
   * deleted, and what was learned with them.
   * @default RemovalPolicy.RETAIN, since a baseline takes weeks to learn.
   */
  readonly removalPolicy?: RemovalPolicy;
  /**
   * Whether it watches over what it sees with: calls of AWS that take that away or give access to the clusters, which CloudTrail
   * records, and logs that fall silent (docs/blindness.md).
   * @default true
   */
  readonly watch?: boolean;
  /**
   * So long a cluster's audit log may be silent until people are told.
   * @default Duration.minutes(30), three times as long as any watch of a controller lasts.
   */
  readonly usualSilence?: Duration;
  /**
   * So far back the log of a cluster is read that nothing is known of, so that it is known what is normal before anything is scored
   * (docs/backfill.md). `Duration.days(0)` turns it off.
   * @default Duration.days(14)
   */
  readonly backfill?: Duration;
  /**
   * Whether there is a page in CloudWatch that says how Tidemark is.
   * @default true
   */
  readonly dashboard?: boolean;
  /**
   * Whether calls of the functions are traced by X-Ray: how long they waited, started and worked, and which failed. Traces hold names and times.
   * @default true
   */
  readonly tracing?: boolean;
  /**
   * Is told when Tidemark itself has a fault. It must let CloudWatch publish; not `topic`, whose subscribers expect findings.
   * @default none: the alarms only show in CloudWatch.
   */
  readonly alarmTopic?: ITopic;
}
