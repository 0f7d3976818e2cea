import { describe, expect, test } from '@jest/globals';
import { newBaseline, type Baseline } from '../../../lib/baseline/baseline.ts';
import { requestsOf } from '../../../lib/audit/request.ts';
import { considerActs } from '../../../lib/scoring/acts.ts';
import { newEpisode } from '../../../lib/scoring/episode.ts';
import { scoringOf, type Surroundings } from '../../../lib/scoring/scoring.ts';
import { windowOf, windowsPerDay } from '../../../lib/time.ts';
import { auditEvent, cart, monday, node } from '../requests.ts';

const start = windowOf(monday) - 30 * windowsPerDay;
const alone: Surroundings = { companions: () => [], leadTo: () => undefined, makingOf: () => undefined, goesOn: () => false, clusterSince: () => start };

/** A workload that has done one thing in each of many windows for a month. */
function settled(): Baseline {
  const baseline = newBaseline(cart, start);
  return { ...baseline, active: { first: start, last: windowOf(monday) - 2, level: 9, kept: Array.from({ length: 8 }, (_, index) => start + 512 * index), count: 4000, until: windowOf(monday) - 2 } };
}

const newsOf = (given: Record<string, unknown>) => {
  const [request] = requestsOf([auditEvent(given)]);
  return request ? considerActs(scoringOf(request, settled(), newEpisode(monday, windowOf(monday)), alone), false).signals.map(({ detector }) => detector) : [];
};
const listing = (uri: string) => ({ verb: 'list', requestURI: uri, objectRef: { resource: 'secrets', namespace: 'shop' } });
const deletion = (uri: string) => ({ verb: 'delete', requestURI: uri, objectRef: { resource: 'namespaces', name: 'shop' } });

describe('an act', () => {
  test('that was never done is news', () => {
    expect(newsOf(listing('/api/v1/namespaces/shop/secrets'))).toContain('secret-read');
    expect(newsOf(deletion('/api/v1/namespaces/shop'))).toContain('namespace-deletion');
  });

  test('that is only tried out is none', () => {
    expect(newsOf(deletion('/api/v1/namespaces/shop?dryRun=All'))).not.toContain('namespace-deletion');
  });

  test('cannot hide behind a parameter that is ignored', () => {
    expect(newsOf(listing('/api/v1/namespaces/shop/secrets?dryRun=All'))).toContain('secret-read');
    expect(newsOf(deletion('/api/v1/namespaces/shop?dryRun='))).toContain('namespace-deletion');
  });
});

describe('a node', () => {
  const scoresOf = (given: Record<string, unknown>) => {
    const [request] = requestsOf([auditEvent({ user: { username: node.id }, userAgent: 'kubelet/v1.33.0', ...given })]);
    return request ? considerActs(scoringOf(request, { ...settled(), kind: 'node' }, newEpisode(monday, windowOf(monday)), alone), false).signals.map(({ detector, decades }) => [detector, decades > 4.5]) : [];
  };

  test('that does something for others says little of itself', () => {
    expect(scoresOf({ verb: 'create', objectRef: { resource: 'serviceaccounts', subresource: 'token', namespace: 'shop', name: 'cart' } })).toEqual([['token-request', false]]);
  });

  test('that does something on its own behalf is judged as everybody', () => {
    expect(scoresOf({ userAgent: 'kubectl/v1.33.0', verb: 'list', objectRef: { resource: 'pods' } })).toEqual([['node-credential', true]]);
  });
});

test.each([
  [200, 'listed configmaps in shop'],
  [403, 'tried to list configmaps in shop and was refused'],
  [404, 'tried to list configmaps in shop, which was not there'],
  [500, 'tried to list configmaps in shop and failed'],
])('an ordinary thing that ended with %i is told in plain words', (code, words) => {
  const [request] = requestsOf([auditEvent({ verb: 'list', objectRef: { resource: 'configmaps', namespace: 'shop' }, responseStatus: { code } })]);
  const signals = request ? considerActs(scoringOf(request, settled(), newEpisode(monday, windowOf(monday)), alone), false).signals : [];
  expect(signals.map((signal) => signal.words)).toEqual([words]);
});
