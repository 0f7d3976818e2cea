import { publicBlock, within } from '../addresses.ts';
import type { Caller } from '../audit.ts';
import { nodeCaller, podCaller } from '../callers.ts';
import { callerOf } from '../life/people.ts';
import * as names from '../names.ts';
import { minute } from '../world.ts';
import { goals, pursue } from './goals.ts';
import type { Attack, Stage } from './stage.ts';

/** Somewhere on the internet, or inside the company where the endpoint is private. */
function outside(stage: Stage): string {
  return stage.setting.layout.isPublic ? within(stage.random, publicBlock(stage.random)) : stage.foreign();
}

/** A look at who one is and what there is, as intruders take before anything else. */
function orient(stage: Stage, caller: Caller): void {
  const { random } = stage;
  if (random.chance(0.5)) stage.do(caller, { verb: 'create', resource: 'authentication.k8s.io/selfsubjectreviews', body: { kind: 'SelfSubjectReview' } });
  for (const resource of random.some(['namespaces', 'nodes', 'pods', 'services'], random.int(0, 3))) stage.do(caller, { verb: 'list', resource, code: random.chance(0.3) ? 403 : 200 });
}

/** Ways in; what is done then is drawn from all goals. */
export const entryAttacks: Readonly<Record<string, Attack>> = {
  'stolen-pipeline-credentials': (stage) => {
    const thief = { ...stage.random.pick(stage.setting.pipelines).caller(), address: outside(stage), agent: stage.random.pick(names.attackAgents) };
    orient(stage, thief);
    pursue(stage, thief);
  },
  /** Somebody's own rights on a machine that the company never saw, from a usual place. */
  'insider-own-laptop': (stage) => {
    const person = stage.person('developer', 'admin');
    const platform = stage.random.pick(names.clients);
    pursue(stage, callerOf(person, person.places.at(-1), `kubectl/v1.${String(stage.random.int(30, 34))}.0 (${platform}) kubernetes/${stage.random.hex(7)}`), 'secrets', 'config-maps', 'data-copy', 'database-tunnel');
  },
  /** The provider's browser shell: an address of the provider, a program as it is installed there. */
  'cloud-shell-session': (stage) => {
    const caller = callerOf(stage.person('developer', 'admin'), outside(stage), 'kubectl/v1.32.3 (linux/amd64) kubernetes/32cc146');
    orient(stage, caller);
    pursue(stage, caller);
  },
  'phished-session': (stage) => {
    const caller = callerOf(stage.person('reader', 'developer', 'admin'), outside(stage), stage.random.pick(['kubectl/v1.33.1 (windows/amd64) kubernetes/8adc0f0', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Lens/2025.1', 'k9s/v0.40.5 (windows/amd64) kubernetes/$Format']));
    orient(stage, caller);
    stage.wait(0, 40 * minute);
    pursue(stage, caller);
  },
  'node-token-theft': (stage) => {
    const { random, setting: { layout, kubeletVersion } } = stage;
    const node = random.pick(layout.nodes);
    const thief = { ...nodeCaller(node, kubeletVersion), ...(random.chance(0.5) ? { agent: 'curl/8.5.0' } : {}) };
    // The node authorizer gives a kubelet tokens of the accounts whose pods run on it.
    const own = layout.apps.filter(({ pods }) => pods.some((pod) => pod.node === node));
    for (const { namespace, name, account = name } of random.some(own, random.int(2, 4))) stage.do(thief, { verb: 'create', resource: 'serviceaccounts/token', namespace, name: account, issues: random.uuid(), body: { kind: 'TokenRequest', spec: { audiences: null, expirationSeconds: 86400 } } });
    for (const { name } of random.some(layout.nodes.filter((one) => one !== node), 2)) stage.do(thief, { verb: 'get', resource: 'nodes', name, code: 403 });
    for (const namespace of random.some(layout.namespaces, random.int(2, 6))) stage.do(thief, { verb: 'list', resource: 'pods', namespace: namespace.name, code: 403 });
  },
  /** A release as always but for the image; then what runs in it uses the application's account. */
  'poisoned-release': (stage) => {
    const { random, setting } = stage;
    const pipeline = random.pick(setting.pipelines);
    const app = stage.app(({ kind, isDatabase }) => kind === 'deployments' && !isDatabase);
    const image = random.pick([...names.foreignImages, app.image.replace(/:.*/, ':1.99.0-patched')]);
    const caller = pipeline.caller();
    const containers = [{ name: app.name, image }];
    stage.do(caller, { verb: 'get', resource: 'apps/deployments', namespace: app.namespace, name: app.name });
    stage.do(caller, { verb: 'patch', resource: 'apps/deployments', namespace: app.namespace, name: app.name, body: { kind: 'Deployment', apiVersion: 'apps/v1', metadata: { name: app.name, namespace: app.namespace }, spec: { template: { spec: { containers } } } } });
    stage.wait(minute, 30 * minute);
    const inside = podCaller({ namespace: app.namespace, account: app.name, agent: random.pick(['curl/8.5.0', 'Go-http-client/2.0', app.agent]) }, random.pick(app.pods));
    orient(stage, inside);
    goals.secrets(stage, inside);
  },
  /** An operator's update that does more than it should, from its own pod with its own program. */
  'compromised-operator': (stage) => {
    pursue(stage, stage.asTool(stage.random.pick(stage.setting.tools)), 'secrets', 'config-maps', 'tokens', 'account', 'mining', 'kubelet-proxy', 'data-copy');
  },
};
