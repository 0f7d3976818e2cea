import { BootstraplessSynthesizer, Stack, Validations, type IStackSynthesizer, type StackProps } from 'aws-cdk-lib';
import { AccountPrincipal, PrincipalWithConditions, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSubscriptionFilter } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { filterPattern } from '../lambdas/filter-pattern.ts';
import { auditLogGroup, everyCluster, filterNameFor, type Home } from '../lambdas/cluster-names.ts';
import { historyRoleName } from '../lambdas/history-role.ts';
import { AccountSubscription } from './account-subscription.ts';
import { CallForwarding } from './call-forwarding.ts';
import { allow, arnInFindings } from './permissions.ts';
import type { Senders } from './senders.ts';

/** What is sent to whom. */
export interface SenderStackProps extends StackProps {
  /** Where the deployment is. */
  readonly home: Home;
  /** The name of its destinations. */
  readonly destinationName: string;
  readonly senders: Senders;
  /** Names of the clusters whose logs are sent; `['*']` is every one of the account and region, those that are yet to be made among them. */
  readonly clusters: readonly string[];
  /** The name of its event bus, to which calls of AWS are forwarded that take away what is seen; without it none are. */
  readonly busName: string | undefined;
  /** The ARN of the role by which it learns what clusters did before they were watched; without it their history is not read. */
  readonly historyReader: string | undefined;
}

/**
 * Sends the audit logs of an account and region to a deployment elsewhere. Its template holds no account and no region but the deployment's, no asset
 * and no name that could clash with that of another region, so that the same template works in all accounts and regions, by a StackSet too.
 */
export class SenderStack extends Stack {
  constructor(scope: Construct, id: string, { home, destinationName, senders, clusters, busName, historyReader, ...props }: SenderStackProps) {
    super(scope, id, { description: 'Tidemark: sends the audit logs of the clusters of this account and region to where they are watched', synthesizer: new BootstraplessSynthesizer() as IStackSynthesizer, ...props });
    const destinationArn = `arn:${this.partition}:logs:${this.region}:${home.account}:destination:${destinationName}`;
    const role = senders.organization === undefined ? undefined : this.#createRole();
    for (const cluster of clusters) {
      const filter = cluster === everyCluster ? this.#sendAll(destinationArn, role) : this.#send(cluster, destinationArn, role);
      if (role) filter.node.addDependency(role);
    }
    if (historyReader !== undefined) this.#letRead(clusters, home, historyReader);
    if (busName !== undefined) new CallForwarding(this, 'Calls', { home, busName });
  }

  /**
   * Lets the deployment read what these clusters' audit logs hold, and nothing else. A principal must exist where it is named, and its name may
   * not be that of another that was made anew; so the account is named, and the role on condition.
   * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
   */
  #letRead(clusters: readonly string[], home: Home, historyReader: string): void {
    const { account, partition, region } = this;
    const assumedBy = new PrincipalWithConditions(new AccountPrincipal(home.account), { ArnEquals: { 'aws:PrincipalArn': historyReader } });
    const role = new Role(this, 'History', { roleName: historyRoleName(region), description: 'Lets Tidemark read what audit logs of EKS hold of the time before it watched', assumedBy });
    const logGroups = clusters.map((cluster) => `log-group:${auditLogGroup(cluster)}:*`);
    allow(role, ['logs:FilterLogEvents'], logGroups.map((name) => `arn:${partition}:logs:${region}:${account}:${name}`));
    for (const name of logGroups) Validations.of(role).acknowledge({ id: `AwsSolutions-IAM5[Resource::${arnInFindings(this, 'logs', name)}]`, reason: 'The ARN of a log group ends so in a policy; where every cluster is sent, those that are yet to be made are read too.' });
  }

  #sendAll(destinationArn: string, role: Role | undefined): Construct {
    return new AccountSubscription(this, 'Clusters', { destinationArn, roleArn: role?.roleArn, isStream: true, except: [] });
  }

  #send(cluster: string, destinationArn: string, role: Role | undefined): Construct {
    return new CfnSubscriptionFilter(this, `Cluster-${cluster}`, {
      filterName: filterNameFor(this.region),
      logGroupName: auditLogGroup(cluster),
      filterPattern,
      destinationArn,
      distribution: 'ByLogStream',
      ...(role ? { roleArn: role.roleArn } : {}),
    });
  }

  /**
   * By it CloudWatch Logs asks whether this account is of the organization that the destination lets in. Who makes a filter with it must be
   * allowed to pass it, so nobody of another account can.
   * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CreateSubscriptionFilter-IAMrole.html
   */
  #createRole(): Role {
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('logs.amazonaws.com') });
    allow(role, ['logs:PutLogEvents'], [`arn:${this.partition}:logs:${this.region}:${this.account}:log-group:*`]);
    Validations.of(role).acknowledge({ id: `AwsSolutions-IAM5[Resource::${arnInFindings(this, 'logs', 'log-group:*')}]`, reason: 'CloudWatch Logs asks for it on the log groups that the subscription reads, and those of clusters are yet to be made.' });
    return role;
  }
}
