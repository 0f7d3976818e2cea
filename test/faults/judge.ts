import { isDeepStrictEqual } from 'node:util';
import type { Finding } from '../../lib/finding.ts';
import type { StateItem } from '../../lib/store.ts';
import { pushMark } from '../../lambdas/tables.ts';
import { heartbeatKey, identityKey } from '../../lib/engine/state-keys.ts';
import { allFindings } from '../engine/runs.ts';
import { cluster } from '../engine/sample.ts';
import { settledFinding, settledItem } from '../engine/settled.ts';
import { decodedItem } from '../engine/traced-state.ts';
import { Fallible, Process } from './fallible.ts';
import { eventOf, handlersOn } from './handlers.ts';
import type { Ending } from './run.ts';
import { deliveriesOf, type Scenes } from './scenes.ts';
import type { Schedule } from './schedule.ts';
import { markOf, memoryStores, tells, World, type Push } from './stores.ts';

/** What comes later may be left out of the sums of its window (docs/architecture.md). */
const promisedTicks = 30;

const nothingFails = { faults: [], outages: [], seed: 'clean', writers: 1 } as const;

/** What a clean run leaves. */
interface Clean {
  readonly state: ReadonlyMap<string, StateItem>;
  readonly findings: readonly Finding[];
}

/** What went wrong that must not, in words; nothing when all is as it should be. */
export interface Verdict {
  readonly problems: readonly string[];
  /** Mails that were sent once more because nobody could know whether they had been. */
  readonly toldTwice: number;
}

/** Compares what runs leave with what clean runs leave. */
export class Judge {
  readonly #scenes: Scenes;
  readonly #clean = new Map<string, Promise<Clean>>();

  constructor(scenes: Scenes) {
    this.#scenes = scenes;
  }

  /** Judges a run. */
  async judge(schedule: Schedule, ending: Ending): Promise<Verdict> {
    const left = { state: itemsOf(ending.world), findings: await findingsIn(ending.world) };
    const problems = [...ending.unkept, ...(await this.#compared(schedule, ending, left)), ...mailProblems(ending, left.findings), ...letterProblems(ending)];
    const toldTwice = [...copiesOf(ending).values()].reduce((sum, { copies }) => sum + copies - 1, 0);
    return { problems, toldTwice };
  }

  async #compared(schedule: Schedule, ending: Ending, left: Clean): Promise<string[]> {
    const count = ending.attempts.length;
    if (ending.order.length !== count) return [`${String(count - ending.order.length)} deliveries were never taken in`];
    const inOrder = await this.#cleanOf(schedule, undefined);
    // One writer, nothing out of order: the same to the byte.
    if (ending.isInOrder && schedule.writers === 1) return differences(left, inOrder, false).map(({ words }) => words);
    // What a workload sends is compared with what was told of it before, so of flows no order but theirs is promised to give the same.
    const isOfFlows = schedule.scenes.some((scene) => this.#scenes.scenes[scene]?.taker === 'flows');
    if (!isOfFlows && ending.lateness.every((ticks) => ticks <= promisedTicks)) return differences(left, inOrder, true).map(({ words }) => words);
    return await this.#lateDifferences(schedule, ending, left);
  }

  /** A delivery that failed half-way was in part taken in when it was first tried, and the rest later: each item is compared with a run in the order in which it was written. */
  async #lateDifferences(schedule: Schedule, ending: Ending, left: Clean): Promise<string[]> {
    const problems: string[] = [];
    const suspects = differences(left, await this.#cleanOf(schedule, ending.order), true);
    for (const { key, words } of suspects) {
      const writers = ending.world.writers.get(key) ?? [];
      const order = inOrderOf(ending.order, writers);
      const clean = await this.#cleanOf(schedule, order);
      // What comes late by hours is judged by what is known by then: how surprising it was may differ, what is known and told may not.
      if (differences(left, clean, true).some((one) => one.words === words) && !holdsTheSame(key, left, clean)) problems.push(words);
    }
    return problems;
  }

  #cleanOf(schedule: Schedule, order: readonly number[] | undefined): Promise<Clean> {
    if (order) return this.#play(schedule, order);
    const key = schedule.scenes.join();
    const known = this.#clean.get(key) ?? this.#play(schedule, undefined);
    this.#clean.set(key, known);
    return known;
  }

  /** Without an order the deliveries come in the order of time, in which it does not matter how they are cut. */
  async #play(schedule: Schedule, order: readonly number[] | undefined): Promise<Clean> {
    const world = new World(memoryStores(this.#scenes.learned));
    const deliveries = deliveriesOf(this.#scenes, schedule);
    const handlers = handlersOn(world.portsOf(new Process(), new Fallible(nothingFails)), () => Math.max(...deliveries.map(({ lastTime }) => lastTime)));
    for (const delivery of order ? order.flatMap((index) => deliveries[index] ?? []) : deliveries) await handlers(delivery.taker)(eventOf(delivery));
    return { state: itemsOf(world), findings: await findingsIn(world) };
  }
}

/** Whether the same is known of an identity or a group, and the same findings tell of it. */
function holdsTheSame(key: string, one: Clean, other: Clean): boolean {
  const told = ({ findings }: Clean): string[] => findings.filter(({ identity }) => identityKey(cluster, identity) === key).map(({ id }) => id).sort();
  return isDeepStrictEqual(thingsIn(key, one), thingsIn(key, other)) && isDeepStrictEqual(told(one), told(other));
}

function thingsIn(key: string, { state }: Clean): unknown {
  const item = state.get(key);
  const decoded = item && (decodedItem(key, item.bytes) as { baseline?: { traits: Map<string, unknown> }; traits?: Map<unknown, unknown>; destinations?: Map<string, unknown> });
  return [...(decoded?.baseline?.traits ?? decoded?.traits ?? decoded?.destinations ?? new Map<unknown, unknown>()).keys()].map(String).sort();
}

/** Deliveries in their order, but for some, which take each other's places so that they come in an order of their own. */
function inOrderOf(deliveries: readonly number[], some: readonly number[]): number[] {
  const next = some.filter((one) => deliveries.includes(one)).values();
  return deliveries.map((one) => (some.includes(one) ? (next.next().value ?? one) : one));
}

/** What the engine wrote; marks of mails and when the log last spoke are no part of what was learned. */
function itemsOf({ state }: World): Map<string, StateItem> {
  return new Map([...state.written].filter(([key]) => !key.startsWith(pushMark) && !key.startsWith(heartbeatKey(''))));
}

/** Objects that the AWS SDK made are of another kind than others to a strict comparison, so all are made alike. */
async function findingsIn({ findings }: World): Promise<Finding[]> {
  return JSON.parse(JSON.stringify(await allFindings(findings))) as Finding[];
}

/** Something that is not as a clean run leaves it. */
interface Difference {
  /** Of the item of the state that is concerned. */
  readonly key: string;
  readonly words: string;
}

function differences(left: Clean, clean: Clean, isSettled: boolean): Difference[] {
  const keys = [...new Set([...left.state.keys(), ...clean.state.keys()])];
  const items = keys.filter((key) => !isSameItem(key, left.state.get(key), clean.state.get(key), isSettled)).map((key) => ({ key, words: `state item ${key} differs` }));
  const both = new Map([...left.findings, ...clean.findings].map((finding) => [finding.id, finding.identity]));
  const byId = (findings: readonly Finding[], id: string) => findings.find((finding) => finding.id === id);
  const findings = [...both].filter(([id]) => !isSameFinding(byId(left.findings, id), byId(clean.findings, id), isSettled));
  return [...items, ...findings.map(([id, identity]) => ({ key: identityKey(cluster, identity), words: `finding ${id} differs` }))];
}

function isSameItem(key: string, one: StateItem | undefined, other: StateItem | undefined, isSettled: boolean): boolean {
  if (!one || !other) return one === other;
  if (Buffer.compare(one.bytes, other.bytes) === 0) return true;
  return isSettled && isDeepStrictEqual(settledItem(key, decodedItem(key, one.bytes)), settledItem(key, decodedItem(key, other.bytes)));
}

function isSameFinding(one: Finding | undefined, other: Finding | undefined, isSettled: boolean): boolean {
  if (!one || !other) return one === other;
  return isSettled ? isDeepStrictEqual(settledFinding(one), settledFinding(other)) : isDeepStrictEqual(one, other);
}

function copiesOf({ world }: Ending): Map<string, { copies: number; unsure: number }> {
  const counts = Map.groupBy(world.mails, markOf);
  return new Map([...counts].map(([mark, mails]) => [mark, { copies: mails.length, unsure: world.unsure.get(mark) ?? 0 }]));
}

/** Nothing due is unsaid, or else it waits among the dead letters to be read in the table; nothing is said twice but where a call went wrong after which nobody can know whether it was said. */
function mailProblems(ending: Ending, findings: readonly Finding[]): string[] {
  const { due, mails, readInTable } = ending.world;
  const pushes = new Map(findings.map(({ id, pushedAt }) => [id, pushedAt.length]));
  // What was written half and then done again on what others wrote may have been pushed less often.
  const left = (push: Push): Push => ({ ...push, count: Math.min(push.count, pushes.get(push.id) ?? push.count) });
  const unsaid = due.filter((push) => ![...mails, ...readInTable].some((told) => tells(told, left(push)))).map((push) => `${markOf(push)} was never mailed`);
  const doubled = [...copiesOf(ending)].filter(([, { copies, unsure }]) => copies > 1 + unsure).map(([mark, { copies, unsure }]) => `${mark} was mailed ${String(copies)} times, though only ${String(unsure)} calls went wrong`);
  const undue = mails.filter((mail) => !due.some((push) => push.id === mail.id)).map((mail) => `${markOf(mail)} was mailed though it was never due`);
  return [...unsaid, ...doubled, ...undue];
}

/** Each record that cannot be read is among the dead letters, whole, at most once for each attempt, and no other is. */
function letterProblems({ world, poison, attempts }: Ending): string[] {
  const most = attempts.reduce((sum, count) => sum + count, 0);
  const lost = poison.filter((record) => !world.letters.some((letter) => letter.record === record)).map((record) => `${record} is not among the dead letters`);
  const strange = world.letters.filter(({ record }) => !poison.includes(record)).map(({ reason }) => `a sound record is among the dead letters: ${reason}`);
  const doubled = world.letters.length > most ? [`there are ${String(world.letters.length)} dead letters of ${String(most)} attempts`] : [];
  return [...lost, ...strange, ...doubled];
}
