import { Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, SubscriptionFilter } from 'aws-cdk-lib/aws-logs';
import { LambdaDestination } from 'aws-cdk-lib/aws-logs-destinations';
import { Construct } from 'constructs';
import { filterPattern } from './filter-pattern.ts';

/** What to send where. */
export interface ClusterSubscriptionProps {
  /** Name of an EKS cluster of this account and region. */
  readonly cluster: string;
  readonly destination: IFunction;
}

/** Sends what a cluster logs to a function, without what the filter pattern drops. */
export class ClusterSubscription extends Construct {
  constructor(scope: Construct, id: string, { cluster, destination }: ClusterSubscriptionProps) {
    super(scope, id);
    const logGroup = LogGroup.fromLogGroupName(this, 'Logs', `/aws/eks/${cluster}/cluster`);
    destination.addPermission('Permission', {
      scope: this,
      principal: new ServicePrincipal('logs.amazonaws.com'),
      sourceArn: logGroup.logGroupArn,
      sourceAccount: Stack.of(this).account,
    });
    const filter = new SubscriptionFilter(this, 'Filter', {
      logGroup,
      destination: new LambdaDestination(destination, { addPermissions: false }),
      filterPattern: { logPatternString: filterPattern },
    });
    // CloudWatch Logs calls the function once to see whether it may, before it takes the filter.
    filter.node.addDependency(this.node.findChild('Permission'));
  }
}
