import { parseArgs } from 'node:util';
import { startEmbeddedAws } from '../lambdas/local/embedded-aws.ts';
import { playSchedules } from './faults/play.ts';
import { realStoresFor } from './faults/real-stores.ts';

/**
 * Plays random schedules of faults: `node test/faults.ts --schedules 10000 --seed 1`. The exit code is 1 when anything was lost or done twice; what
 * is printed of a schedule then plays it alone: `--only SEED`. With `--real` all is kept by dynalite and fauxqs instead of in memory.
 */
const { values } = parseArgs({ options: { schedules: { type: 'string', default: '1000' }, seed: { type: 'string', default: '1' }, only: { type: 'string' }, real: { type: 'boolean', default: false } } });
const seeds = values.only === undefined ? Array.from({ length: Number(values.schedules) }, (_, index) => `${values.seed}/${String(index)}`) : [values.only];
const aws = values.real ? await startEmbeddedAws() : undefined;
const { failed, counts } = await playSchedules(seeds, (line) => { process.stdout.write(`${line}\n`); }, aws && (await realStoresFor(aws, seeds.length)));
await aws?.stop();
for (const [what, count] of counts) process.stdout.write(`${what.padEnd(44)} ${count.toLocaleString('en-US')}\n`);
process.stdout.write(failed === 0 ? 'nothing was lost, and nothing done twice that need not have been\n' : `${String(failed)} schedules went wrong\n`);
// The servers of --real keep a timer or two for a minute.
process.exit(failed === 0 ? 0 : 1);
