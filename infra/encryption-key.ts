import { ArnFormat, Stack, type RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

/** All log groups' names begin with this, so that the key's policy can name them before they exist. */
export const logGroupPrefix = '/tidemark/';

/** How an encryption key is made. */
export interface EncryptionKeyProps {
  /** What happens to the key when it is no longer part of the stack. */
  readonly removalPolicy: RemovalPolicy;
}

/** The key for everything at rest, renewed once a year; callers may use it as far as IAM lets them. */
export class EncryptionKey extends Key {
  constructor(scope: Construct, id: string, { removalPolicy }: EncryptionKeyProps) {
    super(scope, id, { description: 'Tidemark: tables, topic, queues and function logs', enableKeyRotation: true, removalPolicy });
    this.addToResourcePolicy(this.#forLogs());
    this.addToResourcePolicy(this.#forUndeliveredMail());
  }

  /** CloudWatch Logs encrypts the functions' logs itself. */
  #forLogs(): PolicyStatement {
    const stack = Stack.of(this);
    const logGroups = stack.formatArn({ service: 'logs', resource: 'log-group', resourceName: `${logGroupPrefix}*`, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
    return new PolicyStatement({
      sid: 'FunctionLogs',
      principals: [new ServicePrincipal(`logs.${stack.region}.amazonaws.com`)],
      actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
      resources: ['*'],
      conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logGroups } },
    });
  }

  /** SNS itself puts mails that it could not deliver into their queue. */
  #forUndeliveredMail(): PolicyStatement {
    const topics = Stack.of(this).formatArn({ service: 'sns', resource: '*' });
    return new PolicyStatement({
      sid: 'UndeliveredMail',
      principals: [new ServicePrincipal('sns.amazonaws.com')],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: ['*'],
      conditions: { ArnLike: { 'aws:SourceArn': topics } },
    });
  }
}
