import { Duration } from 'aws-cdk-lib';
import { AlarmStatusWidget, Dashboard as CloudWatchDashboard, GraphWidget, MathExpression, Metric, PeriodOverride, SingleValueWidget, TextWidget, type IAlarm, type IMetric, type IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import { Construct } from 'constructs';
import { findingsTable } from '../lambdas/tables.ts';
import type { BundledFunction } from './bundled-function.ts';
import type { DeadLetterQueue } from './dead-letter-queue.ts';
import { sentSeverities } from './findings-topic.ts';
import { prices } from './prices.ts';
import type { Tables } from './tables.ts';

/** What there is to show. */
export interface DashboardProps {
  /** By the names that their alarms have. */
  readonly queues: Readonly<Record<string, DeadLetterQueue>>;
  /** By the names that their alarms begin with. */
  readonly functions: Readonly<Record<string, BundledFunction>>;
  readonly alarms: readonly IAlarm[];
  readonly tables: Tables;
  /** Those that audit logs come through. */
  readonly streams: readonly IStream[];
}

const minutes = Duration.minutes(5);
const hour = Duration.hours(1);
const day = Duration.days(1);
const daysOfMonth = 365 / 12;
const height = 6;
/** Of the 24 that a row has. */
const third = 8;
/** Metrics that functions send whenever they are called; docs/deploy.md counts them. */
const paidMetrics = 10;
const paidFlowMetrics = 5;

/** One page that says how Tidemark is: what comes in, how late, what it finds, what is stuck, and what it costs. */
export class Dashboard extends Construct {
  readonly #props: DashboardProps;
  readonly #takesFlows: boolean;

  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    this.#props = props;
    this.#takesFlows = 'Flows' in props.functions;
    const dashboard = new CloudWatchDashboard(this, 'Dashboard', { defaultInterval: day, periodOverride: PeriodOverride.INHERIT });
    dashboard.addWidgets(new AlarmStatusWidget({ title: 'Alarms: docs/run-books has a page for each', alarms: [...props.alarms], width: 24, height: 4 }));
    dashboard.addWidgets(this.#events(), this.#lag(), this.#identities());
    dashboard.addWidgets(this.#findings(), this.#deadLetters(), this.#failures());
    if (props.streams.length > 0) dashboard.addWidgets(this.#streamLag(props.functions), ...this.#streamThroughput(props.streams));
    dashboard.addWidgets(this.#writeUnits(), this.#writesByEvent(), this.#cost());
    dashboard.addWidgets(new TextWidget({ markdown: costNote, width: 24, height: 3 }));
  }

  #events(): IWidget {
    const flows = this.#takesFlows ? ['FlowRecords', 'LookUps'].map((name) => own('flows', name)) : [];
    return graph('Events', [own('ingest', 'Records'), own('ingest', 'Requests'), ...flows], [own('ingest', 'Malformed')]);
  }

  #lag(): IWidget {
    const lag = (statistic: string, label: string) => own('ingest', 'EventLag', { statistic, label });
    return graph('Lag from event to score (ms)', [lag('p50', 'half are below'), lag('p99', '99 in 100 are below'), lag('Maximum', 'longest')]);
  }

  #identities(): IWidget {
    return graph('Identities in a delivery', [own('ingest', 'Identities', { statistic: 'Average', label: 'on average' }), own('ingest', 'Identities', { statistic: 'Maximum', label: 'at most' })]);
  }

  #findings(): IWidget {
    const metrics = ['low', ...sentSeverities].map((severity) => own('notify', 'FindingsRaised', { label: severity, period: hour, dimensionsMap: { service: 'notify', severity } }));
    return new GraphWidget({ title: 'Findings by severity, as each was reached', left: metrics, right: [own('notify', 'Notifications', { period: hour })], stacked: true, width: third, height });
  }

  #deadLetters(): IWidget {
    const waiting = Object.entries(this.#props.queues).map(([label, queue]) => queue.metricApproximateNumberOfMessagesVisible({ label, statistic: 'Maximum', period: minutes }));
    return graph('Dead letters that wait', waiting);
  }

  #failures(): IWidget {
    const functions = Object.entries(this.#props.functions);
    return graph('Failed and throttled calls', functions.map(([label, { function: handler }]) => handler.metricErrors({ label, period: minutes })), functions.map(([label, { function: handler }]) => handler.metricThrottles({ label: `${label} throttled`, period: minutes })));
  }

  #streamLag({ Ingest: ingest }: DashboardProps['functions']): IWidget {
    return graph('How long deliveries wait in the stream (ms)', ingest ? [ingest.function.metric('IteratorAge', { label: 'longest', statistic: 'Maximum', period: minutes })] : []);
  }

  #streamThroughput(streams: readonly IStream[]): IWidget[] {
    const of = (name: string, index: number): string => (streams.length === 1 ? name : `${name}, stream ${String(index + 1)}`);
    const bytes = graph('Bytes through the stream', streams.flatMap((stream, index) => [stream.metricIncomingBytes({ label: of('in', index), statistic: 'Sum', period: minutes }), stream.metricGetRecordsBytes({ label: of('out', index), statistic: 'Sum', period: minutes })]));
    const refused = streams.flatMap((stream, index) => ['WriteProvisionedThroughputExceeded', 'ReadProvisionedThroughputExceeded'].map((name) => stream.metric(name, { ...(streams.length === 1 ? {} : { label: of(name, index) }), statistic: 'Sum', period: minutes })));
    return [bytes, graph('What the stream refused for a while', refused)];
  }

  #writeUnits(): IWidget {
    const units = this.#unitsOf('Write', minutes);
    return graph('Write units', [sum(['state'], units, 'state', minutes), sum(Object.keys(units).filter((name) => name !== 'state'), units, 'findings and their indexes', minutes)]);
  }

  #writesByEvent(): IWidget {
    const units = this.#unitsOf('Write', hour);
    const events = { records: own('ingest', 'Records', { period: hour }), ...(this.#takesFlows ? { flowRecords: own('flows', 'FlowRecords', { period: hour }), lookUps: own('flows', 'LookUps', { period: hour }) } : {}) };
    const expression = `(${filled(Object.keys(units))}) / (${filled(Object.keys(events))})`;
    return graph('Write units per event', [new MathExpression({ expression, usingMetrics: { ...units, ...events }, label: 'write units per event', period: hour })]);
  }

  #cost(): IWidget {
    const functions = Object.entries(this.#props.functions).map(([name, one]) => [name.toLowerCase(), one] as const);
    const terms = functions.flatMap(([name, { memorySize }]) => [
      `FILL(${name}Ms, 0) * ${decimal((memorySize / 1024 / 1000) * prices.lambdaGbSecond)}`,
      `FILL(${name}Calls, 0) * ${decimal(prices.lambdaCall)}`,
      `FILL(${name}Log, 0) * ${decimal(prices.logGb / 1e9)}`,
    ]);
    const metrics = Object.fromEntries(functions.flatMap(([name, { function: handler, logGroup }]) => [
      [`${name}Ms`, handler.metricDuration({ statistic: 'Sum', period: day })],
      [`${name}Calls`, handler.metricInvocations({ period: day })],
      [`${name}Log`, new Metric({ namespace: 'AWS/Logs', metricName: 'IncomingBytes', dimensionsMap: { LogGroupName: logGroup.logGroupName }, statistic: 'Sum', period: day })],
    ]));
    const [writes, reads] = [this.#unitsOf('Write', day), this.#unitsOf('Read', day, 'read')];
    const units = [`(${filled(Object.keys(writes))}) * ${decimal(prices.writeUnit)}`, `(${filled(Object.keys(reads))}) * ${decimal(prices.readUnit)}`];
    const streamed = Object.fromEntries(this.#props.streams.map((stream, index) => [`streamBytes${index === 0 ? '' : String(index + 1)}`, stream.metricIncomingBytes({ statistic: 'Sum', period: day })]));
    for (const name of Object.keys(streamed)) terms.push(`FILL(${name}, 0) * ${decimal(prices.streamGb / 1e9)}`);
    const expression = [(this.monthlyFixed / daysOfMonth).toFixed(4), ...terms, ...units].join(' + ');
    return new SingleValueWidget({ title: 'Estimated cost of a day (US dollars, list prices)', metrics: [new MathExpression({ expression, usingMetrics: { ...metrics, ...streamed, ...writes, ...reads }, label: 'US dollars a day', period: day })], sparkline: true, width: third, height });
  }

  /** What is paid each month whatever comes, in US dollars: key, alarms, metrics, this page and the streams. */
  get monthlyFixed(): number {
    return prices.key + this.#props.alarms.length * prices.alarm + (paidMetrics + (this.#takesFlows ? paidFlowMetrics : 0)) * prices.metric + prices.dashboard + this.#props.streams.length * prices.streamHour * 24 * daysOfMonth;
  }

  /** Of both tables and of each index of findings, which is paid as a table is. */
  #unitsOf(kind: 'Read' | 'Write', period: Duration, prefix = ''): Record<string, Metric> {
    const { state, findings } = this.#props.tables;
    const of = (dimensionsMap: Record<string, string>) => new Metric({ namespace: 'AWS/DynamoDB', metricName: `Consumed${kind}CapacityUnits`, dimensionsMap, statistic: 'Sum', period });
    const indexes = findingsTable.indexes.map(({ name }, index) => [`${prefix}${prefix === '' ? 'index' : 'Index'}${String(index)}`, of({ TableName: findings.tableName, GlobalSecondaryIndexName: name })] as const);
    const named = (name: string) => (prefix === '' ? name : `${prefix}${name.charAt(0).toUpperCase()}${name.slice(1)}`);
    return { [named('state')]: of({ TableName: state.tableName }), [named('findings')]: of({ TableName: findings.tableName }), ...Object.fromEntries(indexes) };
  }
}

const costNote = 'The cost is an **estimate**: key, alarms, metrics and this page, the functions\' time and logs, and the tables\' reads and writes, at list prices of us-east-1 without free tiers (docs/deploy.md). The tables\' storage, mails, traces and the cluster\'s own logs are not in it.';

/** A metric of the functions' own. */
function own(service: string, metricName: string, given: Partial<ConstructorParameters<typeof Metric>[0]> = {}): Metric {
  return new Metric({ namespace: 'Tidemark', metricName, dimensionsMap: { service }, statistic: 'Sum', period: minutes, ...given });
}

function graph(title: string, left: IMetric[], right: IMetric[] = []): GraphWidget {
  return new GraphWidget({ title, left, right, width: third, height });
}

/** A number as metric math takes it for certain: without an exponent. */
function decimal(value: number): string {
  return value.toFixed(15).replace(/0+$/, '');
}

/** A sum in CloudWatch's metric math; what sends nothing counts as nothing. */
function filled(names: readonly string[]): string {
  return names.map((name) => `FILL(${name}, 0)`).join(' + ');
}

function sum(names: readonly string[], metrics: Readonly<Record<string, IMetric>>, label: string, period: Duration): MathExpression {
  const usingMetrics = Object.fromEntries(names.flatMap((name) => { const metric = metrics[name]; return metric ? [[name, metric]] : []; }));
  return new MathExpression({ expression: filled(names), usingMetrics, label, period });
}
