import { Annotations, CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { Settings } from './settings.ts';
import { Tidemark } from './tidemark.ts';

/** Stands for a cluster when none is named, so that there is something to look at without a deployment in mind. */
const placeholder = 'name-your-cluster';

/** Our app's stack: one Tidemark as the settings say, and outputs with what the command line asks for. */
export class TidemarkStack extends Stack {
  readonly tidemark: Tidemark;

  /** What is missing for a deployment becomes a warning, and `npm run deploy` refuses stacks with warnings. */
  constructor(scope: Construct, id: string, settings: Settings, props?: StackProps) {
    super(scope, id, { description: 'Tidemark: tells when an identity of an EKS cluster stops behaving like itself', ...props });
    const { clusters, mail, alarmTopic, senders, ...shared } = settings;
    this.tidemark = new Tidemark(this, 'Tidemark', {
      ...shared,
      ...(senders ? { senders } : {}),
      clusters: clusters.length > 0 || senders ? clusters : [placeholder],
      mailAddresses: mail ?? [],
      ...(alarmTopic === undefined ? {} : { alarmTopic: Topic.fromTopicArn(this, 'AlarmTopic', alarmTopic) }),
    });
    this.#warnOfGaps(settings);
    this.#createOutputs();
  }

  #warnOfGaps({ clusters, senders, mail }: Settings): void {
    if (clusters.length === 0 && !senders) Annotations.of(this).addWarningV2('tidemark:clusters', 'no cluster is named: this is for looking at, not for deploying. Name yours: -c clusters=prod,staging');
    if (mail === undefined) Annotations.of(this).addWarningV2('tidemark:mail', 'nobody gets mail: name addresses with -c mail=someone@example.com, or say -c mail=none');
  }

  #createOutputs(): void {
    const { tables, topic, ingest, notify, undeliveredMail, flows, backfill, watch } = this.tidemark;
    const outputs = {
      FindingsTable: tables.findings.tableName,
      StateTable: tables.state.tableName,
      TopicArn: topic.topicArn,
      IngestFunction: ingest.handler.function.functionName,
      NotifyFunction: notify.handler.function.functionName,
      ...(ingest.stream ? { IntakeStream: ingest.stream.stream.streamName } : {}),
      ...(ingest.elsewhere ? { SendersStream: ingest.elsewhere.stream.stream.streamName } : {}),
      MalformedRecordsUrl: ingest.malformedRecords.queueUrl,
      FailedDeliveriesUrl: ingest.failedDeliveries.queueUrl,
      FailedNotificationsUrl: notify.failedNotifications.queueUrl,
      UndeliveredMailUrl: undeliveredMail.queueUrl,
      ...(flows
        ? {
            FlowsFunction: flows.handler.function.functionName,
            MalformedFlowRecordsUrl: flows.malformedRecords.queueUrl,
            FailedFlowDeliveriesUrl: flows.failedDeliveries.queueUrl,
          }
        : {}),
      ...(flows?.files ? { FlowFilesUrl: flows.files.queue.queueUrl, FailedFlowFilesUrl: flows.files.failedFiles.queueUrl } : {}),
      ...(backfill ? { BackfillFunction: backfill.handler.function.functionName, BackfillQueueUrl: backfill.queue.queueUrl, FailedLearningsUrl: backfill.failedLearnings.queueUrl } : {}),
      ...(watch ? { FailedWatchEventsUrl: watch.failedEvents.queueUrl } : {}),
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }
}
