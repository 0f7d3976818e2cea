import { anywhere } from '../addresses.ts';
import type { Call, Caller } from '../audit.ts';
import { appCaller, type App } from '../layout.ts';
import { callerOf, type Person } from '../life/people.ts';
import { toolCaller, type Tool } from '../life/tools.ts';
import * as names from '../names.ts';
import type { Random } from '../random.ts';
import type { Setting } from '../setting.ts';
import { day, hour, minute, type Mark } from '../world.ts';
import { attacks, soloAttacks } from './catalogue.ts';
import { stories } from './stories.ts';

/** An attack as it was played. */
export interface Scenario {
  readonly id: string;
  readonly kind: string;
  /** Milliseconds since the epoch, of its first and its last request. */
  start: number;
  end: number;
}

/** Plays an attack on a stage. */
export type Attack = (stage: Stage) => void;

interface Play { readonly scenario: Scenario; readonly victims: Set<string> }

/** Where an attack is played: its clock, its luck, and its label on all that it asks. */
export class Stage {
  readonly setting: Setting;
  readonly random: Random;
  readonly mark: Mark;
  /** Milliseconds between its requests, on average. */
  readonly pace: number;
  time: number;
  readonly #scenario: Scenario;
  readonly #victims: Set<string>;

  constructor(setting: Setting, random: Random, { scenario, victims }: Play, time: number) {
    this.setting = setting;
    this.#victims = victims;
    this.random = random;
    this.time = time;
    this.#scenario = scenario;
    this.mark = { scenario: scenario.id, role: 'attack' };
    this.pace = random.pick([300, 1500, 6000, 20_000]);
  }

  /** Makes a request and lets some time pass. */
  do(caller: Caller, call: Call, pause = this.pace): void {
    if (this.time < this.setting.world.end) {
      this.setting.world.call(this.time, caller, call, this.mark);
      this.#scenario.start ||= this.time;
      this.#scenario.end = this.time;
    }
    this.time += pause * this.random.between(0.5, 1.5) + 5;
  }

  /** Lets time pass. */
  wait(least: number, most: number): void {
    this.time += this.random.between(least, most);
  }

  /** Somewhere the victim never was: the internet, or another company network where the endpoint is private. */
  foreign(): string {
    const { random } = this;
    return this.setting.layout.isPublic ? anywhere(random) : `10.${String(random.int(1, 40))}.${String(random.int(0, 255))}.${String(random.int(2, 250))}`;
  }

  /** Somebody of a rank, or of any. */
  person(...ranks: Person['rank'][]): Person {
    const { people } = this.setting;
    const fitting = people.filter(({ rank, from, until }) => ranks.includes(rank) && from < this.time - 5 * day && until > this.time);
    return this.#victim(fitting.length > 0 ? fitting : people.filter(({ rank }) => rank === 'admin'));
  }

  /** Somebody who does not do such things; nobody when all do. */
  unused(command: string, ...ranks: Person['rank'][]): Person | undefined {
    const fitting = this.setting.people.filter(({ rank, commands, from }) => ranks.includes(rank) && from < this.time - 5 * day && !commands.some(([name]) => name === command));
    return fitting.length > 0 ? this.#victim(fitting) : undefined;
  }

  /** One of them, rather not one who was a victim before. */
  #victim(people: readonly Person[]): Person {
    const fresh = people.filter(({ name }) => !this.#victims.has(name));
    const victim = this.random.pick(fresh.length > 0 ? fresh : people);
    this.#victims.add(victim.name);
    return victim;
  }

  /** As a person: from a usual place with the usual program, or stolen and used from elsewhere. */
  as(person: Person, isStolen = this.random.chance(0.5)): Caller {
    if (!isStolen) return callerOf(person, this.random.pick(person.places), person.agents[0]);
    return callerOf(person, this.foreign(), this.random.chance(0.5) ? this.random.pick(names.attackAgents) : person.agents[0]);
  }

  /** An application with something to steal. */
  app(fits: (app: App) => boolean = () => true): App {
    const { layout } = this.setting;
    const own = new Set(layout.namespaces.filter(({ kind }) => kind === 'production' || kind === 'test').map(({ name }) => name));
    const running = layout.apps.filter(({ namespace, pods }) => own.has(namespace) && pods.length > 0);
    const fitting = running.filter(fits);
    return this.random.pick(fitting.length > 0 ? fitting : running);
  }

  /** With an application's token: from its own pod, or from elsewhere. */
  asApp(app: App, isStolen: boolean): Caller {
    const own = appCaller(this.random, app);
    return isStolen ? { ...own, address: this.foreign(), agent: this.random.pick(names.attackAgents) } : { ...own, agent: this.random.pick(['curl/8.5.0', 'kubectl/v1.29.1 (linux/amd64) kubernetes/bc401b9', app.agent]) };
  }

  asTool(tool: Tool): Caller {
    return toolCaller(tool);
  }

  /** A tool whose account may read secrets, or else any. */
  privileged(): Tool {
    const { tools } = this.setting;
    const able = tools.filter(({ kind }) => kind.watches.includes('secrets'));
    return this.random.pick(able.length > 0 ? able : tools);
  }
}

/** Days before nothing is attacked, so that there is something to learn from. */
const quietDays = 5;

/** Lets attacks of these kinds happen, one by one over the days; those that are not asked for are drawn. */
export function playAttacks(setting: Setting, random: Random, kinds?: readonly string[]): Scenario[] {
  const chosen = kinds ?? [...random.some(Object.keys(soloAttacks), random.int(6, 10)), ...random.fork('stories').some(Object.keys(stories), 2)];
  const victims = new Set<string>();
  return chosen.map((kind, index) => {
    const own = random.fork(`${kind} ${String(index)}`);
    const scenario: Scenario = { id: `${kind}-${String(index)}`, kind, start: 0, end: 0 };
    const { world } = setting;
    const latest = world.end - 18 * hour;
    const begins = own.between(world.start + quietDays * day, latest) + own.int(0, 59) * minute;
    world.at(begins, (time) => { attacks[kind]?.(new Stage(setting, own, { scenario, victims }, time)); });
    return scenario;
  });
}

/** Lets one attack, of no catalogue, happen from a time on. */
export function playAlone(setting: Setting, random: Random, attack: Attack, begins: number): Scenario {
  const scenario: Scenario = { id: 'alone', kind: 'alone', start: 0, end: 0 };
  setting.world.at(begins, (time) => { attack(new Stage(setting, random, { scenario, victims: new Set() }, time)); });
  return scenario;
}
