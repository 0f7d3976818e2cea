import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Role, ServicePrincipal, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { EventSourceMapping, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Lag } from './fault-alarms.ts';
import type { LogIntake } from './log-intake.ts';
import { allow, allowKeyThrough, toRead } from './permissions.ts';

/** Through what deliveries go to whom. */
export interface LogStreamProps {
  readonly encryptionKey: IKey;
  readonly destination: LogIntake;
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

  constructor(scope: Construct, id: string, { encryptionKey, destination }: LogStreamProps) {
    super(scope, id);
    this.#key = encryptionKey;
    this.stream = new Stream(this, 'Stream', {
      streamMode: StreamMode.ON_DEMAND,
      retentionPeriod: Duration.hours(24),
      encryption: StreamEncryption.KMS,
      encryptionKey,
      // The log groups have all that is in it, and longer.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    Validations.of(this.stream).acknowledge({ id: 'AwsSolutions-KDS3', reason: 'Audit logs are encrypted everywhere by the one key that the account itself can turn off.' });
    this.writer = this.#createWriter(encryptionKey);
    this.#feed(destination, encryptionKey);
    this.lag = {
      metric: destination.handler.function.metric('IteratorAge'),
      atMost: Duration.minutes(15),
      what: 'Deliveries wait long in the stream, so what is found is told late.',
    };
  }

  /**
   * CloudWatch Logs takes this role for log groups of this account and region only.
   * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Subscriptions-confused-deputy.html
   */
  #createWriter(key: IKey): Role {
    const { account, partition, region } = Stack.of(this);
    const writer = new Role(this, 'Writer', {
      assumedBy: new ServicePrincipal('logs.amazonaws.com', {
        conditions: {
          ArnLike: { 'aws:SourceArn': `arn:${partition}:logs:${region}:${account}:*` },
          StringEquals: { 'aws:SourceAccount': account },
        },
      }),
    });
    allow(writer, ['kinesis:PutRecord', 'kinesis:PutRecords'], [this.stream.streamArn]);
    // Source: https://docs.aws.amazon.com/streams/latest/dev/permissions-user-key-KMS.html
    allowKeyThrough('kinesis', writer, ['kms:GenerateDataKey'], key);
    return writer;
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
