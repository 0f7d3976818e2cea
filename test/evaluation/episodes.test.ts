import { describe, expect, test } from '@jest/globals';
import { isoTime, windowMs, windowOf } from '../../lib/time.ts';
import { alice, auditEvent, cart, monday } from '../lib/requests.ts';
import { signal } from '../lib/states.ts';
import { recallOverBudget } from './budget.ts';
import { calibrationOf } from './calibration.ts';
import type { Corpus, Label } from './corpus.ts';
import type { RecordedEpisode } from './episode-recorder.ts';
import { rescored } from './rescoring.ts';

const window = windowOf(monday);

/** A workload's requests, one a window; of the third it is known that it was an attack. */
const corpus: Corpus = {
  name: 'small',
  start: monday,
  days: 10,
  scenarios: [{ id: 'theft', title: 'a theft', category: 'exfil-egress', start: isoTime(monday + 2 * windowMs), end: isoTime(monday + 3 * windowMs) }],
  labels: new Map<string, Label[]>([['2', [{ auditID: '2', scenario: 'theft', role: 'attack' }]]]),
  events: Array.from({ length: 5 }, (_, index) => auditEvent({ auditID: String(index), requestReceivedTimestamp: isoTime(monday + index * windowMs), stageTimestamp: isoTime(monday + index * windowMs) })),
};

function episode(id: number, ...decades: number[]): RecordedEpisode {
  const at = window + id;
  const signals = decades.map((score, index) => signal({ key: `exec|${String(index)}`, decades: score, window: at }));
  return { identity: cart.id, kind: cart.kind, evidence: [{ auditId: String(id), time: isoTime(at * windowMs), request: '' }], steps: signals.map((_, index) => ({ time: at * windowMs + index, signals: signals.slice(0, index + 1) })) };
}

describe('calibration', () => {
  const calibration = calibrationOf(corpus, [episode(0, 2.5), episode(1, 3, 3), episode(2, 7, 7), { ...episode(3, 2), identity: alice.id, kind: alice.kind }]);

  test('counts innocent episodes by lane, and what their scores promise', () => {
    expect(calibration.episodes.map(({ name, windows }) => [name, windows])).toEqual([['people', 0], ['machines', 4], ['nodes and control plane', 0], ['nameless', 0]]);
    const machines = calibration.episodes[1]?.exceedances.map(({ score, observed, expected }) => [score, observed, expected]);
    expect(machines).toEqual([[2, 2, 0.04], [3, 1, 0.004], [4.5, 1, 0], [6, 0, 0], [8, 0, 0]]);
  });

  test('counts innocent windows by their strongest signal of a sort', () => {
    const acts = calibration.signals.find(({ name }) => name === 'machines: acts');
    expect(acts?.exceedances.map(({ observed }) => observed)).toEqual([2, 2, 1, 0, 0]);
  });
});

test('for a larger budget a lower line may find more', () => {
  const rows = recallOverBudget([episode(0, 4), episode(1, 4), episode(2, 3), episode(3, 5)], corpus);
  expect(rows.map(({ budget, found, score, falseAlertsPerClusterDay }) => [budget, found, score, falseAlertsPerClusterDay])).toEqual([
    [0, 0, 5.1, 0], [0.05, 0, 5.1, 0], [0.1, 0, 5.1, 0], [0.3, 1, 1, 0.3], [1, 1, 1, 0.3], [3, 1, 1, 0.3],
  ]);
});

describe('an episode rescored', () => {
  const one: RecordedEpisode = { ...episode(0), steps: [{ time: monday, signals: [signal({ decades: 5 })] }, { time: monday + 1, signals: [signal({ decades: 5 }), signal({ key: 'secrets-breadth', group: 'breadth', decades: 4 })] }] };

  test('is told at each rise of its severity', () => {
    expect(rescored([one], () => true)).toMatchObject([{ severity: 'high', pushedAt: [isoTime(monday), isoTime(monday + 1)] }]);
  });

  test('leaves out what is taken out', () => {
    expect(rescored([one], ({ group }) => group !== 'act')).toMatchObject([{ severity: 'low', pushedAt: [] }]);
  });

  test('is nothing when nothing worth recording is left', () => {
    expect(rescored([one], ({ group }) => group === 'origin')).toEqual([]);
  });
});
