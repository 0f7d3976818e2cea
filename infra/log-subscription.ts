import { Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, SubscriptionFilter } from 'aws-cdk-lib/aws-logs';
import { LambdaDestination } from 'aws-cdk-lib/aws-logs-destinations';
import { Construct } from 'constructs';

/** What to send where. */
export interface LogSubscriptionProps {
  /** A log group of this account and region. */
  readonly logGroupName: string;
  /** In CloudWatch Logs' pattern language; the empty pattern lets all pass. */
  readonly pattern: string;
  readonly destination: IFunction;
}

/** Sends what is written to a log group to a function, without what the pattern drops. */
export class LogSubscription extends Construct {
  constructor(scope: Construct, id: string, { logGroupName, pattern, destination }: LogSubscriptionProps) {
    super(scope, id);
    const logGroup = LogGroup.fromLogGroupName(this, 'Logs', logGroupName);
    destination.addPermission('Permission', {
      scope: this,
      principal: new ServicePrincipal('logs.amazonaws.com'),
      sourceArn: logGroup.logGroupArn,
      sourceAccount: Stack.of(this).account,
    });
    const filter = new SubscriptionFilter(this, 'Filter', {
      logGroup,
      destination: new LambdaDestination(destination, { addPermissions: false }),
      filterPattern: { logPatternString: pattern },
    });
    // CloudWatch Logs calls the function once to see whether it may, before it takes the filter.
    filter.node.addDependency(this.node.findChild('Permission'));
  }
}
