import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import { accountProblems, reachBy, type Problems } from './aws.ts';
import { QueueAccessError, UsageError } from './errors.ts';
import { letterOf, type Letter } from './redrive/letter.ts';
import { giveAgain, type Callers } from './redrive/give-again.ts';
import { WaitingMessages } from './redrive/waiting-messages.ts';
import { counted, outputTo } from './terminal.ts';

/** What to give again. */
export interface RedriveOptions {
  /** URLs of dead-letter queues. */
  readonly queues: readonly string[];
  /** The queue to put messages back into that a function took from a queue. */
  readonly to?: string;
  readonly dryRun: boolean;
  readonly color: boolean;
}

/**
 * Gives what lies in dead-letter queues to the functions again that failed with it, one after the other, and takes out of the queue what
 * they then managed.
 * @throws {QueueAccessError} when a queue cannot be reached.
 * @throws {UsageError} when something stayed, so that programs see it.
 */
export async function redrive({ queues, to, dryRun, color }: RedriveOptions): Promise<void> {
  const wrong = [...queues, ...(to === undefined ? [] : [to])].find((url) => !URL.canParse(url));
  if (wrong !== undefined) throw new UsageError(`${wrong} is no URL: give what the stack's outputs call …Url`);
  const clients = { sqs: new SQSClient(), lambda: new LambdaClient(), kinesis: new KinesisClient(), tableStreams: new DynamoDBStreamsClient() };
  const errors = outputTo(process.stderr, color);
  let interrupted = false;
  process.once('SIGINT', () => { interrupted = true; });
  let left = 0;
  for (const queue of queues) left += (await reachBy(problems, QueueAccessError, () => redriveQueue(queue, { ...clients, to }, { dryRun, isOver: () => interrupted, say: (words) => { errors.write(`${words}\n`); } }))).left;
  if (left > 0 && !dryRun) throw new UsageError(`${counted(left, 'message')} stayed where they were`);
}

const problems: Problems = [
  ...accountProblems,
  [/AccessDenied|KMS\.|KmsAccessDenied/, 'these credentials may not do that: grantRedrive in your CDK app gives a role what it takes'],
  [/QueueDoesNotExist|NonExistentQueue/, 'there is no such queue: check its URL, AWS_REGION and the account'],
  [/ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT/, 'AWS cannot be reached: check the network and AWS_REGION'],
];

/** How a queue is gone through. */
export interface Manner {
  readonly dryRun: boolean;
  /** Whether to end before the next message. */
  readonly isOver?: () => boolean;
  /** Tells people. */
  readonly say: (words: string) => void;
}

/**
 * Goes once through what waits in a queue.
 * @returns how many messages were given again and taken out, and how many stayed.
 * @throws what the service of the queue throws.
 */
export async function redriveQueue(queueUrl: string, callers: Callers, { dryRun, isOver = () => false, say }: Manner): Promise<{ given: number; left: number }> {
  const messages = new WaitingMessages(callers.sqs, queueUrl);
  const count = { given: 0, left: 0 };
  for await (const message of messages) {
    if (isOver()) break;
    const letter = letterOf(message.body);
    const problem = dryRun ? undefined : await giveAgain(letter, callers);
    say(`${dryRun ? 'would give' : problem === undefined ? 'gave' : 'left'} ${wordsOf(letter)}${problem === undefined ? '' : `: ${problem}`}`);
    if (dryRun || problem !== undefined) {
      count.left += 1;
    } else {
      await messages.takeOut(message);
      count.given += 1;
    }
  }
  await messages.putBack();
  say(`${queueUrl.replace(/^.*\//, '')}: ${dryRun ? `${counted(count.left, 'message')} looked at` : `${counted(count.given, 'message')} given again, ${counted(count.left, 'message')} left`}`);
  return count;
}

function wordsOf(letter: Letter): string {
  switch (letter.kind) {
    case 'call': return `a call of ${letter.functionName}`;
    case 'batch': return `${counted(letter.batchSize, 'record')} of ${letter.stream} for ${letter.functionName}`;
    case 'other': return 'a message';
  }
}
