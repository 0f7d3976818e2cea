import { parseArgs } from 'node:util';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { startEmbeddedAws } from '../lambdas/local/embedded-aws.ts';
import { hasJava, startDynamoLocal } from './lambdas/dynamodb-local.ts';
import { readCorpus } from './evaluation/corpus.ts';
import { densify } from './scale/densify.ts';
import { measureUnits } from './scale/write-units.ts';

const dayMs = 24 * 60 * 60 * 1000;

/**
 * Measures what recorded clusters cost in DynamoDB: `node test/scale.ts --days 3 --dense 1,10 FOLDER…`. `--dense` has each event come so
 * many times, since the recorded clusters are thinned; `--days` takes so many days from the beginning.
 */
async function measure(): Promise<void> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { days: { type: 'string', default: '14' }, dense: { type: 'string', default: '1' } } });
  if (positionals.length === 0) throw new Error('give folders with recorded clusters, as ../shared/corpus/alpha');
  print('log', 'table', 'dense', 'events', 'deliveries', 'writes', 'write units', 'read units', 'CPU s', 'bytes');
  for (const folder of positionals) {
    const { name, start, events } = await readCorpus(folder);
    const first = events.filter(({ requestReceivedTimestamp }) => Date.parse(requestReceivedTimestamp) < start + Number(values.days) * dayMs);
    for (const dense of values.dense.split(',').map(Number)) {
      const log = densify(first, dense);
      for (const [table, open] of Object.entries(stores)) {
        const store = await open();
        const units = await measureUnits(store.client, log);
        await store.stop();
        print(name, table, `${String(dense)}×`, String(units.events), String(units.deliveries), ...[units.writesPer1000Events, units.writeUnitsPer1000Events, units.readUnitsPer1000Events].map((count) => count.toFixed(0)), table === 'dynalite' ? '-' : units.cpuSecondsPer1000Events.toFixed(2), units.bytesPerEvent.toFixed(0));
      }
    }
  }
  process.stdout.write('writes, write units, read units and seconds of a processor: for 1,000 events; bytes: of a delivery, for each event\n');
}

const stores: Readonly<Record<string, () => Promise<{ client: DynamoDBClient; stop(): Promise<void> }>>> = {
  dynalite: async () => { const aws = await startEmbeddedAws(); return { client: aws.dynamo, stop: () => aws.stop() }; },
  ...(hasJava ? { 'DynamoDB Local': startDynamoLocal } : {}),
};

const widths = [8, 15, 6, 10, 11, 8, 12, 11, 7, 6];

function print(...cells: readonly string[]): void {
  process.stdout.write(`${cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(' ').trimEnd()}\n`);
}

await measure();
