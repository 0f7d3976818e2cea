import { Duration } from 'aws-cdk-lib';
import { EventSourceMapping, FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { environment, stateKeys } from '../lambdas/tables.ts';
import { BundledFunction, type SharedFunctionProps } from './bundled-function.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import type { FindingsTopic } from './findings-topic.ts';
import type { Tables } from './tables.ts';

/** What the notify function works on. */
export interface NotifyProps extends SharedFunctionProps {
  readonly tables: Tables;
  readonly topic: FindingsTopic;
}

/** Tells people of findings as they change. */
export class Notify extends Construct {
  readonly handler: BundledFunction;
  /** Where in the stream the records are with which the function failed each time. */
  readonly failedNotifications: DeadLetterQueue;

  constructor(scope: Construct, id: string, { tables, topic, ...shared }: NotifyProps) {
    super(scope, id);
    this.failedNotifications = new DeadLetterQueue(this, 'FailedNotifications', shared);
    this.handler = new BundledFunction(this, 'Handler', {
      ...shared,
      entry: 'notify',
      description: 'Tidemark: tells people of findings that are new or graver',
      memorySize: 256,
      timeout: Duration.minutes(1),
      environment: {
        [environment.stateTable]: tables.state.tableName,
        [environment.findingsTable]: tables.findings.tableName,
        [environment.topic]: topic.topicArn,
      },
    });
    tables.grantState(this.handler.role, stateKeys.notify);
    tables.grantFollowFindings(this.handler.role);
    tables.grantReadFindings(this.handler.role);
    topic.grantSend(this.handler.role);
    this.failedNotifications.grantSend(this.handler.role);
    this.#follow(tables);
  }

  #follow({ findings }: Tables): void {
    new EventSourceMapping(this, 'Stream', {
      target: this.handler.function,
      eventSourceArn: findings.tableStreamArn ?? '',
      startingPosition: StartingPosition.TRIM_HORIZON,
      // Findings that expire are nothing to tell.
      filters: [FilterCriteria.filter({ eventName: FilterRule.or('INSERT', 'MODIFY') })],
      // A burst becomes graver within seconds: one mail says it all.
      maxBatchingWindow: Duration.seconds(20),
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      // One record that always fails must not hold up those behind it for the whole day that a stream keeps them.
      retryAttempts: 20,
      maxRecordAge: Duration.hours(6),
      onFailure: { bind: () => ({ destination: this.failedNotifications.queueArn }) },
    });
  }
}
