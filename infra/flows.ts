import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { flowEnvironment, isBucket, isLogGroup, type FlowLogSource } from '../lambdas/flow-sources.ts';
import { AddressLists } from './address-lists.ts';
import type { SharedFunctionProps } from './bundled-function.ts';
import { FlowFiles } from './flow-files.ts';
import { LogIntake } from './log-intake.ts';
import { LogSubscription } from './log-subscription.ts';
import type { Tables } from './tables.ts';

/** What the flows function works on. */
export interface FlowsProps extends SharedFunctionProps {
  /** Of flow logs and query logs. */
  readonly sources: readonly FlowLogSource[];
  readonly tables: Tables;
  /** Files of `TidemarkProps`. */
  readonly ipRanges: string | undefined;
  readonly threatLists: readonly string[];
}

/** Takes in VPC flow logs and Route 53 Resolver query logs. */
export class Flows extends LogIntake {
  /** There when some of them come from S3. */
  readonly files: FlowFiles | undefined;

  constructor(scope: Construct, id: string, { sources, ipRanges, threatLists, ...props }: FlowsProps) {
    super(scope, id, {
      ...props,
      entry: 'flows',
      description: 'Tidemark: scores flow records and look-ups of names against what each workload normally does',
      variables: { [flowEnvironment.sources]: Stack.of(scope).toJsonString(sources) },
    });
    // Clusters of one network have one log of each; CloudWatch Logs takes two filters on a log group at most.
    const logGroupNames = [...new Set(sources.filter(isLogGroup).map(({ logGroupName }) => logGroupName))];
    for (const [index, logGroupName] of logGroupNames.entries()) {
      const name = Token.isUnresolved(logGroupName) ? String(index) : logGroupName;
      new LogSubscription(this, `LogGroup-${name}`, { logGroupName, pattern: '', destination: this.handler.function });
    }
    if (ipRanges !== undefined || threatLists.length > 0) {
      const lists = new AddressLists(this, 'AddressLists', { ipRanges, threatLists });
      this.handler.function.addLayers(lists);
      this.handler.function.addEnvironment(flowEnvironment.lists, lists.folder);
    }
    const buckets = sources.filter(isBucket);
    this.files = buckets.length > 0 ? new FlowFiles(this, 'Files', { buckets, destination: this.handler, encryptionKey: props.encryptionKey }) : undefined;
  }
}
