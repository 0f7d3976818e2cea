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

/** What must not be long ago. */
export interface Age {
  /** In seconds. */
  readonly metric: Metric;
  readonly atMost: Duration;
  /** What it means when it is. */
  readonly what: string;
}

/** What to watch. */
export interface FaultAlarmsProps {
  /** By what the alarm is to be called; an alarm is on while a message waits. */
  readonly queues: Readonly<Record<string, DeadLetterQueue>>;
  /** By what the alarm is to be called; an alarm is on while calls fail. */
  readonly functions: Readonly<Record<string, BundledFunction>>;
  /** By what the alarm is to be called: how many seconds ago something was last well; an alarm is on while it is too long, or nobody says. */
  readonly ages: Readonly<Record<string, Age>>;
  /** Is told when an alarm goes on or off. */
  readonly topic: ITopic | undefined;
}

/** Alarms on faults of Tidemark itself. */
export class FaultAlarms extends Construct {
  readonly #topic: ITopic | undefined;

  constructor(scope: Construct, id: string, { queues, functions, ages, topic }: FaultAlarmsProps) {
    super(scope, id);
    this.#topic = topic;
    for (const [name, queue] of Object.entries(queues)) {
      this.#watch(name, queue.metricApproximateNumberOfMessagesVisible({ period, statistic: 'Maximum' }), 'Messages wait in a dead-letter queue.');
    }
    for (const [name, { function: handler }] of Object.entries(functions)) {
      this.#watch(`${name}Errors`, handler.metricErrors({ period }), 'Calls of the function fail.');
      this.#watch(`${name}LostFailures`, handler.metric('DestinationDeliveryFailures', { period, statistic: 'Sum' }), 'A failed call could not be put into its dead-letter queue, so it is lost.');
    }
    for (const [name, { metric, atMost, what }] of Object.entries(ages)) {
      this.#watch(name, metric.with({ period, statistic: 'Maximum' }), what, { ...whileTooLong, threshold: atMost.toSeconds() });
    }
  }

  #watch(id: string, metric: Metric, what: string, differently: Partial<AlarmProps> = {}): void {
    const alarm = new Alarm(this, id, {
      alarmDescription: `Tidemark: ${what} docs/deploy.md says what to do.`,
      metric,
      threshold: 1,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      ...differently,
    });
    if (!this.#topic) return;
    alarm.addAlarmAction(new SnsAction(this.#topic));
    alarm.addOkAction(new SnsAction(this.#topic));
  }
}
