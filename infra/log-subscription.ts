import { Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Distribution, LogGroup, SubscriptionFilter, type CfnSubscriptionFilter, type ILogGroup, type ILogSubscriptionDestination } from 'aws-cdk-lib/aws-logs';
import { LambdaDestination } from 'aws-cdk-lib/aws-logs-destinations';
import { Construct } from 'constructs';
import { LogStream } from './log-stream.ts';

/** What to send where. */
export interface LogSubscriptionProps {
  /** A log group of this account and region. */
  readonly logGroupName: string;
  /** In CloudWatch Logs' pattern language; the empty pattern lets all pass. */
  readonly pattern: string;
  readonly destination: IFunction | LogStream;
}

/**
 * Sends what is written to a log group to a function or a stream, without what the pattern drops. The filter is the same resource in both
 * cases, so that it is changed in place: a log group has room for two.
 */
export class LogSubscription extends Construct {
  readonly #logGroup: ILogGroup;
  readonly #pattern: string;

  constructor(scope: Construct, id: string, { logGroupName, pattern, destination }: LogSubscriptionProps) {
    super(scope, id);
    this.#logGroup = LogGroup.fromLogGroupName(this, 'Logs', logGroupName);
    this.#pattern = pattern;
    if (destination instanceof LogStream) this.#sendToStream(destination);
    else this.#call(destination);
  }

  #call(destination: IFunction): void {
    destination.addPermission('Permission', {
      scope: this,
      principal: new ServicePrincipal('logs.amazonaws.com'),
      sourceArn: this.#logGroup.logGroupArn,
      sourceAccount: Stack.of(this).account,
    });
    const filter = this.#createFilter(new LambdaDestination(destination, { addPermissions: false }));
    // CloudWatch Logs calls the function once to see whether it may, before it takes the filter.
    filter.node.addDependency(this.node.findChild('Permission'));
  }

  #sendToStream({ stream, writer }: LogStream): void {
    const filter = this.#createFilter({ bind: () => ({ arn: stream.streamArn, role: writer }) });
    // What one API server wrote stays in order, also when much has to be caught up with.
    (filter.node.defaultChild as CfnSubscriptionFilter).distribution = Distribution.BY_LOG_STREAM;
    // CloudWatch Logs puts a record once to see whether it may, before it takes the filter.
    filter.node.addDependency(writer);
  }

  #createFilter(destination: ILogSubscriptionDestination): SubscriptionFilter {
    return new SubscriptionFilter(this, 'Filter', { logGroup: this.#logGroup, destination, filterPattern: { logPatternString: this.#pattern } });
  }
}
