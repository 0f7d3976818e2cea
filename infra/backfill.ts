import { Duration, Stack, Validations } from 'aws-cdk-lib';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { auditLogGroup, everyCluster } from '../lambdas/cluster-names.ts';
import { backfillEnvironment, type WrittenBackfillScope } from '../lambdas/backfill-scope.ts';
import { environment } from '../lambdas/tables.ts';
import { BundledFunction, type SharedFunctionProps } from './bundled-function.ts';
import { historyRoleName, historyRoleVariable } from '../lambdas/history-role.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { fixedRoleArn, fixedRoleName } from './fixed-name.ts';
import { allow, allowKeyThrough, arnInFindings, toSend } from './permissions.ts';
import type { Senders } from './senders.ts';
import type { Tables } from './tables.ts';

/** What the backfill function works on. */
export interface BackfillProps extends SharedFunctionProps {
  /** Names of EKS clusters in the stack's account and region, or `everyCluster`. */
  readonly clusters: readonly string[];
  /** Who sends the logs of clusters elsewhere, whose history is learned too. */
  readonly senders: Senders | undefined;
  /** So far back their history is learned. */
  readonly history: Duration;
  readonly tables: Tables;
  /** Sees when a cluster's first events come. */
  readonly ingest: BundledFunction;
}

/** Learns the history of each cluster that nothing is known of, by a chain of calls: each ends by asking for the next. */
export class Backfill extends Construct {
  readonly handler: BundledFunction;
  /** Its messages name clusters whose history is to be gone on with. */
  readonly queue: Queue;
  /** Messages with which the function failed each time. */
  readonly failedLearnings: DeadLetterQueue;

  /** The ARN of the role by which it reads the logs of those who send, which lets it do so by name; without senders none. */
  readonly readerArn: string | undefined;

  constructor(scope: Construct, id: string, { clusters, senders, history, tables, ingest, ...shared }: BackfillProps) {
    super(scope, id);
    const { encryptionKey } = shared;
    this.failedLearnings = new DeadLetterQueue(this, 'FailedLearnings', shared);
    const queue = (this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: encryptionKey,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      // Six times as long as a call may take, as Lambda asks for.
      visibilityTimeout: Duration.minutes(90),
      deadLetterQueue: { queue: this.failedLearnings, maxReceiveCount: 3 },
    }));
    this.handler = new BundledFunction(this, 'Handler', {
      ...shared,
      entry: 'backfill',
      description: 'Tidemark: learns what a cluster did before it was watched',
      // One whole processor: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
      memorySize: 1769,
      timeout: Duration.minutes(15),
      environment: {
        [environment.stateTable]: tables.state.tableName,
        [environment.findingsTable]: tables.findings.tableName,
        [backfillEnvironment.queue]: queue.queueUrl,
        ...(senders ? { [historyRoleVariable]: this.#historyRole('{account}', '{region}') } : {}),
      },
      ...(senders ? { roleName: fixedRoleName(this) } : {}),
    });
    tables.grantState(this.handler.role);
    tables.grantPutFindings(this.handler.role);
    for (const cluster of clusters) this.#allowToRead(cluster);
    if (senders) this.#allowToReadElsewhere(senders);
    this.readerArn = senders && fixedRoleArn(this);
    allow(this.handler.role, ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], [queue.queueArn]);
    for (const { role } of [this.handler, ingest]) allow(role, ['sqs:SendMessage'], [queue.queueArn]);
    // Ingest may use the key through SQS already, for its dead letters.
    allowKeyThrough('sqs', this.handler.role, toSend, encryptionKey);
    ingest.function.addEnvironment(backfillEnvironment.queue, queue.queueUrl);
    ingest.function.addEnvironment(backfillEnvironment.scope, Stack.of(this).toJsonString({ clusters: [...clusters], ...(senders ? { elsewhere: true } : {}), historyMs: history.toMilliseconds() } satisfies WrittenBackfillScope));
    // Few at a time: those at home share one quota of CloudWatch Logs; each account and region that sends has its own.
    new EventSourceMapping(this, 'Mapping', { target: this.handler.function, eventSourceArn: queue.queueArn, batchSize: 1, maxConcurrency: senders ? 5 : 2 });
  }

  #historyRole(account: string, region: string): string {
    return `arn:${Stack.of(this).partition}:iam::${account}:role/${historyRoleName(region)}`;
  }

  /** Each account that sends has such a role for each region, which trusts this function alone and lets it read audit logs alone. */
  #allowToReadElsewhere({ accounts = [], organization }: Senders): void {
    const of = organization === undefined ? accounts : ['*'];
    allow(this.handler.role, ['sts:AssumeRole'], of.map((account) => this.#historyRole(account, '*')));
    for (const account of of) {
      const arn = arnInFindings(Stack.of(this), 'iam', `role/${historyRoleName('*')}`, { region: '', account });
      Validations.of(this.handler.role).acknowledge({ id: `AwsSolutions-IAM5[Resource::${arn}]`, reason: 'One role for each region of an account that sends; which accounts an organization has is not known here. Each role says itself whom it trusts.' });
    }
  }

  #allowToRead(cluster: string): void {
    const logGroupName = auditLogGroup(cluster);
    const { logGroupArn } = LogGroup.fromLogGroupName(this, `Logs-${logGroupName}`, logGroupName);
    allow(this.handler.role, ['logs:FilterLogEvents'], [logGroupArn]);
    const arn = arnInFindings(Stack.of(this), 'logs', `log-group:${logGroupName}:*`);
    const reason = cluster === everyCluster ? 'Every cluster is read, those that are yet to be made among them.' : 'The ARN of a log group ends so in a policy: it is one log group.';
    Validations.of(this.handler.role).acknowledge({ id: `AwsSolutions-IAM5[Resource::${arn}]`, reason });
  }
}
