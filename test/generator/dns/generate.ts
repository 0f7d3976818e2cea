import { Random } from '../random.ts';
import { addAttacks, attackKinds } from './attacks.ts';
import { addOrdinaryLife } from './ordinary.ts';
import { loggedQueries, World, type LabelledQuery, type Scenario } from './world.ts';

/** Some weeks of what a cluster looks up, as the resolver logs it, by time. */
export interface GeneratedNames {
  readonly days: number;
  readonly queries: readonly LabelledQuery[];
  readonly scenarios: readonly Scenario[];
}

/** Makes up a cluster's look-ups. The same seed gives the same. */
export function generateNames(seed: number, { days = 14, attacks = attackKinds }: { days?: number; attacks?: readonly string[] } = {}): GeneratedNames {
  const world = new World(new Random(`names/${String(seed)}`), days);
  addOrdinaryLife(world);
  const scenarios = addAttacks(world, attacks);
  return { days, scenarios, queries: loggedQueries(world) };
}
