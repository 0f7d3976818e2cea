import { Aws, Duration, Stack, Token, Validations } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { TrafficLogBucket } from '../lambdas/flow-sources.ts';
import type { BundledFunction } from './bundled-function.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { allow } from './permissions.ts';

/** Which files go where. */
export interface FlowFilesProps {
  readonly buckets: readonly TrafficLogBucket[];
  readonly destination: BundledFunction;
  readonly encryptionKey: IKey;
}

/**
 * Tells a function of each file that is written to buckets. EventBridge tells it, so that the buckets' own notifications
 * stay as they are; whoever owns a bucket must have it send its events there.
 */
export class FlowFiles extends Construct {
  /** Messages of files with which the function failed each time, or that EventBridge could not put into the queue. */
  readonly failedFiles: DeadLetterQueue;
  /** Its messages name files to be read. */
  readonly queue: Queue;

  constructor(scope: Construct, id: string, { buckets, destination, encryptionKey }: FlowFilesProps) {
    super(scope, id);
    this.failedFiles = new DeadLetterQueue(this, 'FailedFiles', { encryptionKey });
    const queue = (this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: encryptionKey,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      // Six times as long as a call may take, as Lambda asks for.
      visibilityTimeout: Duration.minutes(30),
      deadLetterQueue: { queue: this.failedFiles, maxReceiveCount: 3 },
    }));
    encryptionKey.addToResourcePolicy(this.#keyForEvents());
    const places = new Map(buckets.map((bucket) => [JSON.stringify([bucket.bucketName, bucket.prefix ?? '']), bucket]));
    for (const [index, { bucketName, prefix = '' }] of [...places.values()].entries()) {
      const name = Token.isUnresolved(bucketName) || Token.isUnresolved(prefix) ? String(index) : `${bucketName}-${prefix}`;
      this.#tell(name, { bucketName, prefix }, queue);
      this.#allowToRead(`${bucketName}/${prefix}*`, destination);
    }
    // It may use the key through SQS already, for its dead letters.
    allow(destination.role, ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], [queue.queueArn]);
    // Few at a time: they work on the same items.
    new EventSourceMapping(this, 'Mapping', { target: destination.function, eventSourceArn: queue.queueArn, batchSize: 1, maxConcurrency: 2 });
  }

  #allowToRead(objects: string, { role }: BundledFunction): void {
    allow(role, ['s3:GetObject'], [`arn:${Aws.PARTITION}:s3:::${objects}`]);
    Validations.of(role).acknowledge({ id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::${objects}]`, reason: 'AWS names the files of a log by time: only what their keys begin with is known.' });
  }

  #tell(name: string, { bucketName, prefix }: { bucketName: string; prefix: string }, queue: Queue): void {
    const object = prefix === '' ? {} : { object: { key: [{ prefix }] } };
    const rule = new Rule(this, `Bucket-${name}`, {
      description: 'Tidemark: files of flow logs and query logs',
      eventPattern: { source: ['aws.s3'], detailType: ['Object Created'], detail: { bucket: { name: [bucketName] }, ...object } },
      targets: [{ bind: () => ({ arn: queue.queueArn, deadLetterConfig: { arn: this.failedFiles.queueArn } }) }],
    });
    for (const one of [queue, this.failedFiles]) {
      one.addToResourcePolicy(
        new PolicyStatement({
          principals: [new ServicePrincipal('events.amazonaws.com')],
          actions: ['sqs:SendMessage'],
          resources: [one.queueArn],
          conditions: { ArnEquals: { 'aws:SourceArn': rule.ruleArn } },
        }),
      );
    }
  }

  /** The rules themselves cannot be named: they name the queue, and it the key. */
  #keyForEvents(): PolicyStatement {
    return new PolicyStatement({
      sid: 'FlowFiles',
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: ['*'],
      conditions: { ArnLike: { 'aws:SourceArn': Stack.of(this).formatArn({ service: 'events', resource: 'rule', resourceName: '*' }) } },
    });
  }
}
