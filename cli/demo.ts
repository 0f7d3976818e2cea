import { cleanLine } from '../lib/text.ts';
import { startLocalRunner, type LocalRunner, type ReceivedMail } from '../lambdas/local/runner.ts';
import type { Finding } from '../lib/finding.ts';
import { learn } from './demo/learn.ts';
import { sampleCluster, sampleFiles, sampleLabels, samplePayloads, sampleScenarios } from './demo/sample.ts';
import { judge, type ScenarioVerdict, type Verdict } from './demo/verdict.ts';
import { Progress } from './progress.ts';
import { counted, outputTo, styled } from './terminal.ts';
import { dayMs } from '../lib/time.ts';

/** The sample's days before this one are learned from; from then on it is watched. */
const firstWatchedDay = '2026-10-14';
const shownMailLines = 13;

const output = outputTo(process.stdout);
const progress = new Progress(process.stderr, outputTo(process.stderr));

/** Shows the whole flow on this machine: handlers, tables and topic, with a recorded cluster's log. */
async function demo(): Promise<void> {
  const begun = performance.now();
  heading('Tidemark on a recorded cluster: nine nodes, a web shop, people, a pipeline, and attackers');
  const files = await sampleFiles(firstWatchedDay);
  const runner = await startLocalRunner();
  try {
    const learned = await learn(files.history, runner.state, { cluster: sampleCluster, until: Date.parse(firstWatchedDay), progress });
    say(`Learned from ${counted(learned, 'event')} of ${counted(files.history.length, 'day')}. Now the ${String(files.stream.length)} days after, through the deployed functions:`);
    const mails = await watch(runner, files.stream);
    await conclude(runner, mails);
    say(`\n${counted(runner.counts.get('Records') ?? 0, 'record')} taken in; ${((performance.now() - begun) / 1000).toFixed(0)} s in all.`);
  } finally {
    await runner.stop();
  }
  sayNext();
}

/** Gives the log to the ingest function, delivery by delivery, and shows each mail when it comes; says how many. */
async function watch(runner: LocalRunner, files: readonly string[]): Promise<number> {
  const [from, until] = [Date.parse(firstWatchedDay), Date.parse(firstWatchedDay) + files.length * dayMs];
  let received = 0;
  for await (const { bytes, time } of samplePayloads(files)) {
    await runner.ingest(bytes);
    progress.show((Date.parse(time) - from) / (until - from), time.slice(0, 16).replace('T', ' '));
    if ((runner.counts.get('Notifications') ?? 0) === received) continue;
    progress.clear();
    for (const mail of await runner.mails()) {
      received += 1;
      showMail(mail);
    }
  }
  progress.clear();
  return received;
}

function showMail({ subject, text, finding }: ReceivedMail): void {
  const style = finding.severity === 'medium' ? 'yellow' : 'red';
  // The text's first line repeats the subject.
  const lines = text.split('\n').slice(2).map(cleanLine);
  const more = lines.length > shownMailLines ? ['…'] : [];
  say(`\n${styled(output, style, '✉')} ${styled(output, 'bold', cleanLine(subject))}`);
  for (const line of [...lines.slice(0, shownMailLines), ...more]) say(line === '' ? '' : `  ${styled(output, 'dim', line)}`);
}

async function conclude(runner: LocalRunner, mails: number): Promise<void> {
  const findings = await runner.findings.query({ cluster: sampleCluster, limit: 10_000 });
  const verdict = judge(findings.reverse(), await sampleScenarios(firstWatchedDay), await sampleLabels());
  const found = verdict.scenarios.filter(({ finding }) => finding !== undefined).length;
  heading(`\nAttacks found: ${String(found)} of ${String(verdict.scenarios.length)}`);
  for (const one of verdict.scenarios) say(lineOf(one));
  sayRest(verdict, findings.length, mails);
}

function lineOf({ scenario, finding, recorded }: ScenarioVerdict): string {
  const began = scenario.start.slice(0, 16).replace('T', ' ');
  if (!finding) return `${styled(output, 'red', '✗')} ${began}  ${scenario.title}${recorded ? ' (only recorded, as low)' : ''}`;
  const seconds = Math.max(0, Math.round((Date.parse(finding.raisedAt) - Date.parse(scenario.start)) / 1000));
  return `${styled(output, 'green', '✓')} ${began}  ${scenario.title} ${styled(output, 'dim', `(${finding.severity}, after ${String(seconds)} s)`)}`;
}

function sayRest({ consequences, falseAlerts }: Verdict, findings: number, mails: number): void {
  say(`\n${counted(mails, 'mail')} and ${counted(findings, 'finding')} in the table. Besides the attacks, mails were sent about:`);
  say(`  what followed from an attack: ${titlesOf(consequences)}`);
  say(`  nothing bad (false alerts):   ${titlesOf(falseAlerts)}`);
}

function titlesOf(findings: readonly Finding[]): string {
  return findings.length === 0 ? 'none' : findings.map(({ title, severity }) => `\n    - ${severity}: ${cleanLine(title)}`).join('');
}

function sayNext(): void {
  heading('\nTry next');
  say(`  npm run --silent tidemark -- replay examples/shop --learn-until ${firstWatchedDay}    the findings in full
  npm run --silent tidemark -- baseline github-deploy --files examples/shop       what it learned of an identity
  npm run --silent tidemark -- replay YOUR-LOG.json                               your own cluster's log
  docs/deploy.md                                                                  into your account`);
}

function heading(text: string): void {
  say(styled(output, 'bold', text));
}

function say(text: string): void {
  output.write(`${text}\n`);
}

await demo();
