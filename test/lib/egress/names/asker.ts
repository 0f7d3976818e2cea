import { isUsualInCluster, nameMaturity, newNameBaseline, type NameBaseline } from '../../../../lib/egress/names/name-baseline.ts';
import { learnDomain, learnQuery } from '../../../../lib/egress/names/learn-query.ts';
import type { NameSignal, QuerySetting } from '../../../../lib/egress/names/looked.ts';
import type { DnsQuery } from '../../../../lib/egress/query-log.ts';
import { windowOf } from '../../../../lib/time.ts';

export const monday = Date.UTC(2026, 2, 2);
export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

/** A look-up with an ordinary answer, at a time from the Monday on. */
export function queryAt(time: number, name: string, more: Partial<DnsQuery> = {}): DnsQuery {
  return { time: monday + time, sourceAddress: '10.0.1.5', name, type: 'A', responseCode: 'NOERROR', answers: ['203.0.113.9'], blocked: false, vpcId: 'vpc-1', instanceId: '', ...more };
}

/** A workload in a cluster of its own. */
export class TestAsker {
  readonly baseline: NameBaseline;
  readonly cluster: NameBaseline;

  constructor(cluster = newNameBaseline(), baseline = newNameBaseline()) {
    this.cluster = cluster;
    this.baseline = baseline;
  }

  /** One that has looked up the same few domains every ten minutes for six days. */
  static settled(): TestAsker {
    const asker = new TestAsker();
    for (let time = 0; time < 6 * day; time += 10 * minute) asker.look(queryAt(time, 'api.example.com'), queryAt(time + 5000, 'sqs.eu-west-1.amazonaws.com'));
    return asker;
  }

  /** Learns look-ups; gives what was unusual. */
  look(...queries: readonly DnsQuery[]): NameSignal[] {
    return queries.flatMap((query) => this.lookWith(query).signals);
  }

  lookWith(query: DnsQuery, more: Partial<QuerySetting> = {}): ReturnType<typeof learnQuery> {
    const window = windowOf(query.time);
    const learned = learnQuery(this.baseline, query, { window, isUsual: (domain) => isUsualInCluster(this.cluster, this.baseline, { domain, window }), clusterMaturity: nameMaturity(this.cluster, window), ...more });
    learnDomain(this.cluster, query, window);
    return learned;
  }
}

/** The most surprising signal of each detector. */
export function mostOf(signals: readonly NameSignal[]): Record<string, number> {
  const most: Record<string, number> = {};
  for (const { detector, decades } of signals) most[detector] = Math.max(most[detector] ?? 0, decades);
  return most;
}
