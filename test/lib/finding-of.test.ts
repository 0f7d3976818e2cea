import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { newBaseline } from '../../lib/baseline/baseline.ts';
import { findingOf } from '../../lib/finding-of.ts';
import { findingSchema } from '../../lib/finding.ts';
import { addEvidence, addSignal, newEpisode, scoreOf, type Episode } from '../../lib/scoring/episode.ts';
import { alice, cart } from './requests.ts';
import { anyEvidence, anySignal, anyState, episodeOf, evidence, hostileText, signal } from './states.ts';

const subject = { cluster: 'prod', identity: cart.id };
const baseline = newBaseline(cart, 0);
const findingFor = (episode: Episode, of = subject) => findingOf(of, { baseline, episode });
const worth = (given: Partial<Episode> = {}) => episodeOf([signal({ decades: 5 })], [evidence()], given);

describe('says nothing', () => {
  test('of an identity without an episode', () => { expect(findingOf(subject, { baseline, episode: undefined })).toBeUndefined(); });
  test('of an episode without evidence', () => { expect(findingFor(episodeOf([signal({ decades: 7 })], []))).toBeUndefined(); });
  test.each([[2.999, undefined], [3, 'low'], [4.5, 'medium']])('of a score below the least severity: %d is %s', (decades, severity) => {
    expect(findingFor(episodeOf([signal({ decades })], [evidence()]))?.severity).toBe(severity);
  });
});

describe('says an episode', () => {
  test('by what was done, most surprising first', () => {
    const signals = [signal({ key: 'a', decades: 4 }), signal({ key: 'b', detector: 'secret-read', decades: 6, words: 'read the secret database of shop' }), signal({ key: 'c', group: 'habit', detector: 'habit', decades: 1, words: 'read pods in shop' })];
    expect(findingFor(episodeOf(signals, [evidence()]))).toMatchObject({
      cluster: 'prod', identity: cart.id, severity: 'high', status: 'open', category: 'credential-abuse', score: 9,
      title: 'Service account shop/cart read the secret database of shop',
      techniques: ['T1552.007', 'T1609'],
      reasons: [{ detector: 'secret-read', score: 6 }, { detector: 'exec', score: 4 }, { detector: 'habit', score: 1 }],
      evidenceTotal: 1,
    });
  });

  test('under one name as long as it lasts, and another for each identity, cluster and episode', () => {
    const others = [findingFor(worth(), { ...subject, cluster: 'test' }), findingFor(worth(), { ...subject, identity: 'x' }), findingFor(worth({ slot: 2 }))];
    expect(findingFor(worth({ changes: 99 }))?.id).toBe(findingFor(worth())?.id);
    expect(new Set([findingFor(worth()), ...others].map((finding) => finding?.id)).size).toBe(4);
  });

  test('with each technique and check once', () => {
    const both = [signal({ key: 'a', decades: 5 }), signal({ key: 'b', decades: 5 }), signal({ key: 'c', detector: 'unknown', decades: 5 })];
    const finding = findingFor(episodeOf(both, [evidence()]));
    expect(finding).toMatchObject({ techniques: ['T1609'] });
    expect(finding?.checks).toHaveLength(1);
  });

  test('once, when much of it is alike', () => {
    const reads = ['a', 'b', 'c', 'd', 'e'].map((name) => signal({ key: `secret-read|${name}`, detector: 'secret-read', decades: 5, words: `read the secret ${name} of shop` }));
    expect(findingFor(episodeOf(reads, [evidence()]))).toMatchObject({
      title: 'Service account shop/cart read the secrets a, b, c and 2 more of shop',
      reasons: [{ words: 'It read the secrets a, b, c and 2 more of shop: first time in 12 days' }],
    });
  });

  test('without what another part of it says as well, which counts nevertheless', () => {
    const all = signal({ key: 'secret-read|all', detector: 'secret-read', decades: 5, words: 'listed all secrets of every namespace' });
    const some = signal({ key: 'secret-read|shop', detector: 'secret-read', decades: 3, words: 'listed all secrets of shop', toldBy: [all.key] });
    const finding = findingFor(episodeOf([all, some], [evidence()]));
    expect(finding?.reasons.map(({ words }) => words)).toEqual(['It listed all secrets of every namespace: first time in 12 days']);
    expect(finding?.score).toBe(6.5);
  });

  test('with the new place that it was done from in its title, though the place is the greater surprise', () => {
    const place = signal({ key: 'new-network|n', detector: 'new-network', group: 'origin', decades: 6, words: 'came from a new network (203.0.113.0/24)' });
    const titled = (elsewhere: boolean) => findingFor(episodeOf([place, signal({ decades: 5, elsewhere })], [evidence()]))?.title;
    expect(titled(true)).toBe('Service account shop/cart ran a command in pod cart-0 of shop, and came from a new network (203.0.113.0/24)');
    expect(titled(false)).toBe('Service account shop/cart ran a command in pod cart-0 of shop');
  });

  test('with all that was asked, where only the place and the program are unusual', () => {
    const [place, program] = [signal({ key: 'new-network|n', detector: 'new-network', group: 'origin', decades: 4, words: 'came from a new network (203.0.113.0/24)' }), signal({ key: 'new-agent|curl', detector: 'new-agent', group: 'origin', decades: 3, words: 'used a new program (curl)' })];
    const finding = findingFor(episodeOf([place, program], [evidence({ auditId: 'b', request: 'list pods in shop from 203.0.113.9: 200' }), evidence()]));
    expect(finding?.title).toBe('Service account shop/cart came from a new network (203.0.113.0/24) and used a new program (curl)');
    expect(finding?.summary).toMatch(/used a new program \(curl\)\. This was asked: 1 × get pods\/exec, 1 × list pods\.$/);
  });

  test('of several identities with a name in each sentence', () => {
    const both = [signal({ key: 'a', decades: 6 }), signal({ key: 'b', detector: 'secret-read', by: alice.id, decades: 5, words: 'listed all secrets of shop' })];
    const finding = findingFor(episodeOf(both, [evidence()]));
    expect(finding?.summary).toBe('On 2026-03-02 at 09:00 UTC, service account shop/cart ran a command in pod cart-0 of shop; alice@example.com listed all secrets of shop.');
    expect(finding?.reasons.map(({ words }) => words)).toEqual(['Service account shop/cart ran a command in pod cart-0 of shop: first time in 12 days', 'alice@example.com listed all secrets of shop: first time in 12 days']);
    expect(finding?.firstSteps.map((step) => step.slice(0, 40))).toEqual(['See what service account shop/cart can d', 'To cut it off, delete its pods (their to', 'Ask alice@example.com, by phone rather t', 'If not, take the role AWSReservedSSO_Adm']);
  });

  test.each([[cart, /token is used elsewhere/], [alice, /this person was/]])('asks of its place what fits %j', ({ id, kind, peerGroup }, words) => {
    const place = signal({ key: 'new-network|n', detector: 'new-network', group: 'origin', decades: 6 });
    const state = { baseline: newBaseline({ id, kind, peerGroup }, 0), episode: episodeOf([place, signal({ decades: 5, elsewhere: true })], [evidence()]) };
    expect(findingOf({ cluster: 'prod', identity: id }, state)?.checks.at(-1)).toMatch(words);
  });

  test('the same, whichever order its signals came in', () => {
    fc.assert(fc.property(fc.uniqueArray(anySignal, { selector: ({ key }) => key, maxLength: 30 }), fc.array(anyEvidence, { minLength: 1, maxLength: 5 }), (signals, pieces) => {
      expect(findingFor(episodeOf(signals.toReversed(), pieces))).toEqual(findingFor(episodeOf(signals, pieces)));
    }));
  });
});

describe('of any episode', () => {
  const name = hostileText.map((text) => text.slice(0, 200).toWellFormed() || 'x');

  test('gives a finding as the contract says, when it is worth one', () => {
    fc.assert(fc.property(fc.record({ cluster: name, identity: name }), anyState, (of, state) => {
      const finding = findingOf(of, state);
      const isWorth = state.episode !== undefined && state.episode.evidence.length > 0 && (scoreOf(state.episode, state.baseline.kind === 'person') >= 3 || Object.keys(state.episode.reached).length > 0);
      expect(finding !== undefined).toBe(isWorth);
      if (finding) expect(findingSchema.parse(finding)).toEqual(finding);
    }));
  });

  test('shows no character that could mislead', () => {
    fc.assert(fc.property(anyState, (state) => {
      const finding = findingOf(subject, state);
      const shown = finding ? [finding.title, finding.summary, ...finding.checks, ...finding.firstSteps, ...finding.reasons.map(({ words }) => words), ...finding.stages.map(({ words }) => words), ...finding.tally.map(({ what }) => what)] : [];
      expect(shown.filter((text) => /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text))).toEqual([]);
    }));
  });

  test('raises the revision with everything that is added', () => {
    const added = fc.oneof(anySignal.map((one) => (episode: Episode) => addSignal(episode, one)), anyEvidence.map((one) => (episode: Episode) => addEvidence(episode, one, Date.parse(one.time))));
    fc.assert(fc.property(fc.array(added, { maxLength: 80 }), (steps) => {
      const episode = newEpisode(0, 100);
      addSignal(episode, signal({ key: 'first', decades: 7 }));
      addEvidence(episode, evidence({ auditId: 'first' }), 1e12);
      for (const step of steps) {
        const before = findingFor(episode)?.revision ?? 0;
        const changed = step(episode);
        const after = findingFor(episode)?.revision ?? 0;
        expect(changed ? after > before : after === before).toBe(true);
      }
    }));
  });
});
