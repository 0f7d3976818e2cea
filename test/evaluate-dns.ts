import { deflateRawSync } from 'node:zlib';
import { parseArgs } from 'node:util';
import { generateNames } from './generator/dns/generate.ts';
import { judgeNames, type NamesVerdict } from './generator/dns/judge.ts';
import { rateInterval, shareInterval } from './generator/intervals.ts';

/**
 * Measures what is found in look-ups of names on generated clusters: `node test/evaluate-dns.ts --seeds 1-20`. Seeds 1 to 20 are for
 * tuning, 101 to 120 for confirming; `--quiet` leaves out which attacks were missed and which signals were false.
 */
function evaluate(): void {
  const { values } = parseArgs({ options: { seeds: { type: 'string', default: '1-20' }, quiet: { type: 'boolean', default: false } } });
  const tallies: Tally[] = [];
  for (const seed of seedsOf(values.seeds)) {
    const begun = performance.now();
    const verdict = judgeNames(generateNames(seed));
    tallies.push(tallyOf(verdict));
    print(`seed ${String(seed).padEnd(5)}${String(verdict.found.size)}/${String(verdict.names.scenarios.length)} found, ${String(verdict.falses.length)} false; ${String(verdict.names.queries.length)} look-ups, ${((performance.now() - begun) / 1000).toFixed(1)} s`);
    if (!values.quiet) printDetails(verdict);
  }
  printTotal(tallies);
}

/** What is kept of a cluster once it is judged. */
interface Tally {
  readonly days: number;
  readonly falses: number;
  readonly queries: number;
  readonly largest: number;
  readonly attacks: readonly { readonly kind: string; readonly delay: number | undefined }[];
}

function tallyOf({ names, found, falses, baselines }: NamesVerdict): Tally {
  const sizes = [...baselines.values()].map((baseline) => deflateRawSync(JSON.stringify(baseline)).length);
  return { days: names.days, falses: falses.length, queries: names.queries.length, largest: Math.max(...sizes), attacks: names.scenarios.map((scenario) => ({ kind: scenario.kind, delay: found.get(scenario) })) };
}

function seedsOf(text: string): number[] {
  return text.split(',').flatMap((part) => {
    const [first = 1, last = first] = part.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

function printDetails({ names, found, best, falses }: NamesVerdict): void {
  for (const scenario of names.scenarios) {
    if (found.has(scenario)) continue;
    const signal = best.get(scenario);
    print(`  missed ${scenario.kind}${signal ? `: ${signal.decades.toFixed(1)} ${signal.words}; ${signal.why}` : ''}`);
  }
  for (const { workload, day, signal } of falses) print(`  false on day ${String(day)}, ${workload}: ${signal.decades.toFixed(1)} ${signal.detector} ${signal.words.slice(0, 140)}; ${signal.why}`);
}

function printTotal(tallies: readonly Tally[]): void {
  const sum = (of: (tally: Tally) => number): number => tallies.reduce((total, tally) => total + of(tally), 0);
  const attacks = tallies.flatMap((tally) => tally.attacks);
  const found = attacks.filter(({ delay }) => delay !== undefined);
  const days = sum((tally) => tally.days);
  const falses = sum((tally) => tally.falses);
  print(`\nrecall                         ${share(found.length, attacks.length)}`);
  const [fewest, most] = rateInterval(falses, days);
  print(`false signals per cluster-day  ${(falses / days).toFixed(3)} (95 %: ${fewest.toFixed(3)} to ${most.toFixed(3)}), ${String(falses)} in ${String(days)} days`);
  print(`look-ups per cluster-day       ${(sum(({ queries }) => queries) / days).toFixed(0)}`);
  print(`largest baseline               ${(Math.max(...tallies.map(({ largest }) => largest)) / 1024).toFixed(1)} KB deflated\n`);
  for (const [kind, of] of [...Map.groupBy(attacks, (attack) => attack.kind)].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const delays = of.flatMap(({ delay }) => delay ?? []).sort((one, other) => one - other);
    print(`  ${kind.padEnd(20)} ${share(delays.length, of.length)}  median ${((delays[delays.length >> 1] ?? 0) / 60_000).toFixed(0)} minutes`);
  }
}

function share(hits: number, of: number): string {
  const [least, most] = shareInterval(hits, of);
  return `${String(hits)}/${String(of)} ${(hits / of).toFixed(3)} (95 %: ${least.toFixed(3)} to ${most.toFixed(3)})`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

evaluate();
