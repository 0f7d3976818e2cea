import { Stack } from 'aws-cdk-lib';
import { CfnRule, type EventPattern } from 'aws-cdk-lib/aws-events';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { filterNameFor, type Home } from '../lambdas/cluster-names.ts';
import { allow } from './permissions.ts';
import { elsewhereServices } from './senders.ts';
import { watchedPattern } from './watched-pattern.ts';

/** Where to forward to. */
export interface CallForwardingProps {
  /** Where the deployment is, and the name of its event bus. */
  readonly home: Home;
  readonly busName: string;
}

/**
 * Forwards watched calls of AWS that CloudTrail records here to the deployment's event bus, in another account or region.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
 */
export class CallForwarding extends Construct {
  constructor(scope: Construct, id: string, { home, busName }: CallForwardingProps) {
    super(scope, id);
    const { account, partition, region } = Stack.of(this);
    const eventBusArn = `arn:${partition}:events:${home.region}:${home.account}:event-bus/${busName}`;
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('events.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': account } } }) });
    allow(role, ['events:PutEvents'], [eventBusArn]);
    const rule = new CfnRule(this, 'Rule', {
      // By it the deployment knows it for its own.
      name: filterNameFor(region),
      description: 'Tidemark: calls of AWS that take away what it sees with',
      eventPattern: cfnPatternOf(watchedPattern(elsewhereServices)),
      targets: [{ id: 'Home', arn: eventBusArn, roleArn: role.roleArn }],
    });
    rule.node.addDependency(role);
  }
}

function cfnPatternOf({ source, detailType, detail }: EventPattern): object {
  return { source, 'detail-type': detailType, detail };
}
