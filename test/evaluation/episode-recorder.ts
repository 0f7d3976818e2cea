import { decodeIdentity, type IdentityState } from '../../lib/baseline/codec.ts';
import type { Evidence } from '../../lib/finding.ts';
import type { IdentityKind } from '../../lib/identity.ts';
import type { Episode, Signal } from '../../lib/scoring/episode.ts';
import type { StateItem, StateStore } from '../../lib/store.ts';
import { windowMs } from '../../lib/time.ts';

/** The signals of an episode as they stood at a time. */
export interface EpisodeStep {
  /** Milliseconds since the epoch: of the latest evidence, or the latest signal's window. */
  readonly time: number;
  readonly signals: readonly Signal[];
}

/** All that became of one episode, however little: also what was never worth a finding. */
export interface RecordedEpisode {
  readonly identity: string;
  readonly kind: IdentityKind;
  /** Each change of its signals. */
  readonly steps: EpisodeStep[];
  evidence: readonly Evidence[];
}

/** Watches the states that an engine writes, and keeps every identity's episodes step by step. */
export class EpisodeRecorder implements StateStore {
  readonly #inner: StateStore;
  readonly #prefix: string;
  readonly #episodes = new Map<string, RecordedEpisode>();

  constructor(inner: StateStore, cluster: string) {
    this.#inner = inner;
    this.#prefix = `identity|${cluster}|`;
  }

  /** Every episode, in the order in which they began. */
  get episodes(): RecordedEpisode[] {
    return [...this.#episodes.values()];
  }

  /** @inheritdoc */
  read(keys: readonly string[]): Promise<Map<string, StateItem>> {
    return this.#inner.read(keys);
  }

  /** @inheritdoc */
  async write(key: string, bytes: Uint8Array, expectedVersion: number): Promise<void> {
    await this.#inner.write(key, bytes, expectedVersion);
    if (key.startsWith(this.#prefix)) this.#note(key.slice(this.#prefix.length), decodeIdentity(bytes));
  }

  #note(identity: string, { baseline, episode }: IdentityState): void {
    if (!episode) return;
    const key = `${identity}|${String(episode.slot)}`;
    const recorded = this.#episodes.get(key) ?? { identity, kind: baseline.kind, steps: [], evidence: [] };
    this.#episodes.set(key, recorded);
    recorded.evidence = episode.evidence;
    if (sumOf(episode.signals.values()) !== sumOf(recorded.steps.at(-1)?.signals ?? [])) recorded.steps.push({ time: timeOf(episode), signals: [...episode.signals.values()] });
  }
}

/** Changes with every change of a signal. */
function sumOf(signals: Iterable<Signal>): string {
  let text = '';
  for (const { key, decades, elsewhere } of signals) text += `${key} ${String(decades)} ${String(elsewhere)}\n`;
  return text;
}

function timeOf({ lastSeen, signals }: Episode): number {
  return [...signals.values()].reduce((latest, { window }) => Math.max(latest, window * windowMs), lastSeen);
}
