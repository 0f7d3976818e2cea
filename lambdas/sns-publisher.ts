import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { Notification } from '../lib/notification.ts';

/** Sends a notification to all who subscribed. */
export type Publish = (notification: Notification) => Promise<void>;

/** Publishes to an SNS topic: the text to mail addresses, the JSON to everything else. */
export function snsPublisher(client: SNSClient, topicArn: string): Publish {
  return async ({ subject, text, json, attributes }) => {
    const MessageAttributes = Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
    );
    // Protocols without an entry of their own get the default, and SNS counts every entry towards its 256 KB.
    const Message = JSON.stringify({ default: json, email: text });
    await client.send(new PublishCommand({ TopicArn: topicArn, Subject: subject, Message, MessageStructure: 'json', MessageAttributes }));
  };
}
