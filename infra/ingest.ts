import { Names, Stack } from 'aws-cdk-lib';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { auditLogGroup, everyCluster } from '../lambdas/cluster-names.ts';
import { filterPattern } from '../lambdas/filter-pattern.ts';
import { flowEnvironment } from '../lambdas/flow-sources.ts';
import { environment } from '../lambdas/tables.ts';
import { AccountSubscription } from './account-subscription.ts';
import type { SharedFunctionProps } from './bundled-function.ts';
import { LogIntake } from './log-intake.ts';
import { LogStream } from './log-stream.ts';
import { LogSubscription } from './log-subscription.ts';
import type { Senders } from './senders.ts';
import type { Tables } from './tables.ts';
import type { Intake } from './tidemark-props.ts';

/** What the ingest function works on. */
export interface IngestProps extends SharedFunctionProps {
  /** Names of EKS clusters, or `everyCluster`. */
  readonly clusters: readonly string[];
  /** Who sends the logs of clusters elsewhere. */
  readonly senders: Senders | undefined;
  /** Whether clusters come in that are not named. */
  readonly discovers: boolean;
  readonly tables: Tables;
  /** Whether it is learned who has which address, for flow logs and query logs. */
  readonly learnsAddresses: boolean;
  /** How deliveries come. */
  readonly intake: Intake;
}

/** Takes in what clusters log. */
export class Ingest extends LogIntake {
  /** There when deliveries come through a stream. */
  readonly stream: LogStream | undefined;
  /** There when clusters elsewhere send their logs: who sends, the stream that it comes through, and the name of the destinations that lead to it. */
  readonly elsewhere: { readonly senders: Senders; readonly stream: LogStream; readonly destinationName: string } | undefined;

  constructor(scope: Construct, id: string, { clusters, senders, discovers, learnsAddresses, intake, ...props }: IngestProps) {
    super(scope, id, {
      ...props,
      entry: 'ingest',
      description: 'Tidemark: scores audit events against what each identity normally does',
      variables: { ...(learnsAddresses ? { [flowEnvironment.learnsAddresses]: 'true' } : {}), ...(discovers ? { [environment.homeAccount]: Stack.of(scope).account } : {}) },
    });
    const { encryptionKey } = props;
    this.stream = intake === 'stream' ? new LogStream(this, 'Stream', { encryptionKey, destination: this }) : undefined;
    this.elsewhere = senders ? { senders, stream: new LogStream(this, 'Senders', { encryptionKey, destination: this, senders }), destinationName: Names.uniqueResourceName(this, { maxLength: 100, separator: '-' }) } : undefined;
    for (const cluster of clusters) {
      if (cluster !== everyCluster) new LogSubscription(this, `Cluster-${cluster}`, { logGroupName: auditLogGroup(cluster), pattern: filterPattern, destination: this.stream ?? this.handler.function });
    }
  }

  /** All streams that deliveries come through. */
  get streams(): LogStream[] {
    return [this.stream, this.elsewhere?.stream].flatMap((stream) => stream ?? []);
  }

  /** Subscribes to every cluster of the account and region. `ownLogGroups` are those of all functions of the deployment. */
  subscribeToAll(ownLogGroups: readonly string[]): void {
    const { stream, handler } = this;
    const subscription = new AccountSubscription(this, 'Clusters', {
      ...(stream ? { destinationArn: stream.stream.streamArn, roleArn: stream.writer.roleArn, isStream: true } : { destinationArn: handler.function.functionArn, isStream: false }),
      except: ownLogGroups,
    });
    if (stream) subscription.node.addDependency(stream.writer);
    else subscription.node.addDependency(this.#letLogsCall());
  }

  /** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters-AccountLevel.html */
  #letLogsCall(): CfnPermission {
    const { account, partition, region } = Stack.of(this);
    return new CfnPermission(this, 'ClustersPermission', {
      action: 'lambda:InvokeFunction',
      functionName: this.handler.function.functionArn,
      principal: 'logs.amazonaws.com',
      sourceArn: `arn:${partition}:logs:${region}:${account}:log-group:*`,
      sourceAccount: account,
    });
  }
}
