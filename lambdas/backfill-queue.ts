import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';

/** SQS holds a message back for at most so long. Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
const longestDelaySeconds = 900;

/** What a message in the queue says: whose history is to be gone on with. */
export const backfillMessage = z.object({ cluster: z.string().min(1).max(200) });

/** Asks for somebody to go on with the history of a cluster, in so many milliseconds or at the latest that the queue can. */
export type AskToLearn = (cluster: string, delayMs?: number) => Promise<void>;

/** Asks by messages in a queue. */
export function askByQueue(client: SQSClient, QueueUrl: string): AskToLearn {
  return async (cluster, delayMs = 0) => {
    const DelaySeconds = Math.min(longestDelaySeconds, Math.max(0, Math.ceil(delayMs / 1000)));
    await client.send(new SendMessageCommand({ QueueUrl, DelaySeconds, MessageBody: JSON.stringify({ cluster } satisfies z.input<typeof backfillMessage>) }));
  };
}
