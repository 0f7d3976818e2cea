import type { Call, Caller } from './audit.ts';
import { addApp, appsIn, type App, type AppWish } from './layout.ts';
import { toolCaller } from './life/tools.ts';
import type { Turn } from './nodes.ts';
import { controller, type Setting } from './setting.ts';
import { rollOut, stopPod, workloadBody } from './workloads.ts';

/** A namespace to be made, by whom, with what in it. */
export interface NamespaceWish extends Turn { readonly name: string; readonly caller: Caller; readonly apps: readonly Omit<AppWish, 'namespace'>[] }

/** A namespace appears with all that is in it, and every controller that touches each new one does so. */
export function namespaceComes(setting: Setting, wish: NamespaceWish): App[] {
  const { world, layout } = setting;
  const { name: namespace, caller, time, mark, random } = wish;
  layout.namespaces.push({ name: namespace, kind: 'test' });
  world.call(time, caller, { verb: 'create', resource: 'namespaces', name: namespace, body: { kind: 'Namespace', metadata: { name: namespace } } }, mark);
  world.call(time + 30, controller(setting, 'service-account-controller'), { verb: 'create', resource: 'serviceaccounts', namespace, name: 'default', body: { kind: 'ServiceAccount' } }, mark);
  world.call(time + 35, controller(setting, 'root-ca-cert-publisher'), { verb: 'create', resource: 'configmaps', namespace, name: 'kube-root-ca.crt' }, mark);
  for (const tool of setting.tools) for (const { resource, name } of tool.kind.makes ?? []) world.call(time + random.int(100, 900), toolCaller(tool), { verb: 'create', resource, namespace, name, body: { metadata: { name } } }, mark);
  const apps = wish.apps.map((one) => addApp(random, layout, { ...one, namespace }));
  let now = time + 1500;
  for (const app of apps) {
    for (const call of installing(app)) world.call(now += random.int(50, 300), caller, call, mark);
    rollOut(setting, { app, time: now, random, mark });
    touched(setting, app, { time: now + 3000, random, mark });
  }
  return apps;
}

function installing(app: App): Call[] {
  const { namespace, name } = app;
  return [
    ...app.secrets.map((secret) => ({ verb: 'create', resource: 'secrets', namespace, name: secret })),
    ...['serviceaccounts', 'configmaps', 'services'].map((resource) => ({ verb: 'create', resource, namespace, name, body: { kind: resource, metadata: { name }, spec: { type: 'ClusterIP' } } })),
    { verb: 'create', resource: `apps/${app.kind}`, namespace, name, body: workloadBody(app) },
    { verb: 'create', resource: 'networking.k8s.io/ingresses', namespace, name, body: { kind: 'Ingress', metadata: { name } } },
  ];
}

/** What operators do about a new application. */
function touched(setting: Setting, { namespace, name, secrets }: App, { time, random, mark }: Turn): void {
  for (const tool of setting.tools) {
    const say = (call: Call): void => { setting.world.call(time + random.int(100, 9000), toolCaller(tool), call, mark); };
    if (tool.kind.habits.includes('sync-secrets')) for (const secret of secrets) say({ verb: 'get', resource: 'secrets', namespace, name: secret });
    if (tool.kind.habits.includes('certificates')) for (const verb of ['get', 'create']) say({ verb, resource: 'secrets', namespace, name: `${name}-tls`, ...(verb === 'get' ? { code: 404 } : {}) });
    if (tool.kind.habits.includes('ingress')) say({ verb: 'update', resource: 'networking.k8s.io/ingresses/status', namespace, name, body: {} });
    if (tool.kind.habits.includes('scan')) say({ verb: 'create', resource: 'aquasecurity.github.io/vulnerabilityreports', namespace, name: `replicaset-${name}` });
  }
}

const cleared = 'pods services secrets configmaps serviceaccounts endpoints persistentvolumeclaims apps/deployments apps/statefulsets apps/daemonsets apps/replicasets batch/jobs batch/cronjobs networking.k8s.io/ingresses networking.k8s.io/networkpolicies rbac.authorization.k8s.io/roles rbac.authorization.k8s.io/rolebindings events.k8s.io/events'.split(' ');

/** A namespace is deleted with all that is in it. */
export function namespaceGoes(setting: Setting, namespace: string, { time, mark, random, caller }: Turn & { caller: Caller }): void {
  const { world, layout } = setting;
  world.call(time, caller, { verb: 'delete', resource: 'namespaces', name: namespace, body: { kind: 'DeleteOptions' } }, mark);
  let now = time + 200;
  for (const resource of cleared) for (const verb of ['deletecollection', 'list']) world.call(now += random.int(5, 30), controller(setting, 'namespace-controller'), { verb, resource, namespace }, mark);
  for (const app of appsIn(layout, namespace)) for (const pod of app.pods) stopPod(setting, pod, { app, time: now, random, mark });
  world.call(now + 3000, controller(setting, 'namespace-controller'), { verb: 'update', resource: 'namespaces/finalize', name: namespace, body: { kind: 'Namespace' } }, mark);
  const keep = layout.apps.filter((app) => app.namespace !== namespace);
  layout.apps.splice(0, layout.apps.length, ...keep);
  const places = layout.namespaces.filter(({ name }) => name !== namespace);
  layout.namespaces.splice(0, layout.namespaces.length, ...places);
}
