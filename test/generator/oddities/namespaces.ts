import { callerFor } from '../life/pipelines.ts';
import { callerOf } from '../life/people.ts';
import { namespaceComes, namespaceGoes } from '../namespaces.ts';
import { appsIn, namespacesOf } from '../layout.ts';
import * as names from '../names.ts';
import { day, hour, minute } from '../world.ts';
import type { Occasion, Oddity } from './catalogue.ts';
import { dailyBackup } from './software.ts';

/** Namespaces that come with the same applications each, and go after a while. */
interface Series { readonly every: number; readonly lasts: number; readonly prefix: string }

function series({ setting, random, mark }: Occasion, { every, lasts, prefix }: Series): void {
  const { world, layout } = setting;
  const caller = callerFor(random, layout, { kind: 'github', agent: 'Helm/3.15.4' });
  const apps = random.some(names.parts, random.int(1, 3)).map((name) => ({ name: `${prefix}-${name}` }));
  let number = random.int(100, 900);
  world.every(random, { from: world.start, every }, (time) => {
    const name = `${prefix}-${String(number++)}`;
    namespaceComes(setting, { time, random, mark, name, caller: caller(), apps });
    world.at(time + lasts * random.between(0.3, 1.7), (then) => { namespaceGoes(setting, name, { time: then, random, mark, caller: caller() }); });
  });
}

/** Oddities of namespaces. */
export const namespaceOddities: Readonly<Record<string, Oddity>> = {
  'preview-namespaces': (occasion) => { series(occasion, { every: 6 * hour, lasts: 20 * hour, prefix: 'pr' }); },
  /** Backups that begin with whatever namespaces there are, of which most are new each day. */
  'backup-with-previews': (occasion) => {
    dailyBackup(occasion);
    series(occasion, { every: 5 * hour, lasts: 30 * hour, prefix: 'preview' });
  },
  'tenant-a-day': (occasion) => { series(occasion, { every: day, lasts: 200 * day, prefix: 'tenant' }); },
  'namespace-rename': ({ setting, random, mark, time }) => {
    const { world, layout } = setting;
    const admins = setting.people.filter(({ rank }) => rank === 'admin');
    const pipeline = random.pick(setting.pipelines);
    world.at(time, (now) => {
      const old = random.pick(namespacesOf(layout, 'test', 'production'));
      const caller = random.chance(0.5) ? pipeline.caller() : callerOf(random.pick(admins));
      const apps = appsIn(layout, old).map(({ name, image, kind, isDatabase, replicas, talk }) => ({ name, image, kind, isDatabase, replicas, talk }));
      namespaceComes(setting, { time: now, random, mark, name: `${old}-v2`, caller, apps });
      world.at(now + 40 * minute, (then) => { namespaceGoes(setting, old, { time: then, random, mark, caller }); });
    });
  },
};
