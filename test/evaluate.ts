import { parseArgs } from 'node:util';
import { readCorpus } from './evaluation/corpus.ts';
import { reportOf } from './evaluation/evaluation-report.ts';
import { evaluate, type Evaluation } from './evaluation/evaluation.ts';

const usage = `usage: npm run evaluate -- [--ablation] [--history] [--why] [--json] FOLDER…

Measures the detector on recorded clusters with labelled attacks; docs/evaluation.md says what the figures mean. Each
folder holds audit-*.jsonl.gz, labels.jsonl, scenarios.json and stats.json, as examples/shop does.
  --ablation  what it comes to with a part taken out, and what simpler detectors do
  --history   what it finds when it was installed shortly before each attack; takes minutes
  --why       each finding, what it hit and why it was raised
  --json      everything as JSON
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { ablation: { type: 'boolean', default: false }, history: { type: 'boolean', default: false }, why: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
});
if (positionals.length === 0) {
  process.stderr.write(usage);
  process.exit(2);
}

const evaluations: Evaluation[] = [];
for (const folder of positionals) {
  const corpus = await readCorpus(folder);
  const evaluation = await evaluate(corpus, values);
  evaluations.push(evaluation);
  if (!values.json) process.stdout.write(`${evaluations.length > 1 ? '\n' : ''}${reportOf(corpus, evaluation, values)}`);
}
if (values.json) process.stdout.write(`${JSON.stringify(evaluations, null, 1)}\n`);
