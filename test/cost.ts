import { estimateMonth, guardDutyPrice } from './scale/cost-model.ts';
import { measured } from './scale/measured.ts';

/** Prints what fleets take and cost in a month, by what `npm run scale` measured (test/scale/measured.ts): `npm run cost`. */
const fleets = [[1, 1e6], [1, 10e6], [1, 100e6], [1, 200e6], [100, 100e6], [100, 1e9], [100, 10e9], [10_000, 10e9], [10_000, 100e9]] as const;
const widths = [9, 11, 8, 13, 9, 11, 7, 10, 11, 9];

function print(...cells: readonly string[]): void {
  process.stdout.write(`${cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join('').trimEnd()}\n`);
}

function millions(count: number): string {
  return `${rounded(count / 1e6, count < 10e6 ? 1 : 0)} M`;
}

function rounded(value: number, digits = 0): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: digits, minimumFractionDigits: digits });
}

print('clusters', 'events', 'intake', 'GB-seconds', 'writes', 'reads', 'GB', 'dollars', 'GuardDuty', 'share', 'first limit, of it on average');
for (const [clusters, eventsPerMonth] of fleets) {
  for (const intake of ['direct', 'stream'] as const) {
    const month = estimateMonth(measured, { clusters, eventsPerMonth, intake });
    const theirs = guardDutyPrice(eventsPerMonth);
    const [first] = month.limits;
    print(rounded(clusters), millions(eventsPerMonth), intake, rounded(month.lambdaSeconds), millions(month.writeUnits), millions(month.readUnits), rounded(month.storedGb, 2), `$${rounded(month.total, month.total < 1000 ? 2 : 0)}`,
      theirs === undefined ? '' : `$${rounded(theirs, 2)}`, theirs === undefined ? '' : `${rounded((100 * month.total) / theirs)} %`, first ? `${first.name}: ${rounded(100 * first.share, 1)} %` : '');
  }
}
