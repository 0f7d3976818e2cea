import { isDryRun } from '../audit/dry-run.ts';
import type { ApiRequest } from '../audit/request.ts';
import { didWord, doWord, objectWords } from '../audit/words.ts';
import { actDetectors } from '../detectors/catalogue.ts';
import type { Act } from '../detectors/detector.ts';
import { refusalsBreadth } from '../detectors/refusals-breadth.ts';
import { consider, habitFeature, keysImplying, signalOf, type Candidate } from './novelty.ts';
import { fillsOwn, isExpectedOfNew } from './new-objects.ts';
import { actsForOthers, type Found, type Scoring } from './scoring.ts';

const opened = /^pods\/(exec|attach|portforward)$/;
/** Ordinary things are new every so often. */
const habitPrior = 0.5;
/** What is done for others says little of who does it. */
const forOthers = { value: 'anything', prior: 0.3, most: 2 } as const;
/** What is expected is learned, and says nothing. */
const expected = { most: 0 } as const;
/** Something sensitive that is usual, done from where it never was: that much more suspicious, in decades. People travel. */
const awayActDecades = 1.5;
const awayActDecadesOfPeople = 0.5;
const usualElsewhere = 'usual, but never from there';

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
      const candidate: Candidate = { ...act, ...boundsOf(scoring, detector.id, act), detector: detector.id, group: 'act', ofCluster: detector.ofCluster };
      const isUsual = consider(scoring, candidate, found);
      if (isUsual && away) found.signals.push({ ...signalOf(scoring, candidate, request.identity.kind === 'person' ? awayActDecadesOfPeople : awayActDecades, usualElsewhere), toldBy: keysImplying(candidate) });
    }
  }
  // What a detector has judged does not count a second time as a habit.
  if (isPlain) considerHabit(scoring, found);
  return found;
}

/** What bounds an act, whoever does it and whatever it is. */
function boundsOf(scoring: Scoring, feature: string, act: Act): Partial<Candidate> {
  if (isExpectedOfNew(scoring, feature, act)) return expected;
  return actsForOthers(scoring.request) && act.ownBehalf !== true ? forOthers : {};
}

function considerHabit(scoring: Scoring, found: Found): void {
  const { request } = scoring;
  // What built-in controllers newly do somebody else has set off: it is judged where that is.
  if (request.resource === '' || request.identity.kind === 'control-plane') return;
  // Many things refused are counted as such.
  const counted = request.outcome === 'refused' ? { countedBy: refusalsBreadth.id } : {};
  const bounds = fillsOwn(scoring) ? expected : {};
  consider(scoring, { ...bounds, detector: habitFeature, group: 'habit', value: habitOf(request), prior: habitPrior, words: habitWords(didOf(request), request), ...counted }, found);
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

/** Completes "it …": `tried to list configmaps in shop and was refused`. */
function habitWords(verb: string, request: ApiRequest): string {
  const tried = `tried to ${doWord(verb, request.resource)} ${objectWords(request)}`;
  switch (request.outcome) {
    case 'ok':
      return `${didWord(verb, request.resource)} ${objectWords(request)}`;
    case 'refused':
      return `${tried} and was refused`;
    case 'missing':
      return `${tried}, which was not there`;
    case 'failed':
      return `${tried} and failed`;
  }
}
