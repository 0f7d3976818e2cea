import { parseAuditEvent } from '../../lib/audit/event.ts';
import { identityOf } from '../../lib/identity.ts';
import { loudAdversaries } from './adversaries/loud.ts';
import { quietAdversaries } from './adversaries/quiet.ts';
import type { Play } from './adversaries/thief.ts';
import { ForkedState } from '../evaluation/forked-state.ts';
import { generateCluster, quietDays, type GeneratedCluster, type GeneratorOptions } from './generate.ts';
import { judgeCluster } from './judge.ts';
import { day, hour, minute } from './world.ts';

/** Thieves of secrets who know how the detector works, and play to it. */
export const adversaries: Readonly<Record<string, Play>> = { ...quietAdversaries, ...loudAdversaries };

/** Milliseconds from one secret, or one round, to the next, and how many days a cluster must live for it. */
const paces = { second: { every: 1000, days: 11 }, minute: { every: minute, days: 11 }, hour: { every: hour, days: 17 }, day: { every: day, days: 24 } } as const;

/** One theft in so long. */
export type Pace = keyof typeof paces;

/** At which paces each adversary is measured. */
export const measuredPaces: Readonly<Record<string, readonly Pace[]>> = {
  'slow-theft': ['minute', 'hour', 'day'],
  'slow-theft-from-pod': ['second', 'minute', 'hour', 'day'],
  'all-as-usual': ['second', 'minute', 'hour', 'day'],
  'granted-reads': ['second', 'minute', 'hour'],
  'granted-operator': ['second', 'minute', 'hour'],
  'slow-poisoning': ['hour', 'day'],
  'many-identities': ['second', 'minute', 'hour'],
  'flood-of-others': ['second', 'minute'],
  'flood-of-self': ['second', 'minute'],
};

/** How far an adversary got. */
export interface Reach {
  /** Different secrets read. */
  readonly stolen: number;
  /** Of these, how many until people were told of anybody who read them; all where they never were. */
  readonly before: number;
  /** Of these, how many by identities that people were never told of. */
  readonly unseen: number;
  /** Alerts about the attack. */
  readonly alerts: number;
  /** Whether an alert of a thief says that secrets were read. */
  readonly isNamed: boolean;
}

/** Lets an adversary play in a calm cluster, and says how far it got. Throws where there is no such adversary. */
export async function reachOf(kind: string, pace: Pace, seed: number): Promise<Reach> {
  const play = adversaries[kind];
  if (!play) throw new Error(`no adversary ${kind}`);
  const { every, days } = paces[pace];
  const calm = { days, attacks: [], oddities: [] };
  const [, cluster] = halves(generateCluster(seed, { ...calm, alone: (stage) => { play(stage, every); } }));
  const thefts = theftsOf(cluster);
  const thieves = new Set(thefts.map(({ thief }) => thief));
  const alerts = (await judgeCluster(cluster, new ForkedState(await stateBefore(seed, calm)))).alerts.filter((alert) => alert.kind === 'true');
  const ofThieves = alerts.filter(({ finding }) => [finding.identity, ...finding.others].some((one) => thieves.has(one)));
  const told = Math.min(...ofThieves.map(({ time }) => time));
  const seen = new Set(ofThieves.flatMap(({ finding }) => [finding.identity, ...finding.others]));
  return {
    stolen: different(thefts), before: different(thefts.filter(({ time }) => time <= told)), unseen: different(thefts.filter(({ thief }) => !seen.has(thief))), alerts: alerts.length,
    isNamed: ofThieves.some(({ finding }) => finding.reasons.some(({ detector }) => detector === 'secret-read' || detector === 'secrets-breadth')),
  };
}

/** The state after the quiet days, by seed and days: all adversaries begin with the same. */
const states = new Map<string, Promise<ForkedState>>();

function stateBefore(seed: number, calm: GeneratorOptions & { days: number }): Promise<ForkedState> {
  const key = `${String(seed)} ${String(calm.days)}`;
  const known = states.get(key) ?? learned(seed, calm);
  states.set(key, known);
  return known;
}

async function learned(seed: number, calm: GeneratorOptions): Promise<ForkedState> {
  const state = new ForkedState();
  const [quiet] = halves(generateCluster(seed, calm));
  await judgeCluster(quiet, state);
  return state;
}

/** The quiet days, and what comes after them. */
function halves(cluster: GeneratedCluster): [GeneratedCluster, GeneratedCluster] {
  const end = cluster.start + quietDays * day;
  const { before = [], after = [] } = Object.groupBy(cluster.events, ({ stageTimestamp }) => (Date.parse(stageTimestamp) < end ? 'before' : 'after'));
  return [{ ...cluster, events: before }, { ...cluster, events: after }];
}

interface Theft { readonly secret: string; readonly thief: string; readonly time: number }

function theftsOf({ events, labels }: GeneratedCluster): Theft[] {
  const own = new Set(labels.map(({ auditID }) => auditID));
  return events.filter(({ auditID }) => own.has(auditID)).flatMap((json) => {
    const event = parseAuditEvent(JSON.stringify(json));
    const { resource, namespace = '', name } = event.objectRef ?? {};
    const isRead = resource === 'secrets' && name !== undefined && event.responseStatus?.code === 200;
    return isRead ? [{ secret: `${namespace}/${name}`, thief: identityOf(event).id, time: Date.parse(event.requestReceivedTimestamp) }] : [];
  });
}

function different(thefts: readonly Theft[]): number {
  return new Set(thefts.map(({ secret }) => secret)).size;
}
