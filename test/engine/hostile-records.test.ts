import { beforeAll, expect, test } from '@jest/globals';
import { parseAuditEvent, type AuditEvent } from '../../lib/audit/event.ts';
import { requestsOf } from '../../lib/audit/request.ts';
import { Ingest } from '../../lib/ingest.ts';
import { MemoryDeadLetters, MemoryFindingStore, MemoryStateStore } from '../../lib/memory-stores.ts';
import { mutate, randomOf } from './mutate.ts';
import { payloadOf } from './payloads.ts';
import { readSample, type Sample } from './sample.ts';

const perPayload = 500;
const payloads = 200;

/** All that a reason may say: names of Tidemark's own, and an index. */
const harmlessReason = new RegExp(
  '^the record is no (JSON|audit event)$|^the event\'s field ' +
    '(kind|apiVersion|auditID|stage|requestURI|verb|user|impersonatedUser|sourceIPs|userAgent|objectRef|responseStatus|requestReceivedTimestamp|stageTimestamp|annotations)' +
    '(\\.(username|groups|extra|resource|namespace|name|apiGroup|subresource|code|reason|\\d+))? is missing or of another kind$',
);

/** Remembers how large an item ever was. */
class MeasuredStateStore extends MemoryStateStore {
  largest = 0;
  override write(key: string, bytes: Uint8Array, expectedVersion: number): Promise<void> {
    this.largest = Math.max(this.largest, bytes.length);
    return super.write(key, bytes, expectedVersion);
  }
}

let sample: Sample;
let texts: string[];
beforeAll(async () => {
  sample = await readSample();
  texts = sample.events.map((event) => JSON.stringify(event));
});

function eventOf(record: string): AuditEvent | undefined {
  try {
    return parseAuditEvent(record);
  } catch {
    return undefined;
  }
}

test('100,000 broken records crash nothing, and each that cannot be read is a dead letter, whole', async () => {
  const random = randomOf(20_260_301);
  const state = new MeasuredStateStore();
  const findings = new MemoryFindingStore();
  const deadLetters = new MemoryDeadLetters();
  await sample.learned.copy(state);
  const ingest = new Ingest({ state, findings, deadLetters });
  for (let payload = 0; payload < payloads; payload++) {
    const records = Array.from({ length: perPayload }, () => mutate(texts[Math.floor(random() * texts.length)] ?? '', random));
    const events = records.map(eventOf);
    const malformed = records.filter((_, index) => events[index] === undefined);
    const requests = requestsOf(events.filter((event) => event !== undefined)).length;
    const report = await ingest.subscription(payloadOf(records));
    expect(report).toMatchObject({ records: perPayload, malformed: malformed.length, otherStreams: 0, requests });
    const letters = deadLetters.letters.splice(0);
    expect(letters.map(({ record }) => record)).toEqual(malformed);
    expect(letters.map(({ reason }) => reason).filter((reason) => !harmlessReason.test(reason))).toEqual([]);
  }
  expect((await findings.query({ limit: 1000 })).length).toBeGreaterThan(10);
  expect(state.largest).toBeLessThan(64 * 1024);
});

test('what came before and after broken records is found all the same', async () => {
  const good = texts.filter((text) => text.includes('payments:checkout'));
  const ports = () => ({ state: new MemoryStateStore(), findings: new MemoryFindingStore(), deadLetters: new MemoryDeadLetters() });
  const [clean, mixed] = [ports(), ports()];
  await sample.learned.copy(clean.state);
  await sample.learned.copy(mixed.state);
  await new Ingest(clean).subscription(payloadOf(good));
  await new Ingest(mixed).subscription(payloadOf(good.flatMap((text) => ['{', text, text.slice(1)])));
  const found = await clean.findings.query({ limit: 10 });
  expect(found.map(({ severity }) => severity)).toEqual(['critical']);
  expect(await mixed.findings.query({ limit: 10 })).toEqual(found);
  expect(mixed.deadLetters.letters).toHaveLength(2 * good.length);
});
