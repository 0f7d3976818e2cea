import type { Caller } from '../audit.ts';
import { nodeCaller, serviceAccountUser } from '../callers.ts';
import { namespacesOf, type App } from '../layout.ts';
import * as names from '../names.ts';
import { hour, minute } from '../world.ts';
import { goals } from './goals.ts';
import type { Attack, Stage } from './stage.ts';

/** A first look with a stolen token: what may it do, and what is there? */
function lookAround(stage: Stage, caller: Caller, namespace: string): void {
  const { random } = stage;
  if (random.chance(0.7)) stage.do(caller, { verb: 'create', resource: 'authorization.k8s.io/selfsubjectrulesreviews', body: { kind: 'SelfSubjectRulesReview', spec: { namespace } } });
  for (const resource of random.some(['secrets', 'pods', 'configmaps', 'serviceaccounts', 'services'], random.int(2, 5))) stage.do(caller, { verb: 'list', resource, namespace, code: random.chance(0.6) ? 403 : 200 });
  stage.do(caller, { verb: 'list', resource: random.pick(['namespaces', 'secrets', 'nodes']), code: 403 });
}

/** Every secret of some applications. */
function secretsOf(apps: readonly App[]): { namespace: string; name: string }[] {
  return apps.flatMap(({ namespace, secrets }) => secrets.map((name) => ({ namespace, name })));
}

function sweep(stage: Stage, caller: Caller): void {
  const { random, setting: { layout } } = stage;
  for (const namespace of random.some(namespacesOf(layout, 'production', 'test', 'tool'), random.int(4, 9))) stage.do(caller, { verb: 'list', resource: 'secrets', namespace, code: random.chance(0.3) ? 403 : 200 });
  for (const { namespace, name } of random.some(secretsOf(layout.apps), random.int(3, 12))) stage.do(caller, { verb: 'get', resource: 'secrets', namespace, name });
}

/** Credentials stolen, guessed, minted or misused. */
export const credentialAttacks: Readonly<Record<string, Attack>> = {
  'stolen-token-outside': (stage) => {
    const app = stage.app();
    lookAround(stage, stage.asApp(app, true), app.namespace);
  },
  'stolen-token-other-pod': (stage) => {
    const app = stage.app(({ talk }) => talk !== 'nothing');
    const other = stage.app(({ name }) => name !== app.name).pods[0];
    lookAround(stage, { ...stage.asApp(app, false), address: other?.address ?? stage.foreign() }, app.namespace);
  },
  'stolen-session': (stage) => {
    const person = stage.person('developer', 'admin');
    const caller = stage.as(person, true);
    const namespace = stage.random.pick(person.namespaces);
    stage.do(caller, { verb: 'list', resource: 'secrets', namespace });
    for (const one of stage.random.some(secretsOf(stage.setting.layout.apps), stage.random.int(2, 6))) stage.do(caller, { verb: 'get', resource: 'secrets', ...one });
  },
  'pipeline-secrets-sweep': (stage) => {
    sweep(stage, stage.random.pick(stage.setting.pipelines).caller());
  },
  'tool-token-secret-dump': (stage) => {
    const tools = stage.setting.tools.filter(({ kind }) => kind.watches.includes('secrets') || kind.habits.includes('backup'));
    const tool = tools.length > 0 ? stage.random.pick(tools) : stage.setting.tools[0];
    if (tool) sweep(stage, { ...stage.asTool(tool), address: stage.foreign(), agent: stage.random.pick(names.attackAgents) });
  },
  'token-minting': (stage) => {
    const { random, setting: { tools } } = stage;
    const person = stage.person('admin');
    const app = stage.app(({ talk }) => talk !== 'nothing');
    const caller = random.chance(0.5) ? stage.as(person) : stage.asApp(app, false);
    for (const { kind } of random.some(tools, random.int(1, 4))) stage.do(caller, { verb: 'create', resource: 'serviceaccounts/token', namespace: kind.namespace, name: kind.name, body: { kind: 'TokenRequest', spec: { expirationSeconds: 31536000, boundObjectRef: null } } });
  },
  impersonation: (stage) => {
    const { random } = stage;
    const caller = random.chance(0.7) ? stage.as(stage.person('admin')) : random.pick(stage.setting.pipelines).caller();
    const target = random.pick([{ username: 'kubernetes-admin', groups: ['system:masters'] }, { username: 'system:admin', groups: ['system:masters'] }, serviceAccountUser({ namespace: 'kube-system', account: 'clusterrole-aggregation-controller' })]);
    for (const resource of random.some(['secrets', 'nodes', 'pods', 'configmaps'], random.int(1, 3))) stage.do(caller, { verb: 'list', resource, as: target });
  },
  'token-guessing': (stage) => {
    const caller = { user: {}, address: stage.foreign(), agent: stage.random.pick(names.attackAgents) };
    for (let left = stage.random.int(40, 200); left > 0; left--) stage.do(caller, { verb: 'list', resource: stage.random.pick(['secrets', 'pods']), namespace: 'default', code: 401 }, 800);
  },
  'kubelet-through-proxy': (stage) => {
    const { random } = stage;
    goals['kubelet-proxy'](stage, random.chance(0.6) ? stage.as(stage.person('admin')) : stage.asTool(stage.privileged()));
  },
  'slow-secret-theft': (stage) => {
    const { random, setting: { layout } } = stage;
    const app = stage.app(({ talk }) => talk === 'config' || talk === 'lease' || talk === 'endpoints');
    const caller = random.chance(0.6) ? stage.asApp(app, false) : stage.as(stage.unused('secret', 'developer', 'admin') ?? stage.person('developer'), random.chance(0.3));
    for (const one of random.some(secretsOf(layout.apps), random.int(5, 10))) stage.do(caller, { verb: 'get', resource: 'secrets', ...one }, random.between(40, 90) * minute);
    if (stage.time < 12 * hour) return;
    stage.do(caller, { verb: 'list', resource: 'secrets', namespace: app.namespace });
  },
  'node-credential': (stage) => {
    const { random, setting: { layout, kubeletVersion } } = stage;
    const own = nodeCaller(random.pick(layout.nodes), kubeletVersion);
    const caller = { ...own, agent: random.pick(['curl/8.5.0', 'kubectl/v1.30.0 (linux/amd64) kubernetes/7c48c2b']), ...(random.chance(0.5) ? { address: stage.foreign() } : {}) };
    for (const namespace of random.some(layout.namespaces.map(({ name }) => name), random.int(4, 10))) stage.do(caller, { verb: 'list', resource: 'secrets', namespace, code: 403 });
    for (const one of random.some(secretsOf(layout.apps), random.int(2, 6))) stage.do(caller, { verb: 'get', resource: 'secrets', ...one, code: random.chance(0.5) ? 200 : 403 });
  },
};
