import * as names from '../names.ts';
import { minute } from '../world.ts';
import { read, readSlowly, secretsToSteal, type Play } from './thief.ts';

/** Adversaries who make noise so that one thing is not heard. */
export const loudAdversaries = {
  /** Others' stolen tokens search noisily from many places; meanwhile one session reads secrets. */
  'flood-of-others': (stage, pace) => {
    const { random, setting: { layout, people } } = stage;
    const [thief, ...decoys] = random.some(people, people.length);
    if (!thief) return;
    const secrets = secretsToSteal(stage).slice(0, 30);
    const from = stage.as(thief, true);
    stage.wait(0, minute);
    for (const decoy of decoys) {
      const caller = stage.as(decoy, true);
      for (const { name } of layout.namespaces) for (const resource of ['pods', 'secrets', 'configmaps']) stage.do(caller, { verb: 'list', resource, namespace: name, code: 403 }, pace);
      for (const secret of secrets.splice(0, 4)) read(stage, from, secret, pace);
    }
    readSlowly(stage, secrets, pace, () => from);
  },
  /** The same session first makes hundreds of requests that are refused, then reads secrets among as many more. */
  'flood-of-self': (stage, pace) => {
    const { random, setting: { layout } } = stage;
    const caller = stage.as(stage.person('developer'), true);
    const noise = (count: number): void => {
      for (let left = count; left > 0; left--) stage.do(caller, { verb: 'get', resource: random.pick(['pods', 'configmaps', 'services']), namespace: random.pick(layout.namespaces).name, name: `${random.pick(names.parts)}-${random.hex(5)}`, code: 403 }, pace);
    };
    noise(300);
    for (const secret of secretsToSteal(stage).slice(0, 30)) {
      read(stage, caller, secret, pace);
      noise(10);
    }
  },
} as const satisfies Readonly<Record<string, Play>>;
