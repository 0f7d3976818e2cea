import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { maxEvidence, severities, type Evidence } from '../../../lib/finding.ts';
import { addEvidence, addSignal, evidenceTotal, isOver, newEpisode, noteGoingOn, noteSeverity, pushTimes, scoreOf, severityOf, severityScores, tellingEvidence, type Episode, type Signal } from '../../../lib/scoring/episode.ts';
import { windowMs } from '../../../lib/time.ts';
import { anyEvidence, anySignal, evidence, signal } from '../states.ts';

const begun = () => newEpisode(0, 100);
const numbered = (count: number, from = 0) => Array.from({ length: count }, (_, index) => evidence({ auditId: `id-${String(index + from)}`, time: new Date(1e12 + (index + from) * 1000).toISOString() }));

function episodeWith(signals: readonly Signal[], pieces: readonly Evidence[] = []): Episode {
  const episode = begun();
  for (const one of signals) addSignal(episode, one);
  for (const one of pieces) addEvidence(episode, one, Date.parse(one.time));
  return episode;
}

const scoreWith = (signals: readonly Signal[], isPerson = false) => scoreOf(episodeWith(signals), isPerson);
const signals = fc.array(anySignal.map((one) => ({ ...one, why: one.words })), { maxLength: 60 });
const pieces = fc.uniqueArray(anyEvidence, { selector: ({ auditId }) => auditId, maxLength: 30 });

describe('signals', () => {
  test('are kept the same in any order and however often they come', () => {
    fc.assert(fc.property(signals, (all) => {
      const [one, other] = [episodeWith(all), episodeWith([...all.toReversed(), ...all])];
      expect(new Map([...other.signals].sort())).toEqual(new Map([...one.signals].sort()));
      expect(scoreOf(other, true)).toBeCloseTo(scoreOf(one, true), 9);
    }));
  });

  test('change nothing when they come again', () => {
    fc.assert(fc.property(signals, anySignal, (all, one) => { expect(addSignal(episodeWith([...all, one]), one)).toBe(false); }));
  });

  test('keep the more surprising of the same thing, and that it was done elsewhere', () => {
    const episode = episodeWith([signal({ decades: 3, elsewhere: true }), signal({ decades: 5, words: 'more' }), signal({ decades: 4 })]);
    expect([...episode.signals.values()]).toEqual([signal({ decades: 5, words: 'more', elsewhere: true })]);
  });

  test('are bounded, and keep the most surprising', () => {
    const episode = episodeWith(Array.from({ length: 100 }, (_, index) => signal({ key: `exec|${String(index)}`, decades: 1 + index / 100 })));
    expect(episode.signals.size).toBe(40);
    expect(Math.min(...[...episode.signals.values()].map(({ decades }) => decades))).toBeCloseTo(1.6, 9);
  });
});

describe('the evidence that is shown', () => {
  const weighed = (...all: readonly { readonly decades?: number; readonly from?: string; readonly by?: string }[]) => {
    const pieces = numbered(all.length).map((one, index) => ({ ...one, ...all[index] }));
    return tellingEvidence(episodeWith([], pieces)).map(({ auditId }) => auditId);
  };

  test('is what carries the score: half of the strongest, or much by itself', () => {
    expect(weighed({ decades: 1.5 }, { decades: 2.4 }, { decades: 2.5 }, { decades: 6 })).toEqual(['id-2', 'id-3']);
    expect(weighed({ decades: 1 }, { decades: 1.5 }, { decades: 2 })).toEqual(['id-0', 'id-1', 'id-2']);
  });

  test('has all that came from the network of something strong', () => {
    expect(weighed({ decades: 0, from: '198.51.100.0/24' }, { decades: 0, from: '203.0.113.0/24' }, { decades: 5, from: '203.0.113.0/24' })).toEqual(['id-1', 'id-2']);
  });

  test('is weighed for each who is part of a story', () => {
    expect(weighed({ decades: 6 }, { decades: 2, by: 'b' }, { decades: 0.5, by: 'b' })).toEqual(['id-0', 'id-1']);
  });

  test('is all where nothing is more than odd, or where its weight is not known', () => {
    expect(weighed({ decades: 0, from: 'a' }, { decades: 0, from: 'b' })).toEqual(['id-0', 'id-1']);
    expect(weighed({}, { decades: 6 })).toEqual(['id-0', 'id-1']);
  });
});

describe('evidence', () => {
  test('is kept the same in any order and however often it comes', () => {
    fc.assert(fc.property(pieces, (all) => {
      const [one, other] = [episodeWith([], all), episodeWith([], [...all.toReversed(), ...all])];
      expect(other).toEqual(one);
      expect(evidenceTotal(one)).toBe(all.length);
    }));
  });

  test('is sorted by time and spans it', () => {
    const episode = episodeWith([], [...numbered(3, 5), ...numbered(3)]);
    expect(episode.evidence.map(({ auditId }) => auditId)).toEqual(['id-0', 'id-1', 'id-2', 'id-5', 'id-6', 'id-7']);
    expect(episode).toMatchObject({ firstSeen: 1e12, lastSeen: 1e12 + 7000 });
  });

  test('is bounded, counted beyond the bound, and keeps the earliest', () => {
    const episode = episodeWith([], [...numbered(1000, 10), ...numbered(10)]);
    expect(episode.evidence.length).toBe(maxEvidence);
    expect(episode.evidence[0]?.auditId).toBe('id-0');
    expect(Math.abs(evidenceTotal(episode) / 1010 - 1)).toBeLessThan(0.4);
  });

  test('is counted exactly up to the bound', () => {
    expect([1, 2, 63, 64].map((count) => evidenceTotal(episodeWith([], numbered(count))))).toEqual([1, 2, 63, 64]);
  });
});

describe('the score', () => {
  test('counts the most surprising whole and each further one half as much', () => {
    expect(scoreWith([signal({ key: 'a|1', decades: 4 })])).toBe(4);
    expect(scoreWith([signal({ key: 'a|1', decades: 4 }), signal({ key: 'a|2', decades: 6 }), signal({ key: 'a|3', decades: 2 })])).toBe(6 + 4 / 2 + 2 / 4);
  });

  test('adds acts, breadth, place and program', () => {
    const groups = [signal({ key: 'a', decades: 4 }), signal({ key: 'b', group: 'breadth', decades: 3 }), signal({ key: 'c', group: 'origin', detector: 'new-network', decades: 2 }), signal({ key: 'd', group: 'origin', detector: 'new-agent', decades: 1 })];
    expect(scoreWith(groups)).toBe(10);
  });

  test('counts ordinary novelty for little, however much of it', () => {
    expect(scoreWith(Array.from({ length: 30 }, (_, index) => signal({ key: `h|${String(index)}`, group: 'habit', decades: 2 })))).toBe(2);
  });

  test.each([[false, false, 4], [true, false, 6], [false, true, 6]])('counts where a person came from when done from there (%s) or with another program too (%s): %d', (elsewhere, program, score) => {
    const place = signal({ key: 'n', group: 'origin', detector: 'new-network', decades: 2 });
    const agent = signal({ key: 'p', group: 'origin', detector: 'new-agent', decades: 0 });
    expect(scoreWith([signal({ decades: 4, elsewhere }), place, ...(program ? [agent] : [])], true)).toBe(score);
  });

  test('never falls when something is added', () => {
    fc.assert(fc.property(fc.array(anySignal, { maxLength: 25 }), anySignal, fc.boolean(), (all, one, isPerson) => {
      expect(scoreWith([...all, one], isPerson)).toBeGreaterThanOrEqual(scoreWith(all, isPerson) - 1e-9);
    }));
  });
});

describe('the severity', () => {
  test.each(severityScores)('is %s from %d on', (severity, least) => {
    const below = severities[severities.indexOf(severity) - 1];
    expect([least - 1e-9, least, least + 1e-9].map(severityOf)).toEqual([below, severity, severity]);
  });

  test('is noted when it is first reached, with those below', () => {
    const episode = begun();
    expect([noteSeverity(episode, 'high', 5), noteSeverity(episode, 'medium', 6), noteSeverity(episode, 'high', 7), noteSeverity(episode, 'critical', 8)]).toEqual([true, false, false, true]);
    expect(episode.reached).toEqual({ low: 5, medium: 5, high: 5, critical: 8 });
  });

  test.each([
    [{ low: 1 }, []],
    [{ low: 1, medium: 2 }, [2]],
    [{ low: 1, medium: 2, high: 2 }, [2]],
    [{ low: 1, medium: 2, high: 60_002 }, [2]],
    [{ low: 1, medium: 2, high: 60_003 }, [2, 60_003]],
    [{ low: 1, medium: 2, high: 9, critical: 70_000 }, [2, 70_000]],
    [{ low: 1, medium: 2, high: 70_000, critical: 140_000 }, [2, 70_000]],
    [{ medium: 70_004, high: 4 }, [4, 70_004]],
  ])('reached at %j is told at %j', (reached, times) => {
    expect(pushTimes({ ...begun(), reached })).toEqual(times.map((time) => new Date(time).toISOString()));
  });
});

describe('what goes on after people were told', () => {
  const told = 1000 * windowMs;
  const later = (given: Partial<Signal>): Episode => {
    const episode = episodeWith([signal({ decades: 5, window: 1000 })]);
    noteSeverity(episode, 'medium', told);
    addSignal(episode, signal({ key: 'later', decades: 4.5, window: 1004, ...given }));
    noteGoingOn(episode, told + 4 * windowMs);
    return episode;
  };

  test('is told once more when it is grave by itself', () => {
    expect(pushTimes(later({}))).toEqual([told, told + 4 * windowMs].map((time) => new Date(time).toISOString()));
  });

  test('is told once more only', () => {
    const episode = later({});
    addSignal(episode, signal({ key: 'latest', decades: 4.5, window: 1009 }));
    noteGoingOn(episode, told + 9 * windowMs);
    expect(pushTimes(episode)).toEqual(pushTimes(later({})));
  });

  test.each([{ window: 1003 }, { decades: 4.4 }, { group: 'habit' as const }])('is not told when it is %j', (given) => {
    expect(pushTimes(later(given))).toHaveLength(1);
  });
});

describe('an episode', () => {
  test.each([[72, false], [73, true]])('%d windows after its last news is over: %s', (after, over) => {
    const episode = episodeWith([signal({ decades: 3, window: 150 })]);
    expect(isOver(episode, 150 + after)).toBe(over);
  });

  test('is not kept open by what is hardly surprising', () => {
    expect(isOver(episodeWith([signal({ decades: 2.9, window: 150 })]), 173)).toBe(true);
  });

  test.each([[1008, false], [1009, true]])('%d windows after its beginning is over, whatever goes on: %s', (after, over) => {
    const episode = episodeWith(Array.from({ length: 20 }, (_, index) => signal({ key: `exec|${String(index)}`, decades: 5, window: 100 + 53 * index })));
    expect(isOver(episode, 100 + after)).toBe(over);
  });

  test('begins in another half day than the next one can', () => {
    fc.assert(fc.property(fc.nat(4_000_000), fc.integer({ min: 0, max: 2000 }), (window, later) => {
      const [first, next] = [newEpisode(0, window), newEpisode(0, window + later)];
      if (isOver(first, window + later)) expect(next.slot).toBeGreaterThan(first.slot);
    }));
  });
});
