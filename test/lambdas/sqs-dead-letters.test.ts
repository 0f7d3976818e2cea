import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { startEmbeddedAws, type EmbeddedAws } from '../../lambdas/local/embedded-aws.ts';
import { drain } from '../../lambdas/local/queue.ts';
import { lettersOf, maxPartBytes, MissingPartError, partOf, partsOf, SqsDeadLetters } from '../../lambdas/sqs-dead-letters.ts';
import { environment } from '../../lambdas/tables.ts';

const origin = { kind: 'log', owner: '123456789012', logGroup: '/aws/eks/prod/cluster', logStream: 'kube-apiserver-audit-1', subscriptionFilters: ['tidemark-eu-west-1'] } as const;
const letter = (record: string) => ({ reason: 'no JSON', source: '/aws/eks/prod/cluster/kube-apiserver-audit-1', record, origin });
const noise = (length: number) => randomBytes(length / 2).toString('hex');

describe('parts of a dead letter', () => {
  test('is one readable part for a short record', () => {
    expect(partsOf(letter('{"half":'))).toMatchObject([{ body: '{"half":', encoding: 'text', part: 1, parts: 1, reason: 'no JSON' }]);
  });

  test('are no larger than a message may be', () => {
    const parts = partsOf(letter(noise(1_048_576)));
    expect(parts.length).toBeGreaterThan(1);
    for (const part of parts) expect(Buffer.byteLength(part.body)).toBeLessThanOrEqual(maxPartBytes);
  });

  test('give back every letter whole, whatever the records hold, in any order and with repeats', () => {
    const pieces = fc.array(fc.oneof(fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) }), fc.constant(noise(300_000))), { maxLength: 4 });
    const records = fc.uniqueArray(pieces.map((some) => some.join('')), { maxLength: 3 });
    fc.assert(fc.property(records, fc.infiniteStream(fc.nat()), (written, random) => {
      const parts = written.flatMap((record) => [...partsOf(letter(record)), ...partsOf(letter(record))]);
      const shuffled = parts.map((part) => ({ part, order: random.next().value as number })).sort((one, other) => one.order - other.order);
      const restored = lettersOf(shuffled.map(({ part }) => part));
      expect(new Set(restored.map((one) => one.record))).toEqual(new Set(written));
      expect(restored).toHaveLength(written.length);
    }), { numRuns: 40 });
  });

  test('tell which part is missing', () => {
    expect(() => lettersOf(partsOf(letter(noise(1_000_000))).slice(1))).toThrow(MissingPartError);
  });
});

describe('the queue', () => {
  let aws: EmbeddedAws;
  beforeAll(async () => { aws = await startEmbeddedAws(); });
  afterAll(() => aws.stop());

  test.each([
    ['a short record', '{"half":'],
    ['an empty record', ''],
    ['control characters', '\u0000\u001b[2J'],
    ['half a surrogate pair', 'a\ud800b'],
    ['a megabyte', noise(1_048_576)],
  ])('keeps %s whole with its reason and source', async (_name, record) => {
    const queueUrl = aws.variables[environment.deadLetters] ?? '';
    await new SqsDeadLetters(aws.sqs, queueUrl, 'Ingest').send(letter(record));
    const messages = await drain(aws.sqs, queueUrl);
    expect(lettersOf(messages.map(partOf))).toEqual([{ ...letter(record), id: expect.stringMatching(/^[0-9a-f]{32}$/), functionName: 'Ingest' }]);
  });

  test('takes reasons and sources with characters it has no place for', async () => {
    const queueUrl = aws.variables[environment.deadLetters] ?? '';
    await new SqsDeadLetters(aws.sqs, queueUrl).send({ reason: '', source: 'a\u0000b', record: 'x', origin: { kind: 'payload' } });
    expect(lettersOf((await drain(aws.sqs, queueUrl)).map(partOf))).toEqual([{ reason: 'unknown', source: 'a?b', record: 'x', origin: { kind: 'payload' }, id: expect.anything() }]);
  });

  test('keeps where a record came from, whatever its name, and keeps the record where the name is longer than any can be', async () => {
    const queueUrl = aws.variables[environment.deadLetters] ?? '';
    const file = { kind: 'file', bucketName: 'flow-logs', key: 'a/\u0000字\ud800"' } as const;
    const letters = new SqsDeadLetters(aws.sqs, queueUrl);
    await letters.send({ ...letter('x'), origin: file });
    await letters.send({ ...letter('y'), origin: { ...origin, subscriptionFilters: Array.from({ length: 100 }, () => 'x'.repeat(600)) } });
    const read = lettersOf((await drain(aws.sqs, queueUrl)).map(partOf));
    expect(read.map(({ record, origin: from }) => [record, from]).sort()).toEqual([['x', file], ['y', undefined]]);
  });
});
