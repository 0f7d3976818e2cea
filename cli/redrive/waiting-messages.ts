import { ChangeMessageVisibilityCommand, DeleteMessageCommand, ReceiveMessageCommand, type MessageAttributeValue, type SQSClient } from '@aws-sdk/client-sqs';

/** Nobody else is given a message for so long: a function may take five minutes for each of ten. */
const hiddenSeconds = 60 * 60;

/** A message that was received. */
export interface WaitingMessage {
  readonly id: string;
  readonly body: string;
  readonly receiptHandle: string;
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>;
}

/** The messages that wait in a queue, each once. */
export class WaitingMessages implements AsyncIterable<WaitingMessage> {
  readonly #client: SQSClient;
  readonly #queueUrl: string;
  readonly #left = new Map<string, WaitingMessage>();

  constructor(client: SQSClient, queueUrl: string) {
    this.#client = client;
    this.#queueUrl = queueUrl;
  }

  /** Ends when the queue has no more, or only what came before. */
  async *[Symbol.asyncIterator](): AsyncIterator<WaitingMessage> {
    for (;;) {
      const { Messages = [] } = await this.#client.send(new ReceiveMessageCommand({ QueueUrl: this.#queueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'], VisibilityTimeout: hiddenSeconds, WaitTimeSeconds: 1 }));
      const received = Messages.map(({ MessageId: id = '', Body: body = '', ReceiptHandle: receiptHandle = '', MessageAttributes: attributes = {} }) => ({ id, body, receiptHandle, attributes }));
      const fresh = received.filter(({ id }) => !this.#left.has(id));
      for (const message of received) this.#left.set(message.id, message);
      if (fresh.length === 0) return;
      yield* fresh;
    }
  }

  /** Takes a message out of the queue for good. */
  async takeOut({ id, receiptHandle }: WaitingMessage): Promise<void> {
    await this.#client.send(new DeleteMessageCommand({ QueueUrl: this.#queueUrl, ReceiptHandle: receiptHandle }));
    this.#left.delete(id);
  }

  /** Lets others see at once what was not taken out. */
  async putBack(): Promise<void> {
    for (const { receiptHandle } of this.#left.values()) await this.#client.send(new ChangeMessageVisibilityCommand({ QueueUrl: this.#queueUrl, ReceiptHandle: receiptHandle, VisibilityTimeout: 0 }));
    this.#left.clear();
  }
}
