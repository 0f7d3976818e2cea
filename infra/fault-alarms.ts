import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData, type AlarmProps, type Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { BundledFunction } from './bundled-function.ts';
import type { DeadLetterQueue } from './dead-letter-queue.ts';

const period = Duration.minutes(5);

/** Three times in a row, since a call may come late. */
const whileMissing = { comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD, evaluationPeriods: 3, treatMissingData: TreatMissingData.BREACHING };

/** What to watch. */
export interface FaultAlarmsProps {
  /** By what the alarm is to be called; an alarm is on while a message waits. */
  readonly queues: Readonly<Record<string, DeadLetterQueue>>;
  /** By what the alarm is to be called; an alarm is on while calls fail. */
  readonly functions: Readonly<Record<string, BundledFunction>>;
  /** By what the alarm is to be called: functions that are called every five minutes; an alarm is on while they are not. */
  readonly regular: Readonly<Record<string, BundledFunction>>;
  /** Is told when an alarm goes on or off. */
  readonly topic: ITopic | undefined;
}

/** Alarms on faults of Tidemark itself. */
export class FaultAlarms extends Construct {
  readonly #topic: ITopic | undefined;

  constructor(scope: Construct, id: string, { queues, functions, regular, topic }: FaultAlarmsProps) {
    super(scope, id);
    this.#topic = topic;
    for (const [name, queue] of Object.entries(queues)) {
      this.#watch(name, queue.metricApproximateNumberOfMessagesVisible({ period, statistic: 'Maximum' }), 'Messages wait in a dead-letter queue.');
    }
    for (const [name, { function: handler }] of Object.entries(functions)) {
      this.#watch(`${name}Errors`, handler.metricErrors({ period }), 'Calls of the function fail.');
      this.#watch(`${name}LostFailures`, handler.metric('DestinationDeliveryFailures', { period, statistic: 'Sum' }), 'A failed call could not be put into its dead-letter queue, so it is lost.');
    }
    for (const [name, { function: handler }] of Object.entries(regular)) {
      this.#watch(`${name}Missing`, handler.metricInvocations({ period }), 'The function is not called every five minutes as it should be.', whileMissing);
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
