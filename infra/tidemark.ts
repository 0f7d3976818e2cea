import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IGrantable, IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { everyCluster } from '../lambdas/cluster-names.ts';
import { stateKeys } from '../lambdas/tables.ts';
import { usualSilenceMs } from '../lambdas/watch-scope.ts';
import { Backfill } from './backfill.ts';
import { Dashboard } from './dashboard.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { EncryptionKey } from './encryption-key.ts';
import { FaultAlarms } from './fault-alarms.ts';
import { FindingsTopic } from './findings-topic.ts';
import { Flows } from './flows.ts';
import { Ingest } from './ingest.ts';
import { Notify } from './notify.ts';
import { allow, allowKeyThrough, toSend } from './permissions.ts';
import { Tables } from './tables.ts';
import type { TidemarkProps } from './tidemark-props.ts';
import { validateProps } from './validate-props.ts';
import { Watch } from './watch.ts';

export type { FlowLogGroup, FlowLogSource, Intake, ResolverLogSource, Senders, TidemarkProps, TrafficLogBucket, TrafficLogGroup } from './tidemark-props.ts';

/** Learns what each identity of EKS clusters normally does and tells people when one stops behaving like itself. */
export class Tidemark extends Construct {
  /** Findings as they are told to people, with the message attributes `severity`, `category` and `cluster`. */
  readonly topic: FindingsTopic;
  readonly tables: Tables;
  readonly encryptionKey: IKey;
  readonly ingest: Ingest;
  readonly notify: Notify;
  /** There when there are flow logs or query logs to take in. */
  readonly flows: Flows | undefined;
  /** There unless it was turned off. */
  readonly backfill: Backfill | undefined;
  /** There unless it was turned off. */
  readonly watch: Watch | undefined;
  /** Mails that SNS could not deliver. */
  readonly undeliveredMail: DeadLetterQueue;

  /** @throws {TidemarkPropsError} when props are wrong. */
  constructor(scope: Construct, id: string, props: TidemarkProps) {
    super(scope, id);
    validateProps(this.node.path, props);
    const { clusters, senders, flowLogs = [], resolverLogs = [], mailAddresses = [], minimumSeverity = 'medium', removalPolicy = RemovalPolicy.RETAIN } = props;
    const sources = [...flowLogs, ...resolverLogs];
    const takesAll = clusters.includes(everyCluster);
    const discovers = takesAll || senders !== undefined;
    const encryptionKey = new EncryptionKey(this, 'Key', { removalPolicy });
    const shared = { encryptionKey, logRetention: props.logRetention ?? RetentionDays.ONE_MONTH, tracing: props.tracing ?? true };
    this.encryptionKey = encryptionKey;
    this.tables = new Tables(this, 'Tables', { encryptionKey, removalPolicy });
    this.topic = new FindingsTopic(this, 'Topic', { encryptionKey });
    this.undeliveredMail = new DeadLetterQueue(this, 'UndeliveredMail', { encryptionKey });
    this.topic.mail({ addresses: mailAddresses, minimumSeverity, undelivered: this.undeliveredMail });
    this.ingest = new Ingest(this, 'Ingest', { ...shared, clusters, senders, discovers, tables: this.tables, learnsAddresses: sources.length > 0, intake: props.intake ?? 'direct' });
    this.notify = new Notify(this, 'Notify', { ...shared, tables: this.tables, topic: this.topic });
    this.flows = sources.length > 0 ? new Flows(this, 'Flows', { ...shared, sources, tables: this.tables, ipRanges: props.ipRanges, threatLists: props.threatLists ?? [] }) : undefined;
    const { backfill = Duration.days(14) } = props;
    this.backfill = backfill.toMilliseconds() > 0 ? new Backfill(this, 'Backfill', { ...shared, clusters, senders, history: backfill, tables: this.tables, ingest: this.ingest.handler }) : undefined;
    const { watch = true, usualSilence = Duration.millis(usualSilenceMs) } = props;
    this.watch = watch ? new Watch(this, 'Watch', { ...shared, clusters, senders, discovers, destinationName: this.ingest.elsewhere?.destinationName, sources, usualSilence, tables: this.tables, ingest: this.ingest.handler }) : undefined;
    const functions = [this.ingest, this.notify, this.flows, this.backfill, this.watch].flatMap((part) => part?.handler ?? []);
    if (takesAll) this.ingest.subscribeToAll(functions.map(({ logGroup }) => logGroup.logGroupName));
    this.#watchFaults(props);
  }

  /** Lets people look at findings and baselines by the command line. */
  grantLook(grantee: IGrantable): void {
    this.tables.grantLook(grantee);
  }

  /** Lets people acknowledge and resolve findings by the command line, besides looking. */
  grantDecide(grantee: IGrantable): void {
    this.tables.grantDecide(grantee);
  }

  /** Lets people learn a history by the command line (`tidemark learn`): it writes what was learned and found. */
  grantLearn(role: IRole): void {
    this.tables.grantState(role);
    this.tables.grantPutFindings(role);
  }

  /** Lets people have clusters that are gone be forgotten by the command line (`tidemark clusters --forget`), besides looking. */
  grantForget(role: IRole): void {
    this.grantLook(role);
    this.tables.grantState(role, stateKeys.forget);
  }

  /** Lets people give again by the command line (`tidemark redrive`) what functions failed with. */
  grantRedrive(grantee: IGrantable): void {
    const { ingest, notify, flows, watch, backfill, encryptionKey } = this;
    const called = [ingest.handler, notify.handler, ...(flows ? [flows.handler] : []), ...(watch ? [watch.handler] : [])].map(({ function: { functionArn } }) => functionArn);
    // What failed names the version that did.
    allow(grantee, ['lambda:InvokeFunction'], called.flatMap((arn) => [arn, `${arn}:$LATEST`]));
    const queues = [ingest.failedDeliveries, ingest.malformedRecords, notify.failedNotifications, this.undeliveredMail, flows?.failedDeliveries, flows?.malformedRecords, flows?.files?.failedFiles, watch?.failedEvents, backfill?.failedLearnings];
    for (const queue of queues) queue?.grantTakeOut(grantee);
    const worked = [flows?.files?.queue, backfill?.queue].flatMap((queue) => queue?.queueArn ?? []);
    if (worked.length > 0) {
      allow(grantee, ['sqs:SendMessage'], worked);
      allowKeyThrough('sqs', grantee, toSend, encryptionKey);
    }
    this.tables.grantReadChanges(grantee);
    for (const stream of ingest.streams) stream.grantRead(grantee);
  }

  #watchFaults({ alarmTopic: topic, dashboard = true }: TidemarkProps): void {
    const { ingest, notify, flows, backfill, watch, tables } = this;
    const watched = {
      queues: {
        MalformedRecords: ingest.malformedRecords,
        FailedDeliveries: ingest.failedDeliveries,
        FailedNotifications: notify.failedNotifications,
        UndeliveredMail: this.undeliveredMail,
        ...(flows ? { MalformedFlowRecords: flows.malformedRecords, FailedFlowDeliveries: flows.failedDeliveries } : {}),
        ...(flows?.files ? { FailedFlowFiles: flows.files.failedFiles } : {}),
        ...(backfill ? { FailedLearnings: backfill.failedLearnings } : {}),
        ...(watch ? { FailedWatchEvents: watch.failedEvents } : {}),
      },
      functions: { Ingest: ingest.handler, Notify: notify.handler, ...(flows ? { Flows: flows.handler } : {}), ...(watch ? { Watch: watch.handler } : {}) },
    };
    const ages = watch ? { CanaryLost: watch.canaryAge } : {};
    const [stream] = ingest.streams;
    // The function says one lag for all streams that it reads.
    const lags = stream ? { StreamLag: stream.lag } : {};
    const { alarms } = new FaultAlarms(this, 'Alarms', { ...watched, fedByQueues: backfill ? { Backfill: backfill.handler } : {}, ages, lags, topic });
    if (dashboard) new Dashboard(this, 'Dashboard', { ...watched, alarms, tables, streams: ingest.streams.map(({ stream: one }) => one) });
  }
}
