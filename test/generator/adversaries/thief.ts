import type { Caller } from '../audit.ts';
import type { Stage } from '../attacks/stage.ts';
import { callerOf, type Person } from '../life/people.ts';
import * as names from '../names.ts';
import { day, hour } from '../world.ts';

/** Plays at a pace: milliseconds between its steps. */
export type Play = (stage: Stage, pace: number) => void;

/** A secret by where it is. */
export interface Secret { readonly namespace: string; readonly name: string }

/** Secrets of all applications in random order, those that no pod mounts among them; of some namespaces where told. */
export function secretsToSteal({ random, setting: { layout } }: Stage, namespaces?: readonly string[]): Secret[] {
  const own = new Set(namespaces ?? layout.namespaces.filter(({ kind }) => kind === 'production' || kind === 'test').map(({ name }) => name));
  const all = layout.apps.filter(({ namespace }) => own.has(namespace)).flatMap(({ namespace, name }) => names.secretKinds.map((kind) => ({ namespace, name: `${name}-${kind}` })));
  return random.some(all, all.length);
}

/** Reads one secret. */
export function read(stage: Stage, caller: Caller, secret: Secret, pause: number): void {
  stage.do(caller, { verb: 'get', resource: 'secrets', ...secret }, pause);
}

/** Reads secrets one by one, so many milliseconds apart, as whoever it is by then. */
export function readSlowly(stage: Stage, secrets: readonly Secret[], pace: number, as: () => Caller): void {
  for (const secret of secrets) read(stage, as(), secret, pace);
}

/** Somebody at the usual desk, with the usual program, in the usual hours of a working day; the clock goes on to then. */
export function atDesk(stage: Stage, person: Person): Caller {
  const hourOfDay = (stage.time % day) / hour;
  const isWeekend = [0, 6].includes(new Date(stage.time).getUTCDay());
  if (isWeekend || hourOfDay < person.begins || hourOfDay >= person.ends) {
    let next = Math.floor(stage.time / day) * day + (person.begins + 1) * hour;
    while (next < stage.time || [0, 6].includes(new Date(next).getUTCDay())) next += day;
    stage.time = next + stage.random.between(0, hour);
  }
  return callerOf(person, person.places[0], person.agents[0]);
}
