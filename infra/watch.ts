import { CfnResource, Duration, Names, Stack } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { EventBus, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { everyCluster } from '../lambdas/cluster-names.ts';
import { isLogGroup, type FlowLogSource, type ResolverLogSource } from '../lambdas/flow-sources.ts';
import { environment, stateKeys } from '../lambdas/tables.ts';
import { canaryCluster, usualCanaryMs, watchEnvironment, type DeployedScope } from '../lambdas/watch-scope.ts';
import { BundledFunction, type SharedFunctionProps } from './bundled-function.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import type { Age } from './fault-alarms.ts';
import { elsewhereServices, sendersAsPrincipals, type Senders } from './senders.ts';
import type { Tables } from './tables.ts';
import { watchedPattern } from './watched-pattern.ts';

/** What the watch function watches. */
export interface WatchProps extends SharedFunctionProps {
  readonly encryptionKey: Key;
  readonly clusters: readonly string[];
  /** Who sends the logs of clusters elsewhere, and forwards calls of AWS there. */
  readonly senders: Senders | undefined;
  /** Whether clusters are watched that are not named. */
  readonly discovers: boolean;
  /** The name of the destinations to which they send. */
  readonly destinationName: string | undefined;
  /** Logs of networks that are taken in. */
  readonly sources: readonly (FlowLogSource | ResolverLogSource)[];
  /** So long a cluster's log may be silent. */
  readonly usualSilence: Duration;
  readonly tables: Tables;
  /** Takes in canaries. */
  readonly ingest: BundledFunction;
}

interface RuleNames extends Readonly<Record<string, string>> {
  readonly schedule: string;
  readonly calls: string;
  readonly canary: string;
}

/**
 * Watches over what Tidemark sees with: calls of AWS that take it away, logs that fall silent, and canaries that do not come through.
 * It is made last, so that it knows
 * all that was made before it in the same construct.
 */
export class Watch extends Construct {
  readonly handler: BundledFunction;
  /** Events that could not be read, or with which the function failed each time. */
  readonly failedEvents: DeadLetterQueue;
  /** How long ago a canary last came through. */
  readonly canaryAge: Age;
  /** The name of the event bus that takes calls elsewhere, where there are senders. */
  readonly busName: string | undefined;

  constructor(scope: Construct, id: string, { tables, ingest, clusters, senders, discovers, destinationName, sources, usualSilence, ...shared }: WatchProps) {
    super(scope, id);
    this.failedEvents = new DeadLetterQueue(this, 'FailedEvents', shared);
    this.busName = senders ? Names.uniqueResourceName(this, { maxLength: 100, separator: '-' }) : undefined;
    // The rules name the function, so the function's environment can name them only by names that are known before.
    const start = Names.uniqueResourceName(this, { maxLength: 50, separator: '-' });
    const ruleNames: RuleNames = { schedule: `${start}-Schedule`, calls: `${start}-Calls`, canary: `${start}-Canary` };
    this.handler = new BundledFunction(this, 'Handler', {
      ...shared,
      entry: 'watch',
      description: 'Tidemark: tells who takes away what it sees with, and which log fell silent',
      memorySize: 256,
      timeout: Duration.minutes(1),
      environment: {
        [environment.stateTable]: tables.state.tableName,
        [environment.findingsTable]: tables.findings.tableName,
        [environment.deadLetters]: this.failedEvents.queueUrl,
        [watchEnvironment.silence]: String(usualSilence.toMilliseconds()),
        [watchEnvironment.scope]: Stack.of(this).toJsonString({
          home: { account: Stack.of(this).account, region: Stack.of(this).region },
          discovers,
          clusters: clusters.filter((cluster) => cluster !== everyCluster),
          logGroups: [...new Set(sources.filter(isLogGroup).map(({ logGroupName }) => logGroupName))],
          traffic: sources.length > 0,
          own: [...ownNames(scope), ...Object.values(ruleNames), ...[destinationName, this.busName].flatMap((name) => name ?? [])],
          ownPrefix: `${Stack.of(this).stackName}-${logicalIdStart(scope)}`,
          stack: Stack.of(this).stackName,
        } satisfies DeployedScope),
      },
    });
    this.handler.function.configureAsyncInvoke({
      retryAttempts: 2,
      maxEventAge: Duration.hours(6),
      onFailure: { bind: () => ({ destination: this.failedEvents.queueArn }) },
    });
    tables.grantState(this.handler.role, stateKeys.watch);
    tables.grantPutFindings(this.handler.role);
    this.failedEvents.grantSend(this.handler.role);
    shared.encryptionKey.addToResourcePolicy(this.#keyForEvents());
    this.#call(ruleNames, ingest);
    if (senders && this.busName !== undefined) this.#takeCallsOf(senders, this.busName);
    this.canaryAge = {
      metric: new Metric({ namespace: 'Tidemark', metricName: 'SilentSeconds', dimensionsMap: { service: 'watch', cluster: canaryCluster } }),
      atMost: Duration.millis(usualCanaryMs),
      what: 'What is taken in no longer comes out as findings, or nobody looks whether it does.',
    };
  }

  #call(names: RuleNames, ingest: BundledFunction): void {
    new Rule(this, 'Schedule', { ruleName: names.schedule, description: 'Tidemark: look whether logs still speak', schedule: Schedule.rate(Duration.minutes(5)), targets: [this.#target()] });
    new Rule(this, 'Calls', { ruleName: names.calls, description: 'Tidemark: calls of AWS that take away what it sees with', eventPattern: watchedPattern(), targets: [this.#target()] });
    new Rule(this, 'Canary', { ruleName: names.canary, description: 'Tidemark: let a canary fly', schedule: Schedule.rate(Duration.minutes(15)), targets: [new LambdaFunction(ingest.function)] });
  }

  #target(): LambdaFunction {
    return new LambdaFunction(this.handler.function, { deadLetterQueue: this.failedEvents });
  }

  /** An event bus of its own, so that those who may put calls into it can reach nothing else of the account. */
  #takeCallsOf(senders: Senders, eventBusName: string): void {
    const bus = new EventBus(this, 'CallsElsewhere', { eventBusName, description: 'Tidemark: calls of AWS in accounts and regions that send it audit logs' });
    for (const [index, whom] of sendersAsPrincipals(senders).entries()) {
      bus.addToResourcePolicy(new PolicyStatement({ sid: `Senders${String(index)}`, ...whom, actions: ['events:PutEvents'], resources: [bus.eventBusArn] }));
    }
    new Rule(this, 'CallsElsewhereRule', { eventBus: bus, description: 'Tidemark: calls of AWS elsewhere that take away what it sees with', eventPattern: watchedPattern(elsewhereServices), targets: [this.#target()] });
  }

  /** For events that EventBridge cannot give to the function. */
  #keyForEvents(): PolicyStatement {
    return new PolicyStatement({
      sid: 'WatchEvents',
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: ['*'],
      conditions: { ArnLike: { 'aws:SourceArn': Stack.of(this).formatArn({ service: 'events', resource: 'rule', resourceName: '*' }) } },
    });
  }
}

/** What calls name a resource by, where CloudFormation may cut its name so that it no longer begins as others do. */
const nameAttributes: Readonly<Record<string, string | undefined>> = { 'AWS::SQS::Queue': 'QueueName' };
const named = ['AWS::Lambda::Function', 'AWS::Lambda::EventSourceMapping', 'AWS::Kinesis::Stream', 'AWS::KMS::Key', 'AWS::SQS::Queue'];

function ownNames(scope: Construct): string[] {
  const resources = scope.node.findAll().filter((one) => CfnResource.isCfnResource(one)).filter(({ cfnResourceType }) => named.includes(cfnResourceType));
  return resources.map((resource) => {
    const attribute = nameAttributes[resource.cfnResourceType];
    return attribute === undefined ? resource.ref : resource.getAtt(attribute).toString();
  });
}

/** What logical ids of a construct's resources begin with, and so their names after the stack's. */
function logicalIdStart(scope: Construct): string {
  return scope.node.scopes.slice(Stack.of(scope).node.scopes.length).map(({ node }) => node.id).join('').replace(/[^0-9A-Za-z]/g, '');
}
