import type { ApiRequest } from '../audit/request.ts';
import type { IdentityState } from '../baseline/codec.ts';
import type { Episode, Signal, StoryPart } from '../scoring/episode.ts';
import { addLead, leadsOf, leadTo, objectTarget, type Lead } from '../scoring/leads.ts';
import { newObjectOf } from '../scoring/new-objects.ts';
import type { Observation } from '../scoring/identity-state.ts';
import { joinStory, tellingEpisode, tellStory } from '../scoring/story.ts';
import { windowOf } from '../time.ts';
import { identityKey, identityOfKey } from './state-keys.ts';
import type { Work } from './work.ts';

/** A request that was unusual: takes its identity's episode into the story it belongs to, and notes where it may lead. */
export function followStory(work: Work, { request, key, signals, state }: { request: ApiRequest | Observation; key: string; signals: readonly Signal[]; state: IdentityState }): void {
  const episode = state.episode as Episode;
  const lead = work.leads.state && leadTo(work.leads.state, request);
  if (lead && tellerOf(work, lead.story, windowOf(request.time)) && joinStory(episode, lead, request.time)) work.changed.add(key);
  if (episode.story) tell(work, episode.story, { identity: request.identity.id, episode, time: request.time });
  const story = episode.story ?? { identity: request.identity.id, slot: episode.slot };
  // What the network shows leads nowhere.
  for (const { kind, target } of 'signals' in request ? [] : leadsOf(request, signals, episode)) {
    const left = { kind, by: request.identity.id, story, time: request.time };
    if (leaveLead(work, target, left)) work.changed.add(key);
    // The lead may have been saved by a delivery that failed after it.
    const kept = work.leads.state?.get(target)?.story;
    if (episode.story || episode.leads || kept?.identity !== story.identity || kept.slot !== story.slot) continue;
    episode.leads = true;
    work.changed.add(key);
  }
}

/** Notes who made what a request brought into being. */
export function noteNewObject(work: Work, request: ApiRequest, { baseline }: IdentityState): void {
  const object = newObjectOf(request, baseline, windowOf(request.time));
  if (!object) return;
  const { id } = request.identity;
  leaveLead(work, objectTarget(object), { kind: 'creation', by: id, story: { identity: id, slot: 0 }, time: request.time });
}

/** Leaves a lead, to be saved with this delivery. `true` when that changed anything. */
function leaveLead(work: Work, target: string, lead: Lead): boolean {
  work.leads.state ??= new Map();
  if (!addLead(work.leads.state, target, lead)) return false;
  work.newLeads.set(target, lead);
  return true;
}

function tell(work: Work, story: StoryPart, part: { identity: string; episode: Episode; time: number }): void {
  const teller = tellerOf(work, story, windowOf(part.time));
  if (teller && tellStory(teller.state, teller.episode, part)) work.changed.add(identityKey(work.cluster, story.identity));
}

/** Gives the episode a story is told in, with its identity's state; `undefined` when it is over. */
export function tellerOf(work: Work, story: StoryPart, window: number): { state: IdentityState; episode: Episode } | undefined {
  const state = work.identities.get(identityKey(work.cluster, story.identity))?.state;
  const episode = tellingEpisode(state, story, window);
  return state && episode && { state, episode };
}

/** Tells again, in an episode that was read anew, what others in this delivery did that is a part of it. */
export function retellStories(work: Work, key: string): void {
  for (const [one, { state }] of work.identities) {
    const episode = state?.episode;
    if (!episode?.story || identityKey(work.cluster, episode.story.identity) !== key) continue;
    tell(work, episode.story, { identity: identityOfKey(work.cluster, one), episode, time: episode.lastSeen });
  }
}
