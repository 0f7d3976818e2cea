import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import { accountProblems, reachBy, type Problems } from './aws.ts';
import { QueueAccessError, UsageError } from './errors.ts';
import { giveAgain, isQueue, type Callers } from './redrive/give-again.ts';
import { lettersIn, type Letter } from './redrive/letter.ts';
import { WaitingMessages } from './redrive/waiting-messages.ts';
import { cleanLine } from '../lib/text.ts';
import { counted, outputTo } from './terminal.ts';

/** What to give again. */
export interface RedriveOptions {
  /** URLs of dead-letter queues. */
  readonly queues: readonly string[];
  /** The queue to put messages back into that a function took from a queue, or the function that tells people again of what a mail was of. */
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
  const wrong = queues.find((url) => !isQueue(url));
  if (to !== undefined && queues.includes(to)) throw new UsageError(`${to} is among the queues to be emptied: --to names the one that a function takes its work from`);
  if (to !== undefined && !isQueue(to) && !functionName.test(to)) throw new UsageError(`${to} is neither a queue's URL nor a function's name`);
  if (wrong !== undefined) throw new UsageError(`${wrong} is no URL: give what the stack's outputs call …Url`);
  const clients = { sqs: new SQSClient(), lambda: new LambdaClient(), kinesis: new KinesisClient(), tableStreams: new DynamoDBStreamsClient() };
  const errors = outputTo(process.stderr, color);
  let interrupted = false;
  process.once('SIGINT', () => { interrupted = true; });
  let left = 0;
  for (const queue of queues) left += (await reachBy(problems, QueueAccessError, () => redriveQueue(queue, { ...clients, to }, { dryRun, isOver: () => interrupted, say: (words) => { errors.write(`${words}\n`); } }))).left;
  if (left > 0 && !dryRun) throw new UsageError(`${counted(left, 'message')} stayed where they were`);
}

/** A function's name, or its ARN. */
const functionName = /^[\w:$-]+$/;

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
  const unreadable = new Set<string>();
  const told = new Set<string>();
  for await (const { letter, messages: some } of lettersIn(messages)) {
    if (isOver()) break;
    // What a function has just put there anew is not given to it for ever.
    if (letter.kind === 'record' && unreadable.has(letter.id)) continue;
    // Who is told of a finding as it now is need not be told of it for each mail of it.
    const isTold = letter.kind === 'mail' && told.has(letter.findingId);
    const { problem, isAnew = false } = dryRun || isTold ? {} : await giveAgain(letter, callers);
    if (isAnew && letter.kind === 'record') unreadable.add(letter.id);
    if (problem === undefined && letter.kind === 'mail') told.add(letter.findingId);
    say(`${dryRun ? 'would give' : problem === undefined ? 'gave' : 'left'} ${wordsOf(letter)}${problem === undefined ? '' : `: ${problem}`}`);
    if (!dryRun && (problem === undefined || isAnew)) for (const message of some) await messages.takeOut(message);
    if (dryRun || problem !== undefined) count.left += 1;
    else count.given += 1;
  }
  await messages.putBack();
  say(`${queueUrl.replace(/^.*\//, '')}: ${dryRun ? `${counted(count.left, 'message')} looked at` : `${counted(count.given, 'message')} given again, ${counted(count.left, 'message')} left`}`);
  return count;
}

function wordsOf(letter: Letter): string {
  switch (letter.kind) {
    case 'call': return `a call of ${letter.functionName}`;
    case 'batch': return `${counted(letter.batchSize, 'record')} of ${letter.stream} for ${letter.functionName}`;
    case 'record': return `a record of ${cleanLine(letter.source)}${letter.functionName === undefined ? '' : ` for ${cleanLine(letter.functionName)}`}`;
    case 'mail': return `finding ${letter.findingId} to all who are subscribed`;
    case 'incomplete': return `a part of record ${cleanLine(letter.id)}`;
    case 'other': return 'a message';
  }
}
