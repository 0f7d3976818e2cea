import { Stack, type StackProps } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnDestination } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { CallForwarding } from './call-forwarding.ts';
import { sendersAsPrincipals } from './senders.ts';
import type { Tidemark } from './tidemark.ts';

/** Of which deployment it is a destination. */
export interface DestinationStackProps extends StackProps {
  readonly env: { readonly account: string; readonly region: string };
  readonly tidemark: Tidemark;
}

/**
 * The way into a deployment for the audit logs of one region: a destination of CloudWatch Logs, in the deployment's account. A log group and its
 * destination must be in the same region; the stream behind the destination need not be.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CreateSubscriptionFilter-Account.html
 */
export class DestinationStack extends Stack {
  /** @throws {Error} when the deployment takes no logs from elsewhere. */
  constructor(scope: Construct, id: string, { tidemark, ...props }: DestinationStackProps) {
    super(scope, id, { description: 'Tidemark: takes in the audit logs of clusters of other accounts in this region', ...props });
    const { elsewhere } = tidemark.ingest;
    if (!elsewhere) throw new Error(`${tidemark.node.path} has no senders: name them, or make no destination`);
    const { senders, stream, destinationName } = elsewhere;
    const [home, named] = [Stack.of(tidemark), stream.namedArns()];
    this.addStackDependency(home);
    const arn = `arn:${this.partition}:logs:${this.region}:${this.account}:destination:${destinationName}`;
    const statements = sendersAsPrincipals(senders).map((whom) => new PolicyStatement({ ...whom, actions: ['logs:PutAccountPolicy', 'logs:PutSubscriptionFilter'], resources: [arn] }));
    new CfnDestination(this, 'Destination', {
      destinationName,
      targetArn: named.stream,
      roleArn: named.writer,
      destinationPolicy: this.toJsonString(new PolicyDocument({ statements }).toJSON()),
    });
    // At home the deployment's own rule sees what is done to it.
    const busName = tidemark.watch?.busName;
    if (this.region !== home.region && busName !== undefined) new CallForwarding(this, 'Calls', { home, busName });
  }
}
