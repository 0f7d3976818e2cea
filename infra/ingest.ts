import type { Construct } from 'constructs';
import { flowEnvironment } from '../lambdas/flow-sources.ts';
import type { SharedFunctionProps } from './bundled-function.ts';
import { filterPattern } from '../lambdas/filter-pattern.ts';
import { LogIntake } from './log-intake.ts';
import { LogStream } from './log-stream.ts';
import { LogSubscription } from './log-subscription.ts';
import type { Tables } from './tables.ts';
import type { Intake } from './tidemark-props.ts';

/** What the ingest function works on. */
export interface IngestProps extends SharedFunctionProps {
  /** Names of EKS clusters. */
  readonly clusters: readonly string[];
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

  constructor(scope: Construct, id: string, { clusters, learnsAddresses, intake, ...props }: IngestProps) {
    super(scope, id, {
      ...props,
      entry: 'ingest',
      description: 'Tidemark: scores audit events against what each identity normally does',
      variables: learnsAddresses ? { [flowEnvironment.learnsAddresses]: 'true' } : {},
    });
    this.stream = intake === 'stream' ? new LogStream(this, 'Stream', { encryptionKey: props.encryptionKey, destination: this }) : undefined;
    for (const cluster of clusters) {
      new LogSubscription(this, `Cluster-${cluster}`, { logGroupName: `/aws/eks/${cluster}/cluster`, pattern: filterPattern, destination: this.stream ?? this.handler.function });
    }
  }
}
