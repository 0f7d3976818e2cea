import { publicBlock, within } from '../addresses.ts';
import { callerOf, drawPerson, work, type Person } from '../life/people.ts';
import { namespacesOf } from '../layout.ts';
import * as names from '../names.ts';
import { day, hour, minute } from '../world.ts';
import type { Occasion, Oddity } from './catalogue.ts';

/** Somebody who has been there, and can do more than read where asked. */
function somebody({ setting, random }: Occasion, ...ranks: Person['rank'][]): Person {
  const fitting = setting.people.filter(({ rank }) => ranks.includes(rank));
  return random.pick(fitting.length > 0 ? fitting : setting.people);
}

/** Some days' sittings of somebody under the oddity's mark. */
function days({ setting, random, mark, time }: Occasion, person: Person, count: number): void {
  for (let date = 0; date < count; date++) {
    setting.world.at(time + date * day + random.between(0, 3) * hour, (now) => { work(setting, person, { time: now, mark }); });
  }
}

/** Somebody new, with the role of others and habits of the same kind. */
function newcomer({ setting, random, time }: Occasion, rank: Person['rank']): Person {
  const like = setting.people.find((one) => one.rank === rank) ?? setting.people[0];
  const name = `${random.pick(names.firstNames)}.newby`;
  if (!like) throw new Error('a cluster has people');
  const session = { ...like.session, session: like.session.session.includes('@') ? `${name}@${setting.layout.company}.example` : name };
  return drawPerson(random.fork(name), setting.layout, { name, rank: like.rank, session, from: time, until: setting.world.end });
}

/** Oddities of people. */
export const peopleOddities: Readonly<Record<string, Oddity>> = {
  'new-joiner': (occasion) => { days(occasion, newcomer(occasion, 'developer'), 3); },
  traveller: (occasion) => {
    const { random, setting: { layout } } = occasion;
    const person = somebody(occasion, 'developer', 'admin', 'reader');
    const places = layout.isPublic ? [within(random, publicBlock(random)), within(random, publicBlock(random))] : [`10.${String(random.int(60, 90))}.3.${String(random.int(2, 200))}`];
    days(occasion, { ...person, places }, 3);
  },
  'new-laptop': (occasion) => {
    const { random } = occasion;
    const platform = random.pick(names.clients);
    days(occasion, { ...somebody(occasion, 'developer', 'admin', 'reader'), agents: [`kubectl/v1.34.${String(random.int(0, 3))} (${platform}) kubernetes/${random.hex(7)}`] }, 3);
  },
  'new-client': (occasion) => {
    const { random } = occasion;
    days(occasion, { ...somebody(occasion, 'developer', 'admin', 'reader'), agents: [random.pick(['k9s/v0.40.5 (linux/amd64) kubernetes/$Format', 'stern/v1.31.0 (linux/amd64)', 'Headlamp/0.26.0', 'freelens/1.2.0'])] }, 2);
  },
  'on-call-night': (occasion) => {
    const { setting, random, mark, time } = occasion;
    const able = setting.people.filter(({ rank, commands }) => rank !== 'reader' && commands.some(([name]) => name === 'exec' || name === 'secret'));
    const person = able.length > 0 ? random.pick(able) : somebody(occasion, 'admin');
    const night = Math.floor(time / day) * day + random.between(0, 4) * hour;
    const caller = callerOf(person, person.places.at(-1), person.agents[0]);
    const production = namespacesOf(setting.layout, 'production');
    const wanted = /^(pods|describe|logs|deployments|exec|secret|restart)$/;
    const onCall = { ...person, commands: person.commands.filter(([name]) => wanted.test(name)) };
    for (let sitting = 0; sitting < 3; sitting++) {
      setting.world.at(night + sitting * random.between(10, 50) * minute, (now) => { work(setting, onCall, { time: now, mark, caller, commands: 12, namespaces: [...person.namespaces.slice(0, 2), random.pick(production)] }); });
    }
  },
  /** The office's exit gets another address; all who worked from the old one come from the new one from within hours. */
  'office-move': (occasion) => {
    const { setting: { layout, people, world }, random, mark, time } = occasion;
    const [old = ''] = layout.offices;
    const block = layout.isPublic ? publicBlock(random) : `10.${String(random.int(60, 90))}.${String(random.int(0, 255))}`;
    const moved = (place: string): string => (place.startsWith(`${old}.`) ? within(random, block) : place);
    for (const person of people) {
      const places = person.places.map(moved);
      if (places.every((place, index) => place === person.places[index])) continue;
      for (let sitting = 0; sitting < 3; sitting++) {
        world.at(time + sitting * day + random.between(0, 4) * hour, (now) => {
          person.places = places;
          work(occasion.setting, person, { time: now, mark, caller: callerOf(person, places.find((place) => place.startsWith(`${block}.`))) });
        });
      }
    }
  },
  auditor: (occasion) => {
    const { setting, random, mark, time } = occasion;
    const auditor = newcomer(occasion, 'reader');
    const caller = callerOf(auditor);
    const kinds = ['pods', 'services', 'serviceaccounts', 'apps/deployments', 'networking.k8s.io/networkpolicies', 'rbac.authorization.k8s.io/roles', 'rbac.authorization.k8s.io/rolebindings'];
    let now = time;
    for (const resource of ['rbac.authorization.k8s.io/clusterroles', 'rbac.authorization.k8s.io/clusterrolebindings', 'nodes', 'namespaces']) setting.world.call(now += 20_000, caller, { verb: 'list', resource }, mark);
    for (const namespace of namespacesOf(setting.layout, 'production', 'test', 'tool')) for (const resource of random.some(kinds, 5)) setting.world.call(now += random.wait(40_000), caller, { verb: 'list', resource, namespace }, mark);
  },
};
