import { parseArgs } from 'node:util';
import type { Finding } from '../lib/finding.ts';
import { adversaryTable } from './generator/adversaries/table.ts';
import { soloAttacks } from './generator/attacks/catalogue.ts';
import { stories } from './generator/attacks/stories.ts';
import { generateCluster } from './generator/generate.ts';
import { oddities } from './generator/oddities/catalogue.ts';
import { findingsAbout } from './generator/oddity-alerts.ts';
import { rateInterval, shareInterval } from './generator/intervals.ts';
import { judgeCluster, tellingsOf, type Alert, type Telling, type Verdict } from './generator/judge.ts';
import { day } from './generator/world.ts';

const soloKinds = new Set(Object.keys(soloAttacks));
const storyKinds = new Set(Object.keys(stories));

/**
 * Measures the detector on generated clusters: `node test/evaluate-generated.ts --seeds 1-20`. Seeds 1 to 60 are for
 * tuning, 101 to 140 for confirming; `--quiet` leaves out which attacks were missed and which alerts were false.
 * `--oddities` lets each innocent oddity happen alone instead, in otherwise calm clusters; `--stories` only attacks of
 * several identities, each once; `--adversaries` who knows the detector, and how far each gets (docs/adversaries.md).
 */
async function evaluate(): Promise<void> {
  const { values } = parseArgs({ options: { seeds: { type: 'string', default: '1-20' }, quiet: { type: 'boolean', default: false }, oddities: { type: 'boolean', default: false }, stories: { type: 'boolean', default: false }, adversaries: { type: 'boolean', default: false } } });
  if (values.oddities) { await evaluateOddities(seedsOf(values.seeds)); return; }
  if (values.adversaries) {
    for await (const line of adversaryTable(seedsOf(values.seeds))) print(line);
    return;
  }
  const verdicts: Verdict[] = [];
  for (const seed of seedsOf(values.seeds)) {
    const begun = performance.now();
    const verdict = await judgeCluster(generateCluster(seed, values.stories ? { days: 14, attacks: Object.keys(stories), oddities: [] } : {}));
    verdicts.push(verdict);
    print(`${`seed ${String(seed)}`.padEnd(10)}${summaryOf([verdict])}; ${String(verdict.cluster.events.length)} events, ${((performance.now() - begun) / 1000).toFixed(1)} s`);
    if (!values.quiet) printDetails(verdict);
  }
  printTotal(verdicts);
}

async function evaluateOddities(seeds: readonly number[]): Promise<void> {
  for (const kind of Object.keys(oddities)) {
    const findings: Finding[] = [];
    for (const seed of seeds) findings.push(...await findingsAbout(kind, seed));
    print(`${kind.padEnd(24)} ${String(findings.length)} findings in ${String(seeds.length)} clusters`);
    for (const finding of findings) print(`  ${finding.severity} ${finding.score.toFixed(1)} of ${finding.identity}: ${reasonsOf({ finding })}`);
  }
}

function seedsOf(text: string): number[] {
  return text.split(',').flatMap((part) => {
    const [first = 1, last = first] = part.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

function summaryOf(verdicts: readonly Verdict[]): string {
  const total = verdicts.reduce((sum, { cluster }) => sum + cluster.scenarios.length, 0);
  const found = verdicts.reduce((sum, one) => sum + one.found.size, 0);
  return `${String(found)}/${String(total)} found, ${String(alertsOf(verdicts, 'false').length)} false in ${String(daysOf(verdicts))} days`;
}

function alertsOf(verdicts: readonly Verdict[], kind: Alert['kind']): Alert[] {
  return verdicts.flatMap(({ alerts }) => alerts.filter((alert) => alert.kind === kind));
}

function daysOf(verdicts: readonly Verdict[]): number {
  return verdicts.reduce((sum, { cluster }) => sum + cluster.days, 0);
}

function printDetails({ cluster, found, alerts, findings }: Verdict): void {
  for (const scenario of cluster.scenarios) {
    if (found.has(scenario)) continue;
    const labels = new Set(cluster.labels.filter((label) => label.scenario === scenario.id && label.role === 'attack').map(({ auditID }) => auditID));
    const low = findings.find(({ evidence }) => evidence.some(({ auditId }) => labels.has(auditId)));
    print(`  missed ${scenario.kind}${low ? `, recorded as ${low.severity} ${low.score.toFixed(1)} of ${low.identity}: ${reasonsOf({ finding: low })}` : ''}`);
  }
  for (const { scenario, alerts: told, findings: count, identities } of tellingsOf({ cluster, found, alerts, findings }, storyKinds)) {
    print(`  ${scenario.kind}: ${String(told)} alerts in ${String(count)} findings of ${identities.join(', ')}`);
  }
  for (const alert of alerts.filter(({ kind }) => kind === 'false')) {
    const { severity, score, identity, evidence } = alert.finding;
    const oddities = new Set(evidence.flatMap(({ auditId }) => cluster.oddities.get(auditId) ?? []));
    const date = Math.floor((alert.time - cluster.start) / day);
    print(`  false on day ${String(date)}, ${severity} ${score.toFixed(1)} of ${identity}${oddities.size > 0 ? ` [${[...oddities].join(', ')}]` : ''}: ${reasonsOf(alert)}`);
  }
}

function reasonsOf({ finding }: Pick<Alert, 'finding'>): string {
  return finding.reasons.slice(0, 4).map(({ words, score, detector }) => `${score.toFixed(1)} ${detector} ${words.slice(0, 110)}`).join(' | ');
}

function printTotal(verdicts: readonly Verdict[]): void {
  const delays = verdicts.flatMap(({ found }) => [...found.values()]).sort((one, other) => one - other);
  const total = verdicts.reduce((sum, { cluster }) => sum + cluster.scenarios.length, 0);
  const [least, most] = shareInterval(delays.length, total);
  const falses = alertsOf(verdicts, 'false').length;
  const [fewest, highest] = rateInterval(falses, daysOf(verdicts));
  print(`\n${summaryOf(verdicts)}`);
  print(`recall                        ${(delays.length / total).toFixed(3)} (95 %: ${least.toFixed(3)} to ${most.toFixed(3)})`);
  print(`false alerts per cluster-day  ${(falses / daysOf(verdicts)).toFixed(2)} (95 %: ${fewest.toFixed(2)} to ${highest.toFixed(2)})`);
  print(`alerts on consequences alone  ${String(alertsOf(verdicts, 'consequence').length)}`);
  printTellings('attacks of one identity', verdicts.flatMap((verdict) => tellingsOf(verdict, soloKinds)));
  printTellings('attacks of several', verdicts.flatMap((verdict) => tellingsOf(verdict, storyKinds)));
  print(`median seconds to alert       ${(delays[delays.length >> 1] ?? 0).toFixed(1)}\n`);
  const kinds = Map.groupBy(verdicts.flatMap(({ cluster, found }) => cluster.scenarios.map((scenario) => ({ kind: scenario.kind, isFound: found.has(scenario) }))), ({ kind }) => kind);
  for (const [kind, of] of [...kinds].sort(([one], [other]) => (one < other ? -1 : 1))) print(`  ${kind.padEnd(26)} ${String(of.filter(({ isFound }) => isFound).length)}/${String(of.length)}`);
}

function printTellings(name: string, tellings: readonly Telling[]): void {
  const told = tellings.filter(({ alerts }) => alerts > 0);
  const mean = (of: (one: Telling) => number): string => (told.reduce((sum, one) => sum + of(one), 0) / Math.max(1, told.length)).toFixed(2);
  const joined = told.filter(({ alerts, findings }) => findings === 1 && alerts <= 2).length;
  print(`${name.padEnd(30)}told of ${String(told.length)}/${String(tellings.length)}, by ${mean(({ alerts }) => alerts)} alerts in ${mean(({ findings }) => findings)} findings each; in one finding with two alerts at most ${String(joined)}`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

await evaluate();
