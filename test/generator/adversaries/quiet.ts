import { day } from '../world.ts';
import { atDesk, read, readSlowly, secretsToSteal, type Play, type Secret } from './thief.ts';

/** As much as there is time for. */
function loot(secrets: readonly Secret[], pace: number): readonly Secret[] {
  return secrets.slice(0, pace >= day ? 10 : 30);
}

/** Adversaries who try not to be noticed. */
export const quietAdversaries = {
  /** A stolen session in the attacker's hands, one secret at a time. */
  'slow-theft': (stage, pace) => {
    const caller = stage.as(stage.person('developer'), true);
    readSlowly(stage, loot(secretsToSteal(stage), pace), pace, () => caller);
  },
  /** Code that runs in an application's own pod and asks as the application does. */
  'slow-theft-from-pod': (stage, pace) => {
    const app = stage.app(({ talk }) => talk !== 'nothing');
    const caller = { ...stage.asApp(app, false), agent: app.agent };
    readSlowly(stage, loot(secretsToSteal(stage), pace), pace, () => caller);
  },
  /** Somebody's own machine at the usual hour: nothing is unusual but what is read. */
  'all-as-usual': (stage, pace) => {
    const person = stage.unused('secrets', 'developer') ?? stage.person('developer');
    readSlowly(stage, loot(secretsToSteal(stage), pace), pace, () => atDesk(stage, person));
  },
  /** Somebody who lists secrets of a namespace anyway, and now means harm: no other namespace, no other verb. */
  'granted-reads': (stage, pace) => {
    const able = stage.setting.people.filter(({ commands }) => commands.some(([name]) => name === 'secrets'));
    const person = able.length > 0 ? stage.random.pick(able) : stage.person('admin');
    readSlowly(stage, loot(secretsToSteal(stage, person.namespaces.slice(0, 1)), pace), pace, () => atDesk(stage, person));
  },
  /** An operator that holds every secret already, taken over where it runs. */
  'granted-operator': (stage, pace) => {
    const able = stage.setting.tools.filter(({ kind }) => kind.watches.includes('secrets'));
    const tool = able.length > 0 ? stage.random.pick(able) : stage.privileged();
    readSlowly(stage, loot(secretsToSteal(stage), pace), pace, () => stage.asTool(tool));
  },
  /** In each round some more than in the one before, never more than a fifth and one beyond; in the end all at once. */
  'slow-poisoning': (stage, pace) => {
    const person = stage.person('developer');
    const secrets = secretsToSteal(stage);
    let count = 1;
    for (let round = 0; round < 8; round++) {
      for (const secret of secrets.slice(0, count)) read(stage, atDesk(stage, person), secret, 5000);
      count = Math.floor(count * 1.2) + 1;
      stage.time += pace;
    }
    for (const secret of secrets.slice(0, 40)) read(stage, atDesk(stage, person), secret, 1000);
  },
  /** Each of the cluster's people and applications reads a few: everybody's share is small. */
  'many-identities': (stage, pace) => {
    const { setting: { people, layout }, random } = stage;
    const apps = layout.apps.filter(({ talk, pods }) => talk !== 'nothing' && pods.length > 0);
    const thieves = [...people.map((person) => () => atDesk(stage, person)), ...apps.map((app) => () => ({ ...stage.asApp(app, false), agent: app.agent }))];
    const secrets = secretsToSteal(stage);
    for (const as of random.some(thieves, thieves.length)) for (const secret of secrets.splice(0, 2)) read(stage, as(), secret, pace);
  },
} as const satisfies Readonly<Record<string, Play>>;
