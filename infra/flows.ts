import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { flowEnvironment, type FlowLogSource } from '../lambdas/flow-sources.ts';
import type { SharedFunctionProps } from './bundled-function.ts';
import { LogIntake } from './log-intake.ts';
import { LogSubscription } from './log-subscription.ts';
import type { Tables } from './tables.ts';

/** What the flows function works on. */
export interface FlowsProps extends SharedFunctionProps {
  readonly sources: readonly FlowLogSource[];
  readonly tables: Tables;
}

/** Takes in VPC flow logs. */
export class Flows extends LogIntake {
  constructor(scope: Construct, id: string, { sources, ...props }: FlowsProps) {
    super(scope, id, {
      ...props,
      entry: 'flows',
      description: 'Tidemark: scores flow records against what each workload normally sends',
      variables: { [flowEnvironment.sources]: Stack.of(scope).toJsonString(sources) },
    });
    // Clusters of one network have one flow log; CloudWatch Logs takes two filters on a log group at most.
    const logGroupNames = [...new Set(sources.map(({ logGroupName }) => logGroupName))];
    for (const [index, logGroupName] of logGroupNames.entries()) {
      const name = Token.isUnresolved(logGroupName) ? String(index) : logGroupName;
      new LogSubscription(this, `LogGroup-${name}`, { logGroupName, pattern: '', destination: this.handler.function });
    }
  }
}
