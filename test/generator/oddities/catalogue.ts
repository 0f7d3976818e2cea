import type { Random } from '../random.ts';
import type { Setting } from '../setting.ts';
import { day, hour, type Mark } from '../world.ts';
import { clusterOddities } from './cluster.ts';
import { namespaceOddities } from './namespaces.ts';
import { peopleOddities } from './people.ts';
import { softwareOddities } from './software.ts';

/** Where an innocent oddity takes place: it begins at `time`, and all its requests bear its mark. */
export interface Occasion {
  readonly setting: Setting;
  readonly random: Random;
  readonly mark: Mark;
  /** In working hours of a day when most is known of the cluster. */
  readonly time: number;
}

/** Something unusual that is nobody's attack. */
export type Oddity = (occasion: Occasion) => void;

/** All oddities by kind. */
export const oddities: Readonly<Record<string, Oddity>> = { ...peopleOddities, ...clusterOddities, ...namespaceOddities, ...softwareOddities };

/** Days before an oddity that happens once. */
const quietDays = 7;

/** Lets oddities happen: those asked for, or some at random. */
export function playOddities(setting: Setting, random: Random, kinds?: readonly string[]): void {
  const chosen = kinds ?? random.some(Object.keys(oddities), random.int(2, 5));
  for (const kind of chosen) {
    const own = random.fork(kind);
    const time = setting.world.start + own.int(quietDays, setting.world.days - 2) * day + own.int(8, 15) * hour;
    oddities[kind]?.({ setting, random: own, mark: { scenario: kind, role: 'oddity' }, time });
  }
}
