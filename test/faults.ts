import { parseArgs } from 'node:util';
import { playSchedules } from './faults/play.ts';

/**
 * Plays random schedules of faults: `node test/faults.ts --schedules 10000 --seed 1`. The exit code is 1 when anything was lost or done twice; what
 * is printed of a schedule then plays it alone: `--only SEED`.
 */
const { values } = parseArgs({ options: { schedules: { type: 'string', default: '1000' }, seed: { type: 'string', default: '1' }, only: { type: 'string' } } });
const seeds = values.only === undefined ? Array.from({ length: Number(values.schedules) }, (_, index) => `${values.seed}/${String(index)}`) : [values.only];
const { failed, counts } = await playSchedules(seeds, (line) => { process.stdout.write(`${line}\n`); });
for (const [what, count] of counts) process.stdout.write(`${what.padEnd(44)} ${count.toLocaleString('en-US')}\n`);
process.stdout.write(failed === 0 ? 'nothing was lost, and nothing done twice that need not have been\n' : `${String(failed)} schedules went wrong\n`);
process.exitCode = failed === 0 ? 0 : 1;
