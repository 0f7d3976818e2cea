import { publicBlock, within } from '../addresses.ts';
import type { Call, Caller, User } from '../audit.ts';
import { roleUser, type RoleSession } from '../callers.ts';
import { appsIn, namespacesOf, type Layout } from '../layout.ts';
import * as names from '../names.ts';
import type { Random } from '../random.ts';
import type { Setting } from '../setting.ts';
import { day, hour, minute, type Mark } from '../world.ts';
import { rollOut } from '../workloads.ts';
import { acting, administering, discovery, panelKinds, reading, type Command } from './commands.ts';

/** Somebody with habits: what is done where, when, from where and with what. */
export interface Person {
  readonly name: string;
  readonly rank: 'admin' | 'developer' | 'reader';
  readonly session: RoleSession;
  readonly random: Random;
  readonly commands: readonly (readonly [string, Command, number])[];
  /** The favourite first. */
  readonly namespaces: readonly string[];
  /** Hours (UTC) of work. */
  readonly begins: number;
  readonly ends: number;
  /** Sessions on a working day. */
  readonly sessions: number;
  readonly weekends: number;
  places: string[];
  agents: string[];
  /** When somebody is there. */
  readonly from: number;
  readonly until: number;
}

/** Draws the people of a cluster; all came long ago. */
export function drawPeople(random: Random, layout: Layout, always: { from: number; until: number }): Person[] {
  const account = layout.account;
  const style = random.weighted<'sso' | 'role'>([['sso', 3], ['role', 1]]);
  const roles = { admin: random.pick(names.roles.admin), developer: random.pick(names.roles.developer), reader: random.pick(names.roles.reader) };
  const ending = random.hex(16);
  const ranks: Person['rank'][] = ['admin', ...Array.from({ length: random.int(3, 8) }, () => random.weighted<Person['rank']>([['admin', 1.5], ['developer', 4], ['reader', 1.5]]))];
  return random.some(names.firstNames, ranks.length).map((first, index) => {
    const rank = ranks[index] ?? 'developer';
    const name = `${first}.${random.pick(names.lastNames)}`;
    const role = style === 'sso' ? `AWSReservedSSO_${roles[rank]}_${ending}` : roles[rank].toLowerCase();
    const session = { account, role, session: style === 'sso' ? `${name}@${layout.company}.example` : name, group: `${layout.company}:${rank}s` };
    return drawPerson(random.fork(name), layout, { name, rank, session, ...always });
  });
}

type PersonWish = Pick<Person, 'name' | 'rank' | 'session' | 'from' | 'until'>;

export function drawPerson(random: Random, layout: Layout, wish: PersonWish): Person {
  const begins = random.int(5, 15);
  const choose = (from: Readonly<Record<string, Command>>, count: number): [string, Command, number][] => random.some(Object.entries(from), count).map(([key, command]) => [key, command, random.wait(1) + 0.2]);
  const commands = [...choose(reading, random.int(6, 11)), ...(wish.rank === 'reader' ? [] : choose(acting, random.int(2, 6))), ...(wish.rank === 'admin' ? choose(administering, random.int(2, 5)) : [])];
  const own = namespacesOf(layout, 'production', 'test');
  const namespaces = wish.rank === 'developer' ? random.some(own, random.int(1, 3)) : random.some([...own, ...namespacesOf(layout, 'tool'), ...(wish.rank === 'admin' ? ['kube-system'] : [])], random.int(3, 8));
  const office = layout.offices.map((block) => within(random, block));
  const home = within(random, publicBlock(random));
  return {
    ...wish, random, commands, namespaces, begins, ends: begins + random.int(7, 10), sessions: random.between(1, 4), weekends: random.chance(0.2) ? 0.4 : 0.05,
    places: layout.isPublic ? random.some([...office, home], random.int(1, 3)) : office.slice(0, 1), agents: drawAgents(random),
  };
}

function drawAgents(random: Random): string[] {
  const platform = random.pick(names.clients);
  const kubectl = `kubectl/v1.${String(random.int(28, 33))}.${String(random.int(0, 9))} (${platform}) kubernetes/${random.hex(7)}`;
  const others = [`k9s/v0.${String(random.int(31, 40))}.0 (${platform}) kubernetes/$Format`, 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Lens/2024.11', `stern/v1.30.0 (${platform})`, 'Helm/3.16.2'];
  return [kubectl, ...random.some(others, random.int(0, 2))];
}

/** Lets somebody live as usual. */
export function live(setting: Setting, person: Person): void {
  const { world } = setting;
  const { random } = person;
  for (let date = world.start; date < world.end; date += day) {
    const isWeekend = [0, 6].includes(new Date(date).getUTCDay());
    if (random.chance(isWeekend ? 1 - person.weekends : 0.1)) continue;
    const count = Math.max(1, Math.round(random.wait(person.sessions)));
    for (let session = 0; session < count; session++) {
      const begins = date + random.between(person.begins, person.ends) * hour;
      if (begins >= person.from && begins < person.until) world.at(begins, (time) => { work(setting, person, { time }); });
    }
  }
}

/** One sitting at a machine. */
export interface Sitting { readonly time: number; readonly caller?: Caller; readonly mark?: Mark; readonly commands?: number; readonly namespaces?: readonly string[] }

export function callerOf(person: Person, address = person.random.favourite(person.places), agent = person.random.favourite(person.agents)): Caller {
  return { user: userOf(person), address, agent };
}

export function userOf({ session, random }: Person): User {
  return roleUser(session, random);
}

/** Works for a while: some commands in some of the usual places, with a mistake now and then. */
export function work(setting: Setting, person: Person, { time, mark, ...sitting }: Sitting): void {
  const { random } = person;
  const caller = sitting.caller ?? callerOf(person);
  let now = time;
  for (const call of discovery) setting.world.call(now += random.between(50, 300), caller, call, mark);
  const isPanel = caller.agent.startsWith('Mozilla');
  for (let left = sitting.commands ?? random.int(2, 14); left > 0; left--) {
    const namespace = random.favourite(sitting.namespaces ?? person.namespaces);
    now += random.wait(1.5 * minute) + 500;
    if (isPanel && random.chance(0.5)) for (const resource of panelKinds) setting.world.call(now += random.between(20, 200), caller, { verb: 'list', resource, namespace }, mark);
    else now = runCommand(setting, { person, caller, namespace, now, mark });
  }
}

interface Running { readonly person: Person; readonly caller: Caller; readonly namespace: string; readonly now: number; readonly mark: Mark | undefined }

function runCommand(setting: Setting, { person, caller, namespace, now: begun, mark }: Running): number {
  const { random, rank } = person;
  const { layout, world } = setting;
  const command = random.weighted(person.commands.map(([, one, weight]) => [one, weight] as const));
  const calls: Call[] = command.calls({ layout, random, namespace });
  const isRefused = rank !== 'admin' && random.chance(0.01);
  let now = begun;
  for (const call of calls) world.call(now += random.between(100, 900), caller, isRefused ? { ...call, code: 403 } : call, mark);
  const app = appsIn(layout, namespace).find(({ name, kind }) => kind === 'deployments' && calls.some((call) => call.name === name));
  if (command.rollsOut && app && !isRefused) rollOut(setting, { app, time: now, random, mark });
  return now;
}
