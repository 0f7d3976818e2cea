import { countTail, decades, type CountPrior } from '../../scoring/surprise.ts';
import { generatedDomains } from './detectors.ts';
import { beyondLargest, maxCount, nothing, show, trustOf, type Found, type Looked } from './looked.ts';
import { generatedKey, historyOf, openWindow, windowRoom, windowsBefore } from './name-baseline.ts';
import { looksRandom } from './name-shape.ts';
import { addWeighed, weigh } from './weighed-sketch.ts';

/** Random domains that do not exist, in ten minutes, before anything is known. */
const prior: CountPrior = { mean: 0.1, variance: 2 };
const leastGenerated = 8;

/** Domains that do not exist and are no words. */
export function considerGenerated(looked: Looked): Found {
  const { baseline, query, key, domain, setting: { window, isUsual } } = looked;
  const [label = ''] = domain.split('.');
  if (query.responseCode !== 'NXDOMAIN' || !looksRandom(label) || baseline.domains[key] !== undefined || isUsual(domain)) return nothing;
  const open = openWindow(baseline, window);
  if (!open || !addWeighed(open.generated, domain, { weight: 1, size: windowRoom.size })) return nothing;
  const { items } = weigh(open.generated, windowRoom.size);
  const { largest } = baseline.generated;
  if (items < Math.max(leastGenerated, largest * beyondLargest)) return { changed: true, signals: [] };
  const tail = decades(countTail(Math.min(items, maxCount), historyOf(baseline.generated, windowsBefore(baseline, window)), prior));
  const signal = { key: generatedKey, detector: generatedDomains.id, decades: tail * trustOf(looked), words: `looked up ${String(items)} domains in ten minutes that do not exist and look random, ${show(domain)} among them`, why: largest === 0 ? 'never before' : `at most ${largest.toFixed(0)} before` };
  return { changed: true, signals: [signal] };
}
