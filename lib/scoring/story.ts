import type { IdentityState } from '../baseline/codec.ts';
import { addEvidence, addSignal, gravest, isOver, type Episode, type StoryPart } from './episode.ts';
import { judge } from './identity-state.ts';
import type { Lead } from './leads.ts';

/**
 * Makes an identity's episode a part of the story that a lead comes from, in place: once it is worth recording, unless
 * people were told of it, or others may be a part of it. `true` when that changed it.
 */
export function joinStory(episode: Episode, { story }: Lead, time: number): boolean {
  const isTold = episode.reached.medium !== undefined && episode.reached.medium < time;
  if (episode.story || episode.leads || isTold || gravest(episode) === undefined) return false;
  episode.story = story;
  return true;
}

/** Gives the episode a story is told in, as long as it goes on; `undefined` when it is over. */
export function tellingEpisode(state: IdentityState | undefined, { slot }: StoryPart, window: number): Episode | undefined {
  const episode = state?.episode;
  return episode?.slot === slot && !episode.story && !isOver(episode, window) ? episode : undefined;
}

/**
 * Adds what another identity did to the story it is a part of, in place: its signals and its evidence, each once however
 * often it is told. `time` is that of its latest request, in milliseconds since the epoch. `true` when that changed it.
 */
export function tellStory(teller: IdentityState, episode: Episode, part: { identity: string; episode: Episode; time: number }): boolean {
  const { changes } = episode;
  const known = new Set(episode.evidence.map(({ auditId }) => auditId));
  for (const evidence of part.episode.evidence) {
    if (!known.has(evidence.auditId)) addEvidence(episode, { ...evidence, by: part.identity }, Date.parse(evidence.time));
  }
  for (const signal of part.episode.signals.values()) {
    if (signal.group === 'habit' || signal.group === 'time') continue;
    const impliedBy = signal.impliedBy?.map((key) => keyOf(part.identity, key));
    const toldBy = signal.toldBy?.map((key) => keyOf(part.identity, key));
    addSignal(episode, { ...signal, key: keyOf(part.identity, signal.key), by: part.identity, ...(impliedBy ? { impliedBy } : {}), ...(toldBy ? { toldBy } : {}) });
    episode.news = Math.max(episode.news, signal.window);
  }
  if (episode.changes === changes) return false;
  judge(teller, episode, part.time);
  return true;
}

function keyOf(identity: string, key: string): string {
  return `${identity} ${key}`;
}
