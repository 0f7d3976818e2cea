import { Judge } from './judge.ts';
import { Run, type Ending } from './run.ts';
import { readScenes, type Scenes } from './scenes.ts';
import { drawSchedule } from './schedule.ts';
import { memoryStores, type Stores } from './stores.ts';

/** What came of schedules. */
export interface Played {
  /** How many went wrong. */
  readonly failed: number;
  /** What was played, by what it is. */
  readonly counts: ReadonlyMap<string, number>;
}

/** What deliveries are, by how they come. */
const wayWords: Readonly<Record<Ending['ways'][number], string>> = { ingest: 'of the audit log', stream: 'of the audit log through a stream', flows: 'of flow logs', watch: 'of calls of AWS', notify: 'of changes' };

/** Plays the schedules of seeds, and says of each that goes wrong what was lost or done twice; in memory, or on the stores that are given. */
export async function playSchedules(seeds: readonly string[], say: (line: string) => void, storesOf: (scenes: Scenes) => Stores = ({ learned }) => memoryStores(learned)): Promise<Played> {
  const scenes = await readScenes();
  const judge = new Judge(scenes);
  const counts = new Map<string, number>();
  const add = (what: string, count: number): void => { counts.set(what, (counts.get(what) ?? 0) + count); };
  let failed = 0;
  for (const seed of seeds) {
    const schedule = drawSchedule(seed, scenes);
    const problems = await problemsOf(async () => {
      const ending = await new Run(schedule, scenes, storesOf(scenes)).play();
      const verdict = await judge.judge(schedule, ending);
      add('deliveries', ending.attempts.length);
      for (const way of ending.ways) add(wayWords[way], 1);
      add('attempts at them', ending.attempts.reduce((sum, count) => sum + count, 0));
      add('played again from dead letters', ending.redriven);
      for (const [service, count] of ending.fallible.calls) add(`calls of ${service}`, count);
      for (const [fate, count] of ending.fallible.faults) add(`a call ${fate}`, count);
      add('records that cannot be read', ending.poison.length);
      add('mails', ending.world.mails.length);
      add('mails said twice, as nobody could know', verdict.toldTwice);
      return verdict.problems;
    });
    add('schedules', 1);
    if (problems.length === 0) continue;
    failed += 1;
    say(`schedule ${seed}: ${problems.join('; ')}`);
  }
  return { failed, counts };
}

/** What is thrown is a problem too. */
async function problemsOf(play: () => Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await play();
  } catch (error) {
    return [error instanceof Error ? (error.stack ?? error.message) : String(error)];
  }
}
