import { Stack } from 'aws-cdk-lib';
import { CfnAccountPolicy } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { filterPattern } from '../lambdas/filter-pattern.ts';
import { filterNameFor } from '../lambdas/cluster-names.ts';

/** What to send where. */
export interface AccountSubscriptionProps {
  /** Of a function or a stream of this account, or of a destination of another. */
  readonly destinationArn: string;
  /** By it CloudWatch Logs writes to a stream, or asks whether it may use a destination. */
  readonly roleArn?: string | undefined;
  /** Whether there is a stream at the end, in which what one API server wrote stays in order. */
  readonly isStream: boolean;
  /** Log groups to leave out: those of whom the destination calls, so that nothing can ever go round in a circle. */
  readonly except: readonly string[];
}

/**
 * Sends the audit logs of all clusters of an account and region, those that are yet to be made among them. It reads all log groups, since
 * CloudWatch Logs can only leave some out by name, but the pattern lets nothing but audit events pass. An account and region have room for one.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutAccountPolicy.html
 */
export class AccountSubscription extends Construct {
  constructor(scope: Construct, id: string, { destinationArn, roleArn, isStream, except }: AccountSubscriptionProps) {
    super(scope, id);
    const stack = Stack.of(this);
    new CfnAccountPolicy(this, 'Policy', {
      policyName: filterNameFor(stack.region),
      policyType: 'SUBSCRIPTION_FILTER_POLICY',
      scope: 'ALL',
      policyDocument: stack.toJsonString({ DestinationArn: destinationArn, ...(roleArn === undefined ? {} : { RoleArn: roleArn }), FilterPattern: filterPattern, Distribution: isStream ? 'ByLogStream' : 'Random' }),
      ...(except.length === 0 ? {} : { selectionCriteria: `LogGroupName NOT IN ${stack.toJsonString(except)}` }),
    });
  }
}
