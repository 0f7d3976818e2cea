import { adversaries, measuredPaces, reachOf, type Reach } from '../adversaries.ts';

/** Measures every adversary in a calm cluster of each seed; gives a table's lines, one after the other. */
export async function* adversaryTable(seeds: readonly number[]): AsyncGenerator<string> {
  yield '| adversary | one in a | people told | read before they were | read by who stays unknown | of | secrets named |';
  yield '| --- | --- | --- | --- | --- | --- | --- |';
  for (const kind of Object.keys(adversaries)) {
    for (const pace of measuredPaces[kind] ?? []) {
      const reaches: Reach[] = [];
      for (const seed of seeds) reaches.push(await reachOf(kind, pace, seed));
      const each = (of: (reach: Reach) => number): string => reaches.map((reach) => String(of(reach))).join(', ');
      const share = (is: (reach: Reach) => boolean): string => `${String(reaches.filter(is).length)} of ${String(reaches.length)}`;
      yield `| ${kind} | ${pace} | ${share(({ unseen, stolen }) => unseen < stolen)} | ${each(({ before }) => before)} | ${each(({ unseen }) => unseen)} | ${each(({ stolen }) => stolen)} | ${share(({ isNamed }) => isNamed)} |`;
    }
  }
}
