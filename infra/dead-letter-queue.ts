import { Duration, Validations } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { allow, allowKeyThrough, toRead, toSend } from './permissions.ts';

/** How a dead-letter queue is made. */
export interface DeadLetterQueueProps {
  readonly encryptionKey: IKey;
}

/** A queue for what could not be dealt with, kept for 14 days, the longest that SQS keeps anything. */
export class DeadLetterQueue extends Queue {
  readonly #key: IKey;

  constructor(scope: Construct, id: string, { encryptionKey }: DeadLetterQueueProps) {
    super(scope, id, {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: encryptionKey,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    this.#key = encryptionKey;
    Validations.of(this).acknowledge({ id: 'AwsSolutions-SQS3', reason: 'This is a dead-letter queue itself: nothing takes messages out of it but a person.' });
  }

  /** Lets people give again what lies in it, and take it out. */
  grantTakeOut(grantee: IGrantable): void {
    allow(grantee, ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility'], [this.queueArn]);
    allowKeyThrough('sqs', grantee, toRead, this.#key);
  }

  /** Lets a function, or Lambda in its name, put messages in. */
  grantSend(grantee: IGrantable): void {
    allow(grantee, ['sqs:SendMessage'], [this.queueArn]);
    allowKeyThrough('sqs', grantee, toSend, this.#key);
  }
}
