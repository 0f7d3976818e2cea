import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { environment } from '../lambdas/tables.ts';
import { BundledFunction, type SharedFunctionProps } from './bundled-function.ts';
import { ClusterSubscription } from './cluster-subscription.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import type { Tables } from './tables.ts';

/** What the ingest function works on. */
export interface IngestProps extends SharedFunctionProps {
  /** Names of EKS clusters. */
  readonly clusters: readonly string[];
  readonly tables: Tables;
}

/** Takes in what clusters log. */
export class Ingest extends Construct {
  readonly handler: BundledFunction;
  /** Records that cannot be read, whole, with the reason. */
  readonly malformedRecords: DeadLetterQueue;
  /** Deliveries with which the function failed each time. */
  readonly failedDeliveries: DeadLetterQueue;

  constructor(scope: Construct, id: string, { clusters, tables, ...shared }: IngestProps) {
    super(scope, id);
    this.malformedRecords = new DeadLetterQueue(this, 'MalformedRecords', shared);
    this.failedDeliveries = new DeadLetterQueue(this, 'FailedDeliveries', shared);
    this.handler = this.#createHandler(tables, shared);
    tables.grantState(this.handler.role);
    tables.grantPutFindings(this.handler.role);
    this.malformedRecords.grantSend(this.handler.role);
    this.failedDeliveries.grantSend(this.handler.role);
    for (const cluster of clusters) new ClusterSubscription(this, `Cluster-${cluster}`, { cluster, destination: this.handler.function });
  }

  #createHandler(tables: Tables, shared: SharedFunctionProps): BundledFunction {
    const handler = new BundledFunction(this, 'Handler', {
      ...shared,
      entry: 'ingest',
      description: 'Tidemark: scores audit events against what each identity normally does',
      // A delivery is up to 1 MB compressed; the memory also buys the processor time to be done in moments.
      memorySize: 1024,
      timeout: Duration.minutes(5),
      environment: {
        [environment.stateTable]: tables.state.tableName,
        [environment.findingsTable]: tables.findings.tableName,
        [environment.deadLetters]: this.malformedRecords.queueUrl,
      },
    });
    handler.function.configureAsyncInvoke({
      retryAttempts: 2,
      maxEventAge: Duration.hours(6),
      onFailure: { bind: () => ({ destination: this.failedDeliveries.queueArn }) },
    });
    return handler;
  }
}
