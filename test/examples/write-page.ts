import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { writeFinding } from '../../cli/finding-text.ts';
import { findingSchema, severityRank, type Finding } from '../../lib/finding.ts';
import { generateCluster } from '../generator/generate.ts';
import { judgeCluster, type Verdict } from '../generator/judge.ts';
import { examples, seedsOfFalseAlerts, type Example } from './examples.ts';

const columns = 110;
const [beta = '../shared/corpus/beta'] = process.argv.slice(2);
/** Audit logs alone, as the sample is. */
const recorded = { sample: ['examples/shop'], beta: [`${beta}/audit-*.gz`] } as const;
const findings = new Map<Example['from'], readonly Finding[]>();

/** Writes docs/examples.md from what Tidemark says now: `npm run examples -- BETA_FOLDER`. */
async function writePage(): Promise<void> {
  const sections: string[] = [];
  for (const example of examples) sections.push(sectionOf(sections.length + 1, example.heading, await findingFor(example), `(${nameOf(example.from)}): ${example.truth}`));
  const { seed, finding, truth } = await falseAlert();
  sections.push(sectionOf(sections.length + 1, 'A false alert', finding, `(${nameOf(seed)}): ${truth}`));
  writeFileSync('docs/examples.md', `${introduction}\n${sections.join('\n')}`);
}

async function findingFor({ from, identity, day }: Example): Promise<Finding> {
  const all = findings.get(from) ?? await findingsOf(from);
  findings.set(from, all);
  const found = all.filter((finding) => finding.identity === identity && finding.raisedAt.startsWith(day) && severityRank(finding.severity) > 0);
  const [first] = found.sort((one, other) => other.score - one.score);
  if (!first) throw new Error(`people are told nothing of ${identity} on ${day} (${nameOf(from)}): choose another example in test/examples/examples.ts`);
  return first;
}

async function findingsOf(from: Example['from']): Promise<readonly Finding[]> {
  if (typeof from === 'number') return (await judgeCluster(generateCluster(from))).findings;
  const command = `"$NODE" cli/tidemark.ts replay --format jsonl ${recorded[from].join(' ')}`;
  const lines = execFileSync('sh', ['-c', command], { encoding: 'utf8', env: { ...process.env, NODE: process.execPath }, maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'ignore'] });
  return lines.split('\n').filter((line) => line !== '').map((line) => findingSchema.parse(JSON.parse(line)));
}

async function falseAlert(): Promise<{ seed: number; finding: Finding; truth: string }> {
  for (const seed of seedsOfFalseAlerts) {
    const verdict = await judgeCluster(generateCluster(seed));
    const alert = verdict.alerts.filter(({ kind }) => kind === 'false').sort((one, other) => other.finding.score - one.finding.score)[0];
    if (alert) return { seed, finding: alert.finding, truth: truthOf(alert.finding, verdict) };
  }
  throw new Error('no generated cluster gives a false alert: choose other seeds in test/examples/examples.ts');
}

function truthOf({ evidence }: Finding, { cluster }: Verdict): string {
  const oddities = new Set(evidence.flatMap(({ auditId }) => cluster.oddities.get(auditId) ?? []));
  return `nothing bad. ${oddities.size === 0 ? 'It is everyday work that nobody had done yet' : `The generator made it as ${[...oddities].map((oddity) => `\`${oddity}\``).join(', ')}`}.`;
}

function nameOf(from: Example['from']): string {
  return typeof from === 'number' ? `generated from seed ${String(from)}` : from;
}

function sectionOf(number: number, heading: string, finding: Finding, truth: string): string {
  let text = '';
  writeFinding(finding, { write: (more) => { text += more; }, colour: false, columns });
  return `## ${String(number)}. ${heading}\n\n\`\`\`\n${text.trimEnd()}\n\`\`\`\n\n*What really happened* ${truth}\n`;
}

const introduction = `# Ten findings

As the command line prints them, chosen over categories and severities, the last one false; under each, what really happened. The
first six are of the sample, two are of the recorded cluster *beta* and two of generated ones
([how good it is](evaluation.md)). Everybody in them is invented. Low findings are only recorded, and printed in two lines.

\`npm run examples -- FOLDER_OF_BETA\` writes this page. The sample's findings alone:

\`\`\`sh
npm run --silent tidemark -- replay examples/shop
\`\`\`

How to read one: the headline says how grave it is, who did it, and what was done that matters most. Below are who exactly, when, and what of
ATT&CK it is; then what happened; **what to do first**: how to find out whether it was the owner, and how to cut it off; how far it got, where
it shows more than one tactic; **why** each thing is unusual for this identity, and who else is known for it; what to check; what honest thing
looks the same; and the first requests in evidence, with the addresses they came from, and a tally of all.
`;

await writePage();
