import { parseArgs } from 'node:util';
import { casesOf, CaseRunner } from './evaluation/acts-cases.ts';
import { everydayLife } from './evaluation/acts-history.ts';
import { readRecording } from './evaluation/acts-recording.ts';
import { tableOf, writeReport } from './evaluation/acts-report.ts';

const usage = `usage: node test/evaluate-acts.ts DIRECTORY [--row ROW] [--lively] [--json]

Says, for recorded acts, whether an identity that has done other things for two weeks is found out when it does the
act, and whether near acts and routine are left alone. DIRECTORY holds acts.jsonl, consequences.jsonl, events.jsonl.gz.
With --lively, all others have done near acts before.`;

const { values, positionals } = parseArgs({ allowPositionals: true, options: { row: { type: 'string' }, lively: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } } });
const [directory] = positionals;
if (directory === undefined || positionals.length !== 1) {
  process.stderr.write(`${usage}\n`);
  process.exit(2);
}

const recording = readRecording(directory);
const runner = new CaseRunner(recording, everydayLife(recording));
const everyday = await runner.learn(values.lively ? 'lively' : 'quiet');
const isAsked = ({ row }: { row: string }): boolean => values.row === undefined || row === values.row;
const outcomes = [];
for (const one of casesOf(recording, 'identity').filter(isAsked)) outcomes.push(await runner.run(one));
const ofVariants = [];
for (const one of casesOf(recording, 'variant').filter(isAsked)) ofVariants.push(await runner.run(one));
const rows = tableOf(recording, { outcomes, ofVariants });
if (values.json) process.stdout.write(`${JSON.stringify({ everyday: everyday.map(({ identity, title }) => ({ identity, title })), rows, outcomes, ofVariants }, null, 1)}\n`);
else writeReport({ everyday, rows }, process.stdout);
