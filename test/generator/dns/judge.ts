import { isUsualInCluster, nameMaturity, newNameBaseline, type NameBaseline } from '../../../lib/egress/names/name-baseline.ts';
import { learnDomain, learnQuery } from '../../../lib/egress/names/learn-query.ts';
import type { NameSignal } from '../../../lib/egress/names/looked.ts';
import { ThreatList } from '../../../lib/egress/threat-list.ts';
import { mediumScore } from '../../../lib/scoring/episode.ts';
import { windowOf, windowsPerDay } from '../../../lib/time.ts';
import type { GeneratedNames } from './generate.ts';
import { day, start, type Scenario } from './world.ts';

/** A signal that alone tells people, of nothing that an attacker did. */
export interface FalseSignal {
  readonly workload: string;
  readonly day: number;
  readonly signal: NameSignal;
}

/** How a cluster's look-ups were judged. */
export interface NamesVerdict {
  readonly names: GeneratedNames;
  /** By scenario, the milliseconds from its first look-up to the first signal that alone tells people. */
  readonly found: ReadonlyMap<Scenario, number>;
  /** Of each scenario the most surprising signal. */
  readonly best: ReadonlyMap<Scenario, NameSignal>;
  readonly falses: readonly FalseSignal[];
  readonly baselines: ReadonlyMap<string, NameBaseline>;
}

/** Plays a cluster's look-ups, nothing known before. The same signal of the same workload counts once in twelve hours. */
export function judgeNames(names: GeneratedNames): NamesVerdict {
  const threats = new ThreatList();
  threats.add(names.scenarios.flatMap(({ listed = [] }) => listed).join('\n'), start);
  const cluster = newNameBaseline();
  const baselines = new Map<string, NameBaseline>();
  const begun = new Map<Scenario, number>();
  const found = new Map<Scenario, number>();
  const best = new Map<Scenario, NameSignal>();
  const told = new Map<string, number>();
  const falses: FalseSignal[] = [];
  for (const { workload, query, scenario } of names.queries) {
    const window = windowOf(query.time);
    const own = baselines.get(workload) ?? newNameBaseline();
    baselines.set(workload, own);
    const { signals } = learnQuery(own, query, { window, isUsual: (domain) => isUsualInCluster(cluster, own, { domain, window }), threat: threats.domainEntry(query.name), clusterMaturity: nameMaturity(cluster, window) });
    learnDomain(cluster, query, window);
    if (scenario && !begun.has(scenario)) begun.set(scenario, query.time);
    for (const signal of signals) {
      if (scenario && scenario.detectors.includes(signal.detector)) {
        if (signal.decades > (best.get(scenario)?.decades ?? 0)) best.set(scenario, signal);
        if (signal.decades >= mediumScore) told.set(`${workload} ${signal.key}`, window);
        if (signal.decades >= mediumScore && !found.has(scenario)) found.set(scenario, query.time - (begun.get(scenario) ?? 0));
      } else if (!scenario && signal.decades >= mediumScore) {
        const key = `${workload} ${signal.key}`;
        if (window - (told.get(key) ?? -Infinity) > windowsPerDay / 2) falses.push({ workload, day: Math.floor((query.time - start) / day), signal });
        told.set(key, window);
      }
    }
  }
  return { names, found, best, falses, baselines };
}
