import { describe, expect, test } from '@jest/globals';
import { startEmbeddedAws } from '../../lambdas/local/embedded-aws.ts';
import { Judge } from './judge.ts';
import { playSchedules } from './play.ts';
import { realStoresFor } from './real-stores.ts';
import { Run } from './run.ts';
import { readScenes } from './scenes.ts';
import { drawSchedule } from './schedule.ts';

describe('whatever fails, repeats, overtakes or dies', () => {
  test('nothing is lost and nothing is done twice that need not be', async () => {
    const wrong: string[] = [];
    const seeds = Array.from({ length: 150 }, (_, index) => `test/${String(index)}`);
    const { failed, counts } = await playSchedules(seeds, (line) => { wrong.push(line); });
    expect(wrong).toEqual([]);
    expect(failed).toBe(0);
    for (const what of ['of the audit log', 'of the audit log through a stream', 'of flow logs', 'of calls of AWS', 'mails', 'records that cannot be read', 'played again from dead letters', 'a call is throttled', 'a call kills the process after it took effect', 'a call times out and takes effect later']) {
      expect([what, counts.get(what) ?? 0]).toEqual([what, expect.any(Number)]);
      expect(counts.get(what) ?? 0).toBeGreaterThan(0);
    }
  });
});

test('the same holds of tables, queues and a topic of their own kind', async () => {
  const aws = await startEmbeddedAws();
  try {
    const wrong: string[] = [];
    const seeds = Array.from({ length: 20 }, (_, index) => `real/${String(index)}`);
    const { failed, counts } = await playSchedules(seeds, (line) => { wrong.push(line); }, await realStoresFor(aws, seeds.length));
    expect(wrong).toEqual([]);
    expect(failed).toBe(0);
    for (const what of ['mails', 'calls of dead letters', 'a call is throttled']) expect([what, (counts.get(what) ?? 0) > 0]).toEqual([what, true]);
  } finally {
    await aws.stop();
  }
});

describe('what is judged', () => {
  const scheduleThat = async () => {
    const scenes = await readScenes();
    const calm = { ...drawSchedule('calm', scenes), faults: [], outages: [], redrives: [], writers: 1 as const };
    return { scenes, schedule: { ...calm, arrivals: calm.arrivals.map(({ delivery }) => ({ delivery, late: 0 })), poisoned: [0] } };
  };

  test.each<readonly [string, (ending: Awaited<ReturnType<Run['play']>>) => void, RegExp]>([
    ['a mail that was never sent', ({ world }) => { world.mails.length = 0; }, /was never mailed/],
    ['a mail that was sent twice', ({ world }) => { world.mails.push(...world.mails); }, /was mailed 2 times/],
    ['a dead letter that is lost', ({ world }) => { world.letters.length = 0; }, /is not among the dead letters/],
    ['an item of the state that is lost', ({ world }) => { const [key] = world.state.written.keys(); world.state.written.delete(key ?? ''); }, /state item .* differs/],
  ])('finds %s', async (_, spoil, words) => {
    const { scenes, schedule } = await scheduleThat();
    const ending = await new Run(schedule, scenes).play();
    const judge = new Judge(scenes);
    expect((await judge.judge(schedule, ending)).problems).toEqual([]);
    spoil(ending);
    expect((await judge.judge(schedule, ending)).problems.join('\n')).toMatch(words);
  });
});
