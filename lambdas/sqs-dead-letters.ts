import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { SendMessageCommand, type Message, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { originSchema, type DeadLetter, type DeadLetters, type Origin } from '../lib/dead-letter.ts';
import { parseJson } from '../lib/text.ts';

/** A part's body is at most so many bytes. */
export const maxPartBytes = 200 * 1024;

const maxAttributeLength = 1000;
/** More than any name that AWS allows; a forged one must not keep the record out of the queue. */
const maxOriginLength = 16 * 1024;

const partSchema = z.object({
  body: z.string(),
  /** The same for all parts of a letter, and for the same letter sent again. */
  id: z.string(),
  /** From 1 to `parts`. */
  part: z.coerce.number().int().min(1),
  parts: z.coerce.number().int().min(1),
  /** How the record is written: as it is, or as base64 of the gzip of the record as a JSON string. */
  encoding: z.enum(['text', 'json-gzip-base64']),
  reason: z.string(),
  source: z.string(),
  /** The letter's `origin` as JSON. Letters of older releases have none, nor a function. */
  origin: z.string().optional(),
  /** Who could not read it. */
  functionName: z.string().optional(),
});

/** One SQS message of a dead letter: some of the record, and what is needed to put it together again. */
export type Part = z.infer<typeof partSchema>;

/** A letter as it is read from a queue, with what it has to be given again by. */
export interface ReadLetter extends Omit<DeadLetter, 'origin'> {
  /** The same for the same letter sent again. */
  readonly id: string;
  /** This and the function's name are missing in letters of older releases. */
  readonly origin?: Origin;
  readonly functionName?: string;
}

/** Dead letters in an SQS queue, each record whole, in as many messages as it needs. */
export class SqsDeadLetters implements DeadLetters {
  readonly #client: SQSClient;
  readonly #queueUrl: string;
  readonly #functionName: string | undefined;

  /** With the name of the function that sends them they can be given to it again. */
  constructor(client: SQSClient, queueUrl: string, functionName?: string) {
    this.#client = client;
    this.#queueUrl = queueUrl;
    this.#functionName = functionName;
  }

  /** @inheritdoc */
  async send(letter: DeadLetter): Promise<void> {
    for (const part of partsOf(letter, this.#functionName)) {
      const { body, ...attributes } = part;
      const MessageAttributes = Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [
          name,
          { DataType: typeof value === 'number' ? 'Number' : 'String', StringValue: String(value) },
        ]),
      );
      await this.#client.send(new SendMessageCommand({ QueueUrl: this.#queueUrl, MessageBody: body, MessageAttributes }));
    }
  }
}

/** Splits a letter into parts of at most `maxPartBytes`. */
export function partsOf(letter: DeadLetter, functionName?: string): Part[] {
  const plain = isPlain(letter.record);
  const origin = asciiJson(letter.origin);
  // JSON escapes half surrogate pairs, which UTF-8 would lose.
  const text = plain ? letter.record : gzipSync(JSON.stringify(letter.record)).toString('base64');
  const parts = Math.ceil(text.length / maxPartBytes);
  const shared = {
    id: createHash('sha256').update(JSON.stringify([letter.reason, letter.source, letter.record])).digest('hex').slice(0, 32),
    parts,
    encoding: plain ? ('text' as const) : ('json-gzip-base64' as const),
    reason: attributeText(letter.reason),
    source: attributeText(letter.source),
    ...(origin.length <= maxOriginLength ? { origin } : {}),
    ...(functionName === undefined ? {} : { functionName }),
  };
  return Array.from({ length: parts }, (_, index) => ({
    ...shared,
    part: index + 1,
    body: text.slice(index * maxPartBytes, (index + 1) * maxPartBytes),
  }));
}

/**
 * Reads a part from a message of the queue, received with all its attributes.
 * @throws {z.ZodError} when the message is no part of a dead letter.
 */
export function partOf({ Body: body, MessageAttributes: attributes = {} }: Message): Part {
  const values = Object.entries(attributes).map(([name, value]) => [name, value.StringValue]);
  return partSchema.parse({ ...Object.fromEntries(values), body });
}

/**
 * Puts letters together again from parts in any order, where some may have come more than once.
 * @throws {MissingPartError} when a part of a letter is missing.
 */
export function lettersOf(parts: Iterable<Part>): ReadLetter[] {
  const byLetter = Map.groupBy(parts, (part) => part.id);
  return [...byLetter.entries()].map(([id, [...ofLetter]]) => {
    const byNumber = new Map(ofLetter.map((part) => [part.part, part]));
    const first = ofLetter[0] as Part;
    const bodies = Array.from({ length: first.parts }, (_, index) => {
      const part = byNumber.get(index + 1);
      if (!part) throw new MissingPartError(id, index + 1);
      return part.body;
    });
    const { reason, source, encoding, functionName } = first;
    const origin = originSchema.safeParse(parseJson(first.origin ?? '')).data;
    return { id, reason, source, record: decode(bodies.join(''), encoding), ...(origin ? { origin } : {}), ...(functionName === undefined ? {} : { functionName }) };
  });
}

function decode(text: string, encoding: Part['encoding']): string {
  if (encoding === 'text') return text;
  return JSON.parse(gunzipSync(Buffer.from(text, 'base64')).toString()) as string;
}

/** Whether SQS takes the record as a body just as it is. */
function isPlain(record: string): boolean {
  return record !== '' && Buffer.byteLength(record) <= maxPartBytes && !forbidden.test(record);
}

/** Characters SQS refuses: all that XML 1.0 has no place for. */
const forbidden = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

/** Whatever characters a name has, SQS takes their escapes. */
function asciiJson(origin: Origin): string {
  return JSON.stringify(origin).replace(/[^\x20-\x7e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function attributeText(text: string): string {
  const allowed = text.replace(new RegExp(forbidden, 'gu'), '?').slice(0, maxAttributeLength).toWellFormed();
  return allowed === '' ? 'unknown' : allowed;
}

/** A dead letter cannot be put together: one of its parts has not been read. */
export class MissingPartError extends Error {
  override readonly name = 'MissingPartError' as const;
  readonly id: string;
  constructor(id: string, part: number, options?: ErrorOptions) {
    super(`part ${String(part)} of dead letter ${id} is missing`, options);
    this.id = id;
  }
}
