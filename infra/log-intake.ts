import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { environment } from '../lambdas/tables.ts';
import { BundledFunction, type BundledFunctionProps, type SharedFunctionProps } from './bundled-function.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import type { Tables } from './tables.ts';

/** How a function is made that takes in logs. */
export interface LogIntakeProps extends SharedFunctionProps, Pick<BundledFunctionProps, 'entry' | 'description'> {
  readonly tables: Tables;
  /** Variables besides those that name the tables and the queue. */
  readonly variables: Readonly<Record<string, string>>;
}

/** A function that learns and finds from what CloudWatch Logs delivers, and the queues of what it cannot. */
export class LogIntake extends Construct {
  readonly handler: BundledFunction;
  /** Records that cannot be read, whole, with the reason. */
  readonly malformedRecords: DeadLetterQueue;
  /** Deliveries with which the function failed each time. */
  readonly failedDeliveries: DeadLetterQueue;

  constructor(scope: Construct, id: string, { tables, entry, description, variables, ...shared }: LogIntakeProps) {
    super(scope, id);
    this.malformedRecords = new DeadLetterQueue(this, 'MalformedRecords', shared);
    this.failedDeliveries = new DeadLetterQueue(this, 'FailedDeliveries', shared);
    this.handler = new BundledFunction(this, 'Handler', {
      ...shared,
      entry,
      description,
      // A delivery is up to 1 MB compressed; the memory also buys the processor time to be done in moments.
      memorySize: 1024,
      timeout: Duration.minutes(5),
      environment: {
        [environment.stateTable]: tables.state.tableName,
        [environment.findingsTable]: tables.findings.tableName,
        [environment.deadLetters]: this.malformedRecords.queueUrl,
        ...variables,
      },
    });
    this.handler.function.configureAsyncInvoke({
      retryAttempts: 2,
      maxEventAge: Duration.hours(6),
      onFailure: { bind: () => ({ destination: this.failedDeliveries.queueArn }) },
    });
    tables.grantState(this.handler.role);
    tables.grantPutFindings(this.handler.role);
    this.malformedRecords.grantSend(this.handler.role);
    this.failedDeliveries.grantSend(this.handler.role);
  }
}
