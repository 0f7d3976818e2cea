import type { AuditEvent } from '../../lib/audit/event.ts';
import { decodeIdentity } from '../../lib/baseline/codec.ts';
import { Engine } from '../../lib/engine/engine.ts';
import { identityKey } from '../../lib/engine/state-keys.ts';
import { severityRank, type Finding, type Severity } from '../../lib/finding.ts';
import type { Identity } from '../../lib/identity.ts';
import { MemoryFindingStore } from '../../lib/memory-stores.ts';
import { scoreOf } from '../../lib/scoring/episode.ts';
import { actsAt, copyOf, habitWith, livelyHabits, twoWeeksOf, type EverydayLife, type Habit, type Origin } from './acts-history.ts';
import { isBaseline, type Act, type ActGroup, type Recording } from './acts-recording.ts';
import { ForkedState } from './forked-state.ts';

const cluster = 'acts';
/** What is sent to people. */
const least: Severity = 'medium';

/** Acts of one row by one identity, done one after the other after two weeks of history. */
export interface Case {
  readonly row: string;
  readonly group: ActGroup;
  readonly identity: Identity;
  readonly variants: readonly string[];
  readonly acts: readonly Act[];
}

/** What an unusual thing was scored. */
export interface ScoredSignal {
  readonly detector: string;
  readonly decades: number;
  readonly words: string;
}

/** What became of a case. */
export interface Outcome {
  readonly row: string;
  readonly group: ActGroup;
  readonly identity: string;
  readonly kind: string;
  readonly history: Origin;
  readonly variants: readonly string[];
  /** A finding that people are sent names the identity, and has what it did as evidence. */
  readonly found: boolean;
  /** Such a finding names others alone, who did something with what the acts made. */
  readonly foundElsewhere: boolean;
  /** All that decides was in bodies that were never read. */
  readonly unread: boolean;
  readonly severity: Severity | undefined;
  readonly score: number;
  readonly signals: readonly ScoredSignal[];
}

/**
 * In a quiet cluster nobody has done anything but everyday things. In a lively one everybody but who is looked at has
 * done near acts too, so that they are not the first of their kind.
 */
export type World = 'quiet' | 'lively';

/** Runs cases, each from the same learned background. */
export class CaseRunner {
  readonly #recording: Recording;
  readonly #life: EverydayLife;
  /** Of a quiet cluster: what single identities do without any near act. */
  readonly #quiet = new ForkedState();
  #background = this.#quiet;

  constructor(recording: Recording, life: EverydayLife) {
    this.#recording = recording;
    this.#life = life;
  }

  /**
   * Lives through two weeks in which nothing but everyday life happens.
   * @returns what people were sent meanwhile; in a quiet cluster it should be nothing.
   */
  async learn(world: World): Promise<Finding[]> {
    const findings = await liveThrough(this.#life.habits.values(), this.#quiet);
    if (world === 'quiet') return findings;
    this.#background = new ForkedState();
    return liveThrough(livelyHabits(this.#life, this.#recording.acts), this.#background);
  }

  /** Runs one case. */
  async run(one: Case): Promise<Outcome> {
    const state = new ForkedState(this.#background);
    // What it did itself is left out of what its companions do, so its own item alone has to be exchanged.
    const key = identityKey(cluster, one.identity.id);
    state.replace(key, this.#quiet.item(key));
    const findings = new MemoryFindingStore();
    await this.#learnHistoryOf(one, state);
    const engine = new Engine({ state, findings });
    for (const events of deliveriesOf(one.acts)) await engine.process({ cluster, events });
    return this.#outcomeOf(one, state, await findings.query({ limit: 1000 }));
  }

  /** Some rows say what their identities did before, or repeat what is routine: then the whole history is learned anew. */
  async #learnHistoryOf({ row, group, identity }: Case, state: ForkedState): Promise<void> {
    const isBefore = (act: Act): boolean => isBaseline(act) || (group === 'routine' && act.group === 'routine');
    const [first, ...rest] = this.#recording.acts.filter((act) => act.row === row && act.identity.id === identity.id && isBefore(act));
    if (!first) return;
    state.replace(identityKey(cluster, identity.id), undefined);
    const engine = new Engine({ state, findings: new MemoryFindingStore() }, { learnUntilEpochMs: actsAt });
    for (const events of twoWeeksOf([habitWith(this.#life, [first, ...rest])])) await engine.process({ cluster, events });
  }

  #outcomeOf({ row, group, identity, variants, acts }: Case, state: ForkedState, findings: readonly Finding[]): Outcome {
    const did = new Set(acts.flatMap(({ events, consequences }) => [...events, ...consequences]).map(({ auditID }) => auditID));
    const sent = findings.filter(({ severity, evidence }) => severityRank(severity) >= severityRank(least) && evidence.some(({ auditId }) => did.has(auditId)));
    const item = state.item(identityKey(cluster, identity.id));
    const { episode, baseline } = item ? decodeIdentity(item.bytes) : {};
    const signals = [...(episode?.signals.values() ?? [])].sort((one, other) => other.decades - one.decades);
    return {
      row,
      group,
      identity: identity.id,
      kind: identity.kind,
      history: this.#life.originOf(identity.id),
      variants,
      found: sent.some((finding) => finding.identity === identity.id),
      foundElsewhere: sent.some((finding) => finding.identity !== identity.id),
      unread: acts.every(({ refusedUnread }) => refusedUnread === true),
      severity: findings.find((finding) => finding.identity === identity.id)?.severity,
      score: episode ? round(scoreOf(episode, baseline?.kind === 'person')) : 0,
      signals: signals.map(({ detector, decades, words }) => ({ detector, decades: round(decades), words })),
    };
  }
}

async function liveThrough(habits: Iterable<Habit>, state: ForkedState): Promise<Finding[]> {
  const findings = new MemoryFindingStore();
  const engine = new Engine({ state, findings });
  for (const events of twoWeeksOf(habits)) await engine.process({ cluster, events });
  return findings.query({ atLeast: least, limit: 1000 });
}

/** Makes cases of acts: one for each row, group and identity, or for each of these and variant. */
export function casesOf({ acts }: Recording, by: 'identity' | 'variant'): Case[] {
  const done = acts.filter((act) => !isBaseline(act));
  const keyOf = ({ row, group, identity, variant }: Act): string => JSON.stringify([row, group, identity.id, by === 'variant' ? variant : '']);
  return [...Map.groupBy(done, keyOf).values()].flatMap((some) => {
    const [first] = some;
    return first ? [{ row: first.row, group: first.group, identity: first.identity, variants: [...new Set(some.map(({ variant }) => variant))], acts: some }] : [];
  });
}

/** What comes together, minute by minute. */
function deliveriesOf(acts: readonly Act[]): AuditEvent[][] {
  const events = copyOf(acts.flatMap(({ events, consequences }) => [...events, ...consequences]), actsAt, false);
  return [...Map.groupBy(events, ({ requestReceivedTimestamp }) => requestReceivedTimestamp.slice(0, 16))].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, some]) => some);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
