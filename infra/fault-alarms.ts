import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData, type AlarmProps, type Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { BundledFunction } from './bundled-function.ts';
import type { DeadLetterQueue } from './dead-letter-queue.ts';

const period = Duration.minutes(5);

/** Three times in a row, since somebody may say it late once. */
const whileTooLong = { comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD, evaluationPeriods: 3, treatMissingData: TreatMissingData.BREACHING };

/** What to do first, by the alarm's name; its page in docs/run-books/ has the rest. */
const firstSteps: Readonly<Record<string, string>> = {
  MalformedRecords: 'Read the reasons in the queue; a sound record is a fault of Tidemark, to be reported.',
  FailedDeliveries: "Read ingest's log, remove the cause, and give the deliveries again within 14 days.",
  MalformedFlowRecords: "If it is all lines, set flowLogFormat to the flow log's own format and deploy.",
  FailedFlowDeliveries: "Read flows' log, remove the cause, and give the deliveries again within 14 days.",
  FailedFlowFiles: "Read flows' log, remove the cause, and give the messages again within 14 days.",
  FailedNotifications: 'Read the findings of the last hours in the table: nobody was mailed about them.',
  UndeliveredMail: 'Read the finding in the message and mend the address it was for.',
  FailedWatchEvents: "Read who called what in the queue, judge it, then read watch's log and give the events again.",
  FailedLearnings: "Read the problem in backfill's log, remove it, and have the learning go on by a message.",
  IngestErrors: "If it goes on, read the errors' names in ingest's log; nothing is lost yet.",
  NotifyErrors: "If it goes on, read the errors' names in notify's log, and meanwhile the findings in the table.",
  FlowsErrors: "If it goes on, read the errors' names in flows' log; nothing is lost yet.",
  BackfillErrors: "If it goes on, read the errors' names in backfill's log; what is not scored meanwhile stays in the log group.",
  WatchErrors: "If it goes on, read the errors' names in watch's log, and meanwhile CloudTrail.",
  IngestLostFailures: 'See that the queue and the key are there, and replay the log groups of that time.',
  NotifyLostFailures: 'See that the queue and the key are there, and read the findings of that time in the table.',
  FlowsLostFailures: 'See that the queue and the key are there, and replay the logs of that time.',
  WatchLostFailures: 'See that the queue and the key are there, and read what CloudTrail has of that time.',
  StreamLag: "Read the errors' names in ingest's log and whether it is throttled; nothing is lost while the stream keeps it.",
  CanaryLost: 'See which other alarm is on, and whether the canary is in the findings table: that says where it stops.',
};

/** What must not be long ago. */
export interface Age {
  /** In seconds. */
  readonly metric: Metric;
  readonly atMost: Duration;
  /** What it means when it is. */
  readonly what: string;
}

/** How late something comes. */
export interface Lag {
  /** In milliseconds; nothing comes late while nobody says. */
  readonly metric: Metric;
  readonly atMost: Duration;
  /** What it means when it is later. */
  readonly what: string;
}

/** What to watch. */
export interface FaultAlarmsProps {
  /** By what the alarm is to be called; an alarm is on while a message waits. */
  readonly queues: Readonly<Record<string, DeadLetterQueue>>;
  /** By what the alarm is to be called; an alarm is on while calls fail. */
  readonly functions: Readonly<Record<string, BundledFunction>>;
  /** As `functions`; what they fail with stays in their queue, so it cannot be lost. */
  readonly fedByQueues: Readonly<Record<string, BundledFunction>>;
  /** By what the alarm is to be called: how many seconds ago something was last well; an alarm is on while it is too long, or nobody says. */
  readonly ages: Readonly<Record<string, Age>>;
  /** By what the alarm is to be called; an alarm is on while it is too late, three times in a row. */
  readonly lags: Readonly<Record<string, Lag>>;
  /** Is told when an alarm goes on or off. */
  readonly topic: ITopic | undefined;
}

/** Alarms on faults of Tidemark itself. */
export class FaultAlarms extends Construct {
  readonly alarms: Alarm[] = [];
  readonly #topic: ITopic | undefined;

  constructor(scope: Construct, id: string, { queues, functions, fedByQueues, ages, lags, topic }: FaultAlarmsProps) {
    super(scope, id);
    this.#topic = topic;
    for (const [name, queue] of Object.entries(queues)) {
      this.#watch(name, queue.metricApproximateNumberOfMessagesVisible({ period, statistic: 'Maximum' }), 'Messages wait in a dead-letter queue.');
    }
    for (const [name, { function: handler }] of Object.entries({ ...functions, ...fedByQueues })) this.#watch(`${name}Errors`, handler.metricErrors({ period }), 'Calls of the function fail.');
    for (const [name, { function: handler }] of Object.entries(functions)) {
      this.#watch(`${name}LostFailures`, handler.metric('DestinationDeliveryFailures', { period, statistic: 'Sum' }), 'A failed call could not be put into its dead-letter queue, so it is lost.');
    }
    for (const [name, { metric, atMost, what }] of Object.entries(ages)) {
      this.#watch(name, metric.with({ period, statistic: 'Maximum' }), what, { ...whileTooLong, threshold: atMost.toSeconds() });
    }
    for (const [name, { metric, atMost, what }] of Object.entries(lags)) {
      this.#watch(name, metric.with({ period, statistic: 'Maximum' }), what, { ...whileTooLong, treatMissingData: TreatMissingData.NOT_BREACHING, threshold: atMost.toMilliseconds() });
    }
  }

  #watch(id: string, metric: Metric, what: string, differently: Partial<AlarmProps> = {}): void {
    const alarm = new Alarm(this, id, {
      alarmDescription: [`Tidemark: ${what}`, firstSteps[id], `docs/run-books/${id}.md says more.`].filter((sentence) => sentence !== undefined).join(' '),
      metric,
      threshold: 1,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      ...differently,
    });
    this.alarms.push(alarm);
    if (!this.#topic) return;
    alarm.addAlarmAction(new SnsAction(this.#topic));
    alarm.addOkAction(new SnsAction(this.#topic));
  }
}
