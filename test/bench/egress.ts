import { AddressBook, interfaceFactsOf } from '../../lib/egress/address-book.ts';
import type { AddressFact } from '../../lib/egress/address-facts.ts';
import { addFact, newAddressShard, shardOfFact, type AddressShard } from '../../lib/egress/address-shard.ts';
import { conversationOf } from '../../lib/egress/conversation.ts';
import { Destinations } from '../../lib/egress/destination.ts';
import { FlowLogReader } from '../../lib/egress/flow-log.ts';
import { advanceFlows, learnFlow, newFlowBaseline, type FlowBaseline } from '../../lib/egress/flow-baseline.ts';
import { flowSignals } from '../../lib/egress/flow-scoring.ts';
import { windowOf } from '../../lib/time.ts';
import { flowRecordHash, isSent } from '../../lib/egress/flow-record.ts';
import { seeded } from '../lib/states.ts';

/**
 * Prints how fast flow logs are read, as a ratio to cutting the same text into lines and fields, in the same run:
 * `node test/bench/egress.ts [RECORDS]`.
 */
const records = Number(process.argv[2] ?? 1_000_000);
const format = 'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status pkt-srcaddr pkt-dstaddr flow-direction tcp-flags';
const repeats = 3;

function flowLog(): string {
  const random = seeded(1);
  const upTo = (most: number): string => String(Math.floor(random() * most));
  const lines = Array.from({ length: records }, (_, index) => {
    const [source, destination] = [`10.0.${upTo(64)}.${upTo(200)}`, `198.51.${upTo(100)}.${upTo(250)}`];
    const start = 1_790_000_000 + Math.floor(index / 100);
    return `5 123456789012 eni-${String(10_000_000 + Math.floor(random() * 400))} ${source} ${destination} ${String(32_768 + Math.floor(random() * 28_000))} 443 6 ${upTo(500)} ${upTo(500_000)} ${String(start)} ${String(start + 60)} ACCEPT OK ${source} ${destination} egress 3`;
  });
  return lines.join('\n');
}

/** A book in which each address of `flowLog` has had five pods. */
function addressBook(): { readonly shards: Map<number, AddressShard>; readonly add: (fact: AddressFact) => void } {
  const shards = new Map<number, AddressShard>();
  const add = (fact: AddressFact): void => {
    const shard = shards.get(shardOfFact(fact)) ?? newAddressShard();
    shards.set(shardOfFact(fact), shard);
    addFact(shard, fact);
  };
  for (let life = 0; life < 5; life++) {
    for (let index = 0; index < 64 * 200; index++) {
      const [place, time] = [`10.0.${String(Math.floor(index / 200))}.${String(index % 200)}`, 1_790_000_000 - 100 + life * 1000];
      const pod = `shop/cart-678ccd5cd7-ndglg/${String(life)}x${String(index)}`;
      add({ kind: 'sighting', place, holder: pod, time, isCertain: true });
      add({ kind: 'pod', pod, time, serviceAccount: 'cart', workload: 'Deployment/cart', node: `node-${String(index % 400)}`, ended: time + 900 });
    }
  }
  return { shards, add };
}

/** The best of some runs, in seconds. */
function secondsOf(work: () => number): number {
  let best = Infinity;
  for (let run = 0; run < repeats; run++) {
    const began = performance.now();
    work();
    best = Math.min(best, (performance.now() - began) / 1000);
  }
  return best;
}

const text = flowLog();

function splitLines(): number {
  let length = 0;
  for (const line of text.split('\n')) length += line.length;
  return length;
}

function splitFields(): number {
  let fields = 0;
  for (const line of text.split('\n')) fields += line.split(' ').length;
  return fields;
}

function readRecords(): number {
  const reader = new FlowLogReader(format);
  let bytes = 0;
  for (const line of text.split('\n')) {
    const record = reader.read(line);
    if (record && isSent(record) && conversationOf(record).sourceIsClient) bytes += record.bytes;
  }
  return bytes;
}

const { shards, add } = addressBook();

function namedRecords(): number {
  const reader = new FlowLogReader(format);
  const book = new AddressBook(shards);
  const destinations = new Destinations();
  let known = 0;
  for (const line of text.split('\n')) {
    const record = reader.read(line);
    if (!record || !isSent(record) || !conversationOf(record).sourceIsClient) continue;
    const holder = book.holderAt({ address: record.sourceAddress, start: record.start, end: record.end, interfaceId: record.interfaceId });
    for (const fact of interfaceFactsOf(record, holder)) add(fact);
    known += Number(holder !== undefined) + Number(destinations.of(record.destinationAddress).place === 'internet') + (flowRecordHash(record) % 2);
  }
  return known;
}

/** As sixty-four workloads send it. */
function judgedRecords(): number {
  const reader = new FlowLogReader(format);
  const book = new AddressBook(shards);
  const destinations = new Destinations();
  const baselines = new Map<string, FlowBaseline>();
  let signals = 0;
  for (const line of text.split('\n')) {
    const record = reader.read(line);
    if (!record || !isSent(record)) continue;
    const holder = book.holderAt({ address: record.sourceAddress, start: record.start, end: record.end, interfaceId: record.interfaceId });
    if (!holder) continue;
    const workload = record.sourceAddress.slice(0, record.sourceAddress.lastIndexOf('.'));
    const baseline = baselines.get(workload) ?? newFlowBaseline();
    baselines.set(workload, baseline);
    const { servicePort: port } = conversationOf(record);
    const fact = { window: windowOf(record.start * 1000), hash: flowRecordHash(record), bytes: record.bytes, destination: destinations.of(record.destinationAddress).block, address: record.destinationAddress, port, service: undefined, leadsFurther: false, accepted: record.accepted };
    advanceFlows(baseline, fact.window);
    if (learnFlow(baseline, fact)) signals += flowSignals(baseline, fact, { companions: () => ({ members: 0, doing: 0, values: 0, votes: 0 }) }).length;
  }
  return signals;
}

const lines = secondsOf(splitLines);
const rows = [['lines cut', lines], ['lines and fields cut', secondsOf(splitFields)], ['records read', secondsOf(readRecords)], ['… holder and place too', secondsOf(namedRecords)], ['… learned and judged', secondsOf(judgedRecords)]] as const;
for (const [what, seconds] of rows) {
  const aMinute = Math.round((records / seconds) * 60).toLocaleString('en');
  console.log(`${what.padEnd(22)} ${aMinute.padStart(15)} a minute   ${(seconds / lines).toFixed(1).padStart(5)} times the time of cutting lines`);
}
