import { anywhere } from '../addresses.ts';
import type { Call } from '../audit.ts';
import { anonymous, systemCaller } from '../callers.ts';
import { appCaller, type App } from '../layout.ts';
import type { Random } from '../random.ts';
import { controller, type Setting } from '../setting.ts';
import { hour, minute, type Mark } from '../world.ts';
import { workloadBody } from '../workloads.ts';

/** What EKS and the control plane do by themselves. */
export function runControlPlane(setting: Setting, random: Random): void {
  const { world, layout } = setting;
  const from = world.start;
  const eks = (name: string, agent: string): ReturnType<typeof systemCaller> => systemCaller(`eks:${name}`, layout.controlPlane, agent);
  const say = (every: number, name: string, calls: readonly Call[]): void => {
    world.every(random, { from, every }, (time) => { for (const call of calls) world.call(time, eks(name, `${name}/v0.0.1 (linux/amd64) kubernetes/$Format`), call); });
  };
  say(hour, 'k8s-metrics', [{ verb: 'list', resource: 'pods' }, { verb: 'list', resource: 'nodes' }]);
  say(6 * hour, 'addon-manager', [{ verb: 'get', resource: 'apps/daemonsets', namespace: 'kube-system', name: 'aws-node' }, { verb: 'patch', resource: 'apps/daemonsets', namespace: 'kube-system', name: 'aws-node', body: {} }]);
  say(4 * hour, 'node-manager', [{ verb: 'list', resource: 'nodes' }]);
  say(3 * hour, 'vpc-resource-controller', [{ verb: 'watch', resource: 'nodes' }, { verb: 'get', resource: 'configmaps', namespace: 'kube-system', name: 'amazon-vpc-cni' }]);
  for (const name of ['generic-garbage-collector', 'resourcequota-controller', 'namespace-controller']) {
    world.every(random, { from, every: 5 * hour }, (time) => { for (const path of ['/api', '/apis']) world.call(time, controller(setting, name), { verb: 'get', path }); });
  }
  world.every(random, { from, every: 3 * hour }, (time) => {
    world.call(time, systemCaller('system:apiserver', '127.0.0.1', 'kube-apiserver/v1.30.2 (linux/amd64) kubernetes/3f2b1c0'), { verb: 'get', resource: 'endpoints', namespace: 'default', name: 'kubernetes' });
  });
}

/** What applications ask of the API server. */
export function runApps(setting: Setting, random: Random): void {
  for (const app of setting.layout.apps) runApp(setting, app, { random: random.fork(`${app.namespace}/${app.name}`), from: setting.world.start });
}

export function runApp(setting: Setting, app: App, { random, from, mark }: { random: Random; from: number; mark?: Mark }): void {
  const { world } = setting;
  const { namespace, name } = app;
  const calls: Readonly<Record<App['talk'], readonly Call[]>> = {
    nothing: [], jobs: [],
    lease: [{ verb: 'get', resource: 'coordination.k8s.io/leases', namespace, name: `${name}-leader` }, { verb: 'update', resource: 'coordination.k8s.io/leases', namespace, name: `${name}-leader` }],
    config: [{ verb: 'get', resource: 'configmaps', namespace, name: `${name}-config` }],
    endpoints: [{ verb: 'watch', resource: 'endpoints', namespace }],
    'own-secret': [{ verb: 'get', resource: 'secrets', namespace, name: app.secrets[0] ?? `${name}-credentials` }],
    pods: [{ verb: 'list', resource: 'pods', namespace, query: `labelSelector=app%3D${name}` }],
  };
  world.every(random, { from, every: random.between(0.5, 2) * hour }, (time) => {
    if (app.pods.length === 0) return;
    for (const call of calls[app.talk]) world.call(time, appCaller(random, app), call, mark);
    if (app.talk === 'jobs') runJob(setting, app, { random, time });
  });
}

/** A job that an application makes, and what the cluster does for it. */
function runJob(setting: Setting, app: App, { random, time }: { random: Random; time: number }): void {
  const { world } = setting;
  const { namespace } = app;
  const name = `${app.name}-${random.hex(6)}`;
  const job = { verb: 'create', resource: 'batch/jobs', namespace, name, body: { ...workloadBody({ ...app, name }), kind: 'Job', apiVersion: 'batch/v1' } };
  world.call(time, appCaller(random, app), job);
  world.call(time + 30, controller(setting, 'job-controller'), { verb: 'create', resource: 'pods', namespace, body: { kind: 'Pod', spec: { containers: [{ name, image: app.image }] } } });
  world.call(time + 5 * minute, controller(setting, 'job-controller'), { verb: 'update', resource: 'batch/jobs/status', namespace, name });
  world.call(time + 6 * minute, controller(setting, 'ttl-after-finished-controller'), { verb: 'delete', resource: 'batch/jobs', namespace, name });
}

const probes = ['/', '/version', '/api', '/healthz', '/login', '/robots.txt'];

/** Health checks, and the internet's noise where the endpoint is public. */
export function runInternet(setting: Setting, random: Random): void {
  const { world, layout } = setting;
  world.every(random, { from: world.start, every: hour }, (time) => {
    world.call(time, { user: anonymous, address: layout.controlPlane, agent: 'ELB-HealthChecker/2.0' }, { verb: 'get', path: '/readyz' });
  });
  if (!layout.isPublic) return;
  world.every(random, { from: world.start, every: random.between(3, 12) * hour }, (time) => {
    const caller = { user: anonymous, address: anywhere(random), agent: random.pick(['Mozilla/5.0 zgrab/0.x', 'curl/7.88.1', 'Go-http-client/1.1', 'masscan/1.3']) };
    for (const path of random.some(probes, random.int(1, 3))) world.call(time + random.int(0, 5000), caller, { verb: 'get', path, code: /version|healthz/.test(path) ? 200 : 403 });
    if (random.chance(0.2)) world.call(time + 900, caller, { verb: 'list', resource: random.pick(['pods', 'secrets', 'nodes']), code: 401 });
  });
}
