import type { DnsQuery } from '../../../lib/egress/query-log.ts';
import type { Random } from '../random.ts';

export const second = 1000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;
/** A Monday. */
export const start = Date.UTC(2026, 2, 2);

/** A program that asks for names. */
export interface Asker {
  readonly workload: string;
  readonly replicas: number;
  /** Whether it asks the VPC's resolver itself, by `dnsPolicy: Default` or from a node; else the cluster's DNS server asks for it. */
  readonly isDirect: boolean;
}

/** A name that a program asks for, before any cache. */
export interface Ask {
  readonly time: number;
  readonly asker: Asker;
  readonly name: string;
  readonly type: string;
  readonly responseCode: string;
  readonly answers: readonly string[];
  /** The attack it belongs to. */
  readonly scenario?: Scenario;
}

/** An attack: it is found when one of these detectors speaks of its look-ups, grave enough to tell people. */
export interface Scenario {
  readonly kind: string;
  readonly detectors: readonly string[];
  /** Domains that are on a list of known bad ones. */
  readonly listed?: readonly string[];
}

/** A look-up as it reaches the log, and who asked as far as the log can tell. */
export interface LabelledQuery {
  readonly workload: string;
  readonly query: DnsQuery;
  readonly scenario: Scenario | undefined;
}

/** Asks are collected here. */
export class World {
  readonly asks: Ask[] = [];
  readonly random: Random;
  readonly days: number;
  readonly askers: readonly Asker[];

  constructor(random: Random, days: number) {
    this.random = random;
    this.days = days;
    const count = random.int(10, 22);
    this.askers = Array.from({ length: count }, (_, index) => ({ workload: `Deployment/app-${String(index)}`, replicas: random.weighted([[1, 3], [2, 4], [3, 3], [6, 1]]), isDirect: random.chance(0.15) }));
  }

  get end(): number {
    return start + this.days * day;
  }

  /** Adds a look-up; what is not said is an ordinary answer. */
  ask(time: number, asker: Asker, ask: { name: string } & Partial<Ask>): void {
    if (time < this.end) this.asks.push({ time, asker, type: 'A', responseCode: 'NOERROR', answers: [this.outsideAddress()], ...ask });
  }

  outsideAddress(): string {
    return `${String(this.random.int(11, 99))}.${String(this.random.int(0, 255))}.${String(this.random.int(0, 255))}.${String(this.random.int(1, 254))}`;
  }
}

/** The cluster's DNS server keeps answers for so long (EKS's Corefile has `cache 30`); it runs twice. */
const cacheTime = 30 * second;
const copies = 2;

/** What the resolver logs of what programs ask: what the cluster's DNS server has in its cache does not reach it. */
export function loggedQueries({ asks, random }: World): LabelledQuery[] {
  const caches = Array.from({ length: copies }, () => new Map<string, number>());
  const sorted = asks.sort((one, other) => one.time - other.time);
  const logged: LabelledQuery[] = [];
  for (const { time, asker, scenario, name, type, responseCode, answers } of sorted) {
    if (!asker.isDirect) {
      const cache = random.pick(caches);
      const key = `${type} ${name}`;
      if ((cache.get(key) ?? 0) > time) continue;
      if (cache.size > 5000) cache.clear();
      cache.set(key, time + cacheTime);
    }
    const query: DnsQuery = { time, sourceAddress: '10.0.0.1', name, type, responseCode, answers: responseCode === 'NOERROR' ? answers : [], blocked: false, vpcId: 'vpc-1', instanceId: '' };
    logged.push({ workload: asker.isDirect ? asker.workload : 'Deployment/coredns', query, scenario });
  }
  return logged;
}
