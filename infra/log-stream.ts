import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Role, ServicePrincipal, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { EventSourceMapping, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { fixedName, fixedRoleArn, fixedRoleName } from './fixed-name.ts';
import type { Lag } from './fault-alarms.ts';
import type { LogIntake } from './log-intake.ts';
import { allow, allowKeyThrough, toRead } from './permissions.ts';
import type { Senders } from './senders.ts';

type Conditions = Record<string, Record<string, unknown>>;

/** Through what deliveries go to whom. */
export interface LogStreamProps {
  readonly encryptionKey: IKey;
  readonly destination: LogIntake;
  /** Who sends through destinations; without it only log groups of the stack's account and region do. */
  readonly senders?: Senders;
}

/**
 * A Kinesis data stream between CloudWatch Logs and a function: it keeps deliveries for a day, so that the function takes them as fast as it
 * can and none is dropped meanwhile.
 */
export class LogStream extends Construct {
  readonly stream: Stream;
  /** By it CloudWatch Logs puts deliveries into the stream. */
  readonly writer: Role;
  /** How old the deliveries are that the function is given. */
  readonly lag: Lag;
  readonly #key: IKey;

  constructor(scope: Construct, id: string, { encryptionKey, destination, senders }: LogStreamProps) {
    super(scope, id);
    this.#key = encryptionKey;
    this.stream = new Stream(this, 'Stream', {
      ...(senders ? { streamName: fixedName(this) } : {}),
      streamMode: StreamMode.ON_DEMAND,
      retentionPeriod: Duration.hours(24),
      encryption: StreamEncryption.KMS,
      encryptionKey,
      // The log groups have all that is in it, and longer.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    Validations.of(this.stream).acknowledge({ id: 'AwsSolutions-KDS3', reason: 'Audit logs are encrypted everywhere by the one key that the account itself can turn off.' });
    this.writer = this.#createWriter(encryptionKey, senders);
    this.#feed(destination, encryptionKey);
    this.lag = {
      metric: destination.handler.function.metric('IteratorAge'),
      atMost: Duration.minutes(15),
      what: 'Deliveries wait long in the stream, so what is found is told late.',
    };
  }

  /** By it CloudWatch Logs writes, for nobody but those who send. */
  #createWriter(key: IKey, senders: Senders | undefined): Role {
    const writer = new Role(this, 'Writer', {
      // Roles of all regions of an account share their names.
      ...(senders ? { roleName: fixedRoleName(this) } : {}),
      assumedBy: new ServicePrincipal('logs.amazonaws.com', { conditions: senders ? this.#isOfSenders(senders) : this.#isOfHome() }),
    });
    allow(writer, ['kinesis:PutRecord', 'kinesis:PutRecords'], [this.stream.streamArn]);
    // Source: https://docs.aws.amazon.com/streams/latest/dev/permissions-user-key-KMS.html
    allowKeyThrough('kinesis', writer, ['kms:GenerateDataKey'], key);
    return writer;
  }

  /** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Subscriptions-confused-deputy.html */
  #isOfHome(): Conditions {
    const { account, partition, region } = Stack.of(this);
    return { ArnLike: { 'aws:SourceArn': `arn:${partition}:logs:${region}:${account}:*` }, StringEquals: { 'aws:SourceAccount': account } };
  }

  /**
   * CloudWatch Logs tries a destination in the deployment's own name first, then writes in the senders'. It takes the role only for
   * destinations of this account, and each says itself who may send to it: so an organization's accounts need not be named here too.
   * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CreateDestination-Account.html
   */
  #isOfSenders({ accounts = [], organization }: Senders): Conditions {
    const { account, partition } = Stack.of(this);
    const from = organization === undefined ? [...new Set([account, ...accounts])] : ['*'];
    return { ArnLike: { 'aws:SourceArn': from.map((one) => `arn:${partition}:logs:*:${one}:*`) } };
  }

  /** Gives the stream's and the writer's ARN as they are known in other regions, where there are senders. */
  namedArns(): { readonly stream: string; readonly writer: string } {
    const { account, partition, region } = Stack.of(this);
    return { stream: `arn:${partition}:kinesis:${region}:${account}:stream/${fixedName(this)}`, writer: fixedRoleArn(this) };
  }

  /** Lets people read again what a function failed with. */
  grantRead(grantee: IGrantable): void {
    allow(grantee, ['kinesis:GetRecords', 'kinesis:GetShardIterator'], [this.stream.streamArn]);
    allowKeyThrough('kinesis', grantee, toRead, this.#key);
  }

  #feed({ handler, failedDeliveries }: LogIntake, key: IKey): void {
    // Lambda asks for DescribeStream when the mapping is made, and for the others to read.
    const actions = ['DescribeStream', 'DescribeStreamSummary', 'GetRecords', 'GetShardIterator', 'ListShards'].map((action) => `kinesis:${action}`);
    allow(handler.role, actions, [this.stream.streamArn]);
    allowKeyThrough('kinesis', handler.role, toRead, key);
    new EventSourceMapping(this, 'Mapping', {
      target: handler.function,
      eventSourceArn: this.stream.streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      // Deliveries are done one after the other within one call's five minutes; should they not be, the batch is halved.
      batchSize: 25,
      // All that a longer window saves is calls, the cheapest part; all that it adds is delay.
      maxBatchingWindow: Duration.seconds(10),
      // Two of the log streams in a shard at a time: more would only contend for the same items.
      parallelizationFactor: 2,
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      // The queue gets only where in the stream they are: there must be time left to fetch them before the stream forgets them.
      retryAttempts: 20,
      maxRecordAge: Duration.hours(6),
      onFailure: { bind: () => ({ destination: failedDeliveries.queueArn }) },
    });
  }
}
