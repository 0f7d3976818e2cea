import type { AuditEvent } from '../../lib/audit/event.ts';
import { Engine } from '../../lib/engine/engine.ts';
import { identityKey } from '../../lib/engine/state-keys.ts';
import type { Finding } from '../../lib/finding.ts';
import type { Identity } from '../../lib/identity.ts';
import { MemoryFindingStore } from '../../lib/memory-stores.ts';
import { actsAt, copyOf, twoWeeksOf, type Habit } from '../evaluation/acts-history.ts';
import { ForkedState } from '../evaluation/forked-state.ts';
import type { Row } from './row.ts';

const cluster = 'proofs';
/** About what a person has in two weeks; machines have more, which tells no more. */
const enoughHours = 50;

/** An act that shows a row, by an identity of which more is known. */
export interface Proof {
  readonly row: string;
  readonly identity: Identity;
  /** Done in the weeks before besides everyday life, where the row is about leaving it: the same from the usual place, say. */
  readonly before: readonly AuditEvent[];
  readonly act: readonly AuditEvent[];
}

/** A cluster after two calm weeks, in which acts can be done; each act finds it as it was. */
export class CalmCluster {
  readonly #life: ReadonlyMap<string, Habit>;
  readonly #state = new ForkedState();

  private constructor(life: ReadonlyMap<string, Habit>) {
    this.#life = life;
  }

  /** Lives through two weeks of everyday life, by identity. */
  static async after(life: ReadonlyMap<string, Habit>): Promise<CalmCluster> {
    const calm = new CalmCluster(life);
    await learn([...twoWeeksOf(life.values())], calm.#state);
    return calm;
  }

  /** Gives what people are sent when an identity does what it never did. */
  newly({ identity, before, act }: Proof): Promise<Finding[]> {
    return this.#sentAfter(identity, { before, act });
  }

  /** Gives what people are sent when it does the same after it did so for two weeks. */
  routinely({ identity, before, act }: Proof): Promise<Finding[]> {
    return this.#sentAfter(identity, { before: [...before, ...act], act });
  }

  async #sentAfter(identity: Identity, { before, act }: Pick<Proof, 'before' | 'act'>): Promise<Finding[]> {
    const state = new ForkedState(this.#state);
    if (before.length > 0) {
      // Its weeks are lived anew.
      state.replace(identityKey(cluster, identity.id), undefined);
      const events = [...(this.#life.get(identity.id)?.events ?? []), ...before];
      await learn(thinned([...twoWeeksOf([{ identity, events }])]), state);
    }
    const findings = new MemoryFindingStore();
    await new Engine({ state, findings }).process({ cluster, events: copyOf(act, actsAt, false) });
    return findings.query({ atLeast: 'medium', limit: 1000 });
  }
}

/** Whether a finding names who did it and says what a row is about. */
export function shows({ detectors }: Row, { identity }: Proof, finding: Finding): boolean {
  return finding.identity === identity.id && finding.reasons.some(({ detector }) => detectors.includes(detector));
}

/** Leaves hours out of an identity's weeks, all in proportion: what it does in those that stay is usual for it. */
function thinned(hours: readonly AuditEvent[][]): AuditEvent[][] {
  const every = Math.ceil(hours.length / enoughHours);
  return hours.filter((_, index) => index % every === 0);
}

async function learn(hours: readonly AuditEvent[][], state: ForkedState): Promise<void> {
  const engine = new Engine({ state, findings: new MemoryFindingStore() }, { learnUntilEpochMs: actsAt });
  // A day comes at once: what is learned is the same, and learned sooner.
  const days = Map.groupBy(hours.flat(), ({ requestReceivedTimestamp }) => requestReceivedTimestamp.slice(0, 10));
  for (const events of days.values()) await engine.process({ cluster, events });
}
