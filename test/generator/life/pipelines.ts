import { hosted, publicBlock, within } from '../addresses.ts';
import type { Call, Caller } from '../audit.ts';
import { podCaller, roleUser } from '../callers.ts';
import { addApp, namespacesOf, type App, type Layout } from '../layout.ts';
import type { Random } from '../random.ts';
import type { Setting } from '../setting.ts';
import { day, hour, type Mark } from '../world.ts';
import { rollOut, workloadBody } from '../workloads.ts';
import { discovery } from './commands.ts';

/** What releases software: hosted elsewhere with other addresses each time, behind one address, or in the cluster. */
export interface Pipeline {
  readonly name: string;
  readonly random: Random;
  readonly tool: 'helm' | 'kubectl' | 'terraform';
  readonly namespaces: readonly string[];
  /** Releases a day. */
  readonly pace: number;
  /** Who calls, from where, this time. */
  caller: () => Caller;
}

const agents = { helm: 'Helm/3.15.4', kubectl: 'kubectl/v1.30.2 (linux/amd64) kubernetes/3968350', terraform: 'HashiCorp/1.0 Terraform/1.8.5' };

/** Draws one or two pipelines. */
export function drawPipelines(random: Random, layout: Layout): Pipeline[] {
  const kinds = random.some(['github', 'gitlab', 'jenkins', 'terraform'] as const, random.int(1, 2));
  return kinds.map((kind) => {
    const own = random.fork(kind);
    const tool = kind === 'terraform' ? 'terraform' : own.pick(['helm', 'kubectl'] as const);
    const all = namespacesOf(layout, 'production', 'test');
    const namespaces = own.some(all, Math.max(1, all.length - own.int(0, 2)));
    return { name: kind, random: own, tool, namespaces, pace: kind === 'terraform' ? 0.7 : own.between(2, 8), caller: callerFor(own, layout, { kind, agent: agents[tool] }) };
  });
}

interface Host { readonly kind: 'github' | 'gitlab' | 'jenkins' | 'terraform'; readonly agent: string }

/** How a pipeline comes to the API server. */
export function callerFor(random: Random, layout: Layout, { kind, agent }: Host): () => Caller {
  if (kind === 'jenkins') {
    const app = addApp(random, layout, { namespace: 'default', name: 'jenkins', replicas: 1, talk: 'nothing' });
    return () => podCaller({ namespace: app.namespace, account: app.name, agent }, random.pick(app.pods));
  }
  const blocks = Array.from({ length: 40 }, () => publicBlock(random));
  const one = layout.isPublic ? within(random, publicBlock(random)) : `10.${String(random.int(200, 250))}.7.${String(random.int(2, 200))}`;
  const isMoving = kind === 'github' && layout.isPublic;
  const role = random.pick([`${kind}-deploy`, `eks-${kind}`, `${layout.company}-ci`]);
  const username = random.chance(0.5) ? role : undefined;
  const sessions = { github: () => `GitHubActions-${random.letters('0123456789', 10)}`, gitlab: () => `gitlab-${random.letters('0123456789', 7)}`, terraform: () => `aws-go-sdk-${random.letters('0123456789', 19)}` };
  return () => ({ user: roleUser({ account: layout.account, role, session: sessions[kind](), group: 'deployers', ...(username ? { username } : {}) }, random), address: isMoving ? hosted(random, blocks) : one, agent });
}

/** Lets a pipeline release, mostly while people work. */
export function runPipeline(setting: Setting, pipeline: Pipeline): void {
  const { world, layout } = setting;
  const { random } = pipeline;
  for (let date = world.start; date < world.end; date += day) {
    const isWeekend = [0, 6].includes(new Date(date).getUTCDay());
    for (let left = Math.round(random.wait(pipeline.pace) * (isWeekend ? 0.1 : 1)); left > 0; left--) {
      world.at(date + random.between(7, 19) * hour, (time) => {
        const apps = layout.apps.filter(({ namespace, kind, isDatabase }) => pipeline.namespaces.includes(namespace) && kind === 'deployments' && !isDatabase);
        if (apps.length > 0) release(setting, pipeline, { app: random.pick(apps), time });
      });
    }
  }
}

export interface Release { readonly app: App; readonly time: number; readonly mark?: Mark | undefined; readonly isFirst?: boolean }

/** Releases an application. */
export function release(setting: Setting, pipeline: Pipeline, { app, time, mark, isFirst = false }: Release): void {
  const { world } = setting;
  const { random, tool } = pipeline;
  const caller = pipeline.caller();
  let now = time;
  const calls = [...discovery, ...(tool === 'helm' ? helm(app, isFirst) : tool === 'kubectl' ? kubectl(app, isFirst) : terraform(app, setting.layout.apps.filter(({ namespace }) => pipeline.namespaces.includes(namespace))))];
  for (const call of calls) world.call(now += random.between(50, 500), caller, call, mark);
  for (let left = random.int(1, 4); left > 0; left--) {
    world.call(now += 9000, caller, { verb: 'get', resource: 'apps/deployments', namespace: app.namespace, name: app.name }, mark);
    world.call(now += 900, caller, { verb: 'list', resource: 'pods', namespace: app.namespace, query: `labelSelector=app%3D${app.name}` }, mark);
  }
  rollOut(setting, { app, time: time + 3000, random, mark });
}

function helm(app: App, isFirst: boolean): Call[] {
  const { namespace, name } = app;
  const release = `sh.helm.release.v1.${name}.v${String(app.revision + 1)}`;
  const write = isFirst ? 'create' : 'patch';
  return [
    { verb: 'list', resource: 'secrets', namespace, query: `labelSelector=name%3D${name}%2Cowner%3Dhelm` },
    { verb: 'create', resource: 'secrets', namespace, name: release },
    ...(['serviceaccounts', 'services', 'configmaps'].map((resource) => ({ verb: isFirst ? 'create' : 'get', resource, namespace, name: resource === 'configmaps' ? `${name}-config` : name }))),
    { verb: 'get', resource: 'apps/deployments', namespace, name, ...(isFirst ? { code: 404 } : {}) },
    { verb: write, resource: 'apps/deployments', namespace, name, body: workloadBody(app) },
    { verb: 'update', resource: 'secrets', namespace, name: release },
  ];
}

function kubectl(app: App, isFirst: boolean): Call[] {
  const { namespace, name } = app;
  return [
    { verb: 'get', resource: 'configmaps', namespace, name: `${name}-config` }, { verb: isFirst ? 'create' : 'patch', resource: 'configmaps', namespace, name: `${name}-config` },
    { verb: 'get', resource: 'apps/deployments', namespace, name, ...(isFirst ? { code: 404 } : {}) },
    { verb: isFirst ? 'create' : 'patch', resource: 'apps/deployments', namespace, name, body: workloadBody(app) },
  ];
}

/** Terraform reads all that it manages before it changes anything. */
function terraform(app: App, managed: readonly App[]): Call[] {
  const reads = managed.flatMap(({ namespace, name, secrets }) => [
    ...['serviceaccounts', 'rbac.authorization.k8s.io/rolebindings', 'apps/deployments'].map((resource) => ({ verb: 'get', resource, namespace, name })),
    ...secrets.map((secret) => ({ verb: 'get', resource: 'secrets', namespace, name: secret })),
  ]);
  return [...reads, { verb: 'patch', resource: 'apps/deployments', namespace: app.namespace, name: app.name, body: workloadBody(app) }];
}
