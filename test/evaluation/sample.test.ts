import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { readCorpus } from './corpus.ts';
import { evaluate, type Evaluation } from './evaluation.ts';

interface Floors {
  readonly missed: readonly string[];
  readonly falseAlerts: number;
  readonly alertsPerFoundScenario: number;
  readonly medianSecondsToAlert: number;
  readonly longestSecondsToAlert: number;
  readonly innocentEpisodesFrom3: number;
}

const floors = JSON.parse(await readFile('test/evaluation/sample-floors.json', 'utf8')) as Floors;

/**
 * `npm run evaluate -- examples/shop` in short. A figure that became worse than its floor fails; one that became better
 * stays so when its floor is moved with it.
 */
describe('on the sample, from its first event on', () => {
  let evaluation: Evaluation;
  beforeAll(async () => { evaluation = await evaluate(await readCorpus('examples/shop'), { ablation: false, history: false }); });

  test('no other attack is missed', () => {
    const missed = Object.entries(evaluation.secondsToAlert).filter(([, seconds]) => seconds === null).map(([id]) => id);
    expect(missed.filter((id) => !floors.missed.includes(id))).toEqual([]);
  });

  test('no more alerts are false', () => {
    const falses = evaluation.findings.filter(({ kind, claim }) => kind === 'false' && claim.severity !== 'low').map(({ claim }) => claim.title);
    expect(falses.slice(floors.falseAlerts)).toEqual([]);
  });

  test.each(['alertsPerFoundScenario', 'medianSecondsToAlert', 'longestSecondsToAlert'] as const)('%s is no larger', (figure) => {
    expect(evaluation.figures[figure]).toBeLessThanOrEqual(floors[figure]);
  });

  test('no more innocent episodes come near to being told', () => {
    const near = evaluation.calibration.episodes.flatMap(({ exceedances }) => exceedances.filter(({ score }) => score === 3).map(({ observed }) => observed));
    expect(near.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(floors.innocentEpisodesFrom3);
  });
});
