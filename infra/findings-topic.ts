import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { SubscriptionFilter, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import type { DeadLetterQueue } from './dead-letter-queue.ts';
import { allow, allowKeyThrough, toSend } from './permissions.ts';

/** Severities that are sent to people, in rising order. */
export const sentSeverities = ['medium', 'high', 'critical'] as const;
/** A severity that is sent to people. */
export type SentSeverity = (typeof sentSeverities)[number];

/** How the topic is made. */
export interface FindingsTopicProps {
  readonly encryptionKey: IKey;
}

/** Who gets mail. */
export interface MailOptions {
  readonly addresses: readonly string[];
  readonly minimumSeverity: SentSeverity;
  /** Where mails go that SNS could not deliver. */
  readonly undelivered: DeadLetterQueue;
}

/** The topic of findings, for mail and for programs. */
export class FindingsTopic extends Topic {
  readonly #key: IKey;

  constructor(scope: Construct, id: string, { encryptionKey }: FindingsTopicProps) {
    super(scope, id, { displayName: 'Tidemark', masterKey: encryptionKey, enforceSSL: true });
    this.#key = encryptionKey;
  }

  /** Sends findings of this severity or a graver one by mail; each address must first confirm that it wants them. */
  mail({ addresses, minimumSeverity, undelivered }: MailOptions): void {
    const wanted = sentSeverities.slice(sentSeverities.indexOf(minimumSeverity));
    const all = wanted.length === sentSeverities.length;
    const filter = all ? {} : { filterPolicy: { severity: SubscriptionFilter.stringFilter({ allowlist: [...wanted] }) } };
    for (const address of addresses) this.addSubscription(new EmailSubscription(address, { deadLetterQueue: undelivered, ...filter }));
  }

  /** Lets a function publish. */
  grantSend(grantee: IGrantable): void {
    allow(grantee, ['sns:Publish'], [this.topicArn]);
    allowKeyThrough('sns', grantee, toSend, this.#key);
  }
}
