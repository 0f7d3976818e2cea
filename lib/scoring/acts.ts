import { isDryRun } from '../audit/dry-run.ts';
import type { ApiRequest } from '../audit/request.ts';
import { actDetectors } from '../detectors/catalogue.ts';
import { refusalsBreadth } from '../detectors/refusals-breadth.ts';
import { consider, habitFeature, signalOf, type Candidate } from './novelty.ts';
import { actsForOthers, type Found, type Scoring } from './scoring.ts';

const opened = /^pods\/(exec|attach|portforward)$/;
/** Ordinary things are new every so often. */
const habitPrior = 0.5;
/** What is done for others says little of who does it. */
const forOthers = { value: 'anything', prior: 0.3, most: 2 } as const;
/** Something sensitive that is usual, done from where it never was: that much more suspicious, in decades. People travel. */
const awayActDecades = 1.5;
const awayActDecadesOfPeople = 0.5;

/** Learns what a request does, and says what of it is unusual. `away` when it comes from far off the usual places. */
export function considerActs(scoring: Scoring, away: boolean): Found {
  const { request } = scoring;
  const found: Found = { signals: [], learned: false };
  // What is only tried out is neither done nor learned.
  if (isDryRun(request)) return found;
  let isPlain = true;
  for (const detector of actDetectors) {
    for (const act of detector.detect(request)) {
      isPlain = false;
      const candidate: Candidate = { ...act, ...(actsForOthers(request) && act.ownBehalf !== true ? forOthers : {}), detector: detector.id, group: 'act', ofCluster: detector.ofCluster };
      const isUsual = consider(scoring, candidate, found);
      if (isUsual && away) found.signals.push(signalOf(scoring, candidate, request.identity.kind === 'person' ? awayActDecadesOfPeople : awayActDecades, 'it has done so before, but never from there'));
    }
  }
  // What a detector has judged does not count a second time as a habit.
  if (isPlain) considerHabit(scoring, found);
  return found;
}

function considerHabit(scoring: Scoring, found: Found): void {
  const { request } = scoring;
  // What built-in controllers newly do somebody else has set off: it is judged where that is.
  if (request.resource === '' || request.identity.kind === 'control-plane') return;
  // Many things refused are counted as such.
  const counted = request.outcome === 'refused' ? { countedBy: refusalsBreadth.id } : {};
  consider(scoring, { detector: habitFeature, group: 'habit', value: habitOf(request), prior: habitPrior, words: habitWords(didOf(request), request), ...counted }, found);
}

/** Names an ordinary thing done: `list apps/deployments in a namespace (refused)`. */
export function habitOf(request: ApiRequest): string {
  const { resource, namespace, outcome } = request;
  return `${didOf(request)} ${resource}${namespace === '' ? '' : ' in a namespace'}${outcome === 'ok' ? '' : ` (${outcome})`}`;
}

/** A command, an attachment or a tunnel is opened by get over websocket, by create over SPDY. */
function didOf({ verb, resource }: ApiRequest): string {
  return opened.test(resource) ? 'open' : verb;
}

/** Completes "it …": `was refused when it tried to list configmaps`. */
function habitWords(verb: string, { resource, namespace, outcome }: ApiRequest): string {
  const what = `${verb} ${resource}${namespace === '' ? '' : ' in a namespace'}`;
  switch (outcome) {
    case 'ok':
      return `did ${what}`;
    case 'refused':
      return `was refused when it tried to ${what}`;
    case 'missing':
      return `tried to ${what}, which was not there`;
    case 'failed':
      return `tried to ${what} and failed`;
  }
}
