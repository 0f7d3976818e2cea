import type { Call } from '../audit.ts';
import { appsIn, namespacesOf, type App, type Layout } from '../layout.ts';
import type { Random } from '../random.ts';
import { workloadBody } from '../workloads.ts';

/** Where a command is run. */
export interface Place { readonly layout: Layout; readonly random: Random; readonly namespace: string }

/** What a person types or clicks, as the requests it makes. Some lead to a rollout of an application. */
export interface Command {
  readonly calls: (place: Place) => Call[];
  readonly rollsOut?: boolean;
}

const list = (resource: string, namespace?: string, query?: string): Call => ({ verb: 'list', resource, ...(namespace ? { namespace } : {}), ...(query ? { query } : {}) });
const get = (resource: string, namespace: string, name: string): Call => ({ verb: 'get', resource, namespace, name });

/** An application of a namespace, or calls about none. */
function withApp({ layout, random, namespace }: Place, calls: (app: App, pod: string) => Call[]): Call[] {
  const apps = appsIn(layout, namespace).filter(({ pods }) => pods.length > 0);
  if (apps.length === 0) return [list('pods', namespace)];
  const app = random.favourite(apps);
  return calls(app, random.pick(app.pods).name);
}

/** The same for changes: people change what their teams run, not what tools brought. */
function withOwnApp(place: Place, calls: (app: App) => Call[]): Call[] {
  const own = new Set(namespacesOf(place.layout, 'production', 'test'));
  const apps = appsIn(place.layout, place.namespace).filter(({ namespace, kind }) => own.has(namespace) && kind === 'deployments');
  return apps.length === 0 ? [list('apps/deployments', place.namespace)] : calls(place.random.favourite(apps));
}

function execCall(namespace: string, pod: string, command: readonly string[]): Call {
  const query = [...command.map((word) => `command=${encodeURIComponent(word)}`), 'stdin=true', 'stdout=true', 'tty=true'].join('&');
  return { verb: 'create', resource: 'pods/exec', namespace, name: pod, query, seconds: 90 };
}

/** Reads, which nearly everybody does. */
export const reading: Readonly<Record<string, Command>> = {
  pods: { calls: ({ namespace }) => [list('pods', namespace)] },
  describe: { calls: (place) => withApp(place, (app, pod) => [get('pods', app.namespace, pod)]) },
  logs: { calls: (place) => withApp(place, ({ namespace }, name) => [get('pods', namespace, name), { verb: 'get', resource: 'pods/log', namespace, name, query: 'container=app&tailLines=200' }]) },
  deployments: { calls: ({ namespace }) => [list('apps/deployments', namespace)] },
  all: { calls: ({ namespace }) => ['pods', 'services', 'apps/deployments', 'apps/replicasets', 'apps/statefulsets', 'batch/jobs', 'batch/cronjobs', 'apps/daemonsets'].map((resource) => list(resource, namespace)) },
  services: { calls: ({ namespace }) => [list('services', namespace), list('networking.k8s.io/ingresses', namespace)] },
  configmaps: { calls: (place) => [list('configmaps', place.namespace), ...withApp(place, (app) => [get('configmaps', app.namespace, `${app.name}-config`)])] },
  nodes: { calls: () => [list('nodes')] },
  top: { calls: ({ namespace }) => [list('metrics.k8s.io/pods', namespace)] },
  namespaces: { calls: () => [list('namespaces')] },
  jobs: { calls: ({ namespace }) => [list('batch/jobs', namespace), list('batch/cronjobs', namespace)] },
  canI: { calls: ({ namespace, random }) => [{ verb: 'create', resource: 'authorization.k8s.io/selfsubjectaccessreviews', body: { kind: 'SelfSubjectAccessReview', spec: { resourceAttributes: { verb: random.pick(['get', 'list', 'create', 'delete']), resource: random.pick(['pods', 'secrets', 'deployments']), namespace } } } }] },
  watch: { calls: ({ namespace, random }) => [list('pods', namespace), { verb: 'watch', resource: 'pods', namespace, seconds: random.int(30, 900) }] },
};

/** What developers and admins do besides, each in places of their own. */
export const acting: Readonly<Record<string, Command>> = {
  exec: { calls: (place) => withApp(place, ({ namespace }, pod) => [get('pods', namespace, pod), execCall(namespace, pod, place.random.pick([['sh'], ['bash'], ['env'], ['ls', '-la', '/app'], ['cat', '/app/config.yaml']]))]) },
  forward: { calls: (place) => withApp(place, ({ namespace }, name) => [get('pods', namespace, name), { verb: 'create', resource: 'pods/portforward', namespace, name, seconds: 600 }]) },
  restart: { rollsOut: true, calls: (place) => withOwnApp(place, (app) => [get('apps/deployments', app.namespace, app.name), { verb: 'patch', resource: 'apps/deployments', namespace: app.namespace, name: app.name, query: 'fieldManager=kubectl-rollout', body: { spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': 'now' } } } } } }]) },
  scale: { calls: (place) => withOwnApp(place, (app) => [{ verb: 'patch', resource: 'apps/deployments/scale', namespace: app.namespace, name: app.name, body: { spec: { replicas: place.random.int(1, 6) } } }]) },
  apply: { calls: (place) => withOwnApp(place, (app) => [get('apps/deployments', app.namespace, app.name), { verb: 'patch', resource: 'apps/deployments', namespace: app.namespace, name: app.name, query: 'fieldManager=kubectl-client-side-apply', body: workloadBody(app) }]) },
  secret: { calls: (place) => withApp(place, (app) => [{ ...get('secrets', app.namespace, app.secrets[0] ?? `${app.name}-credentials`), code: app.secrets.length > 0 ? 200 : 404 }]) },
  secrets: { calls: ({ namespace }) => [list('secrets', namespace)] },
  deletePod: { calls: (place) => withApp(place, ({ namespace }, name) => [{ verb: 'delete', resource: 'pods', namespace, name, body: { kind: 'DeleteOptions' } }]) },
  helmList: { calls: ({ namespace }) => [list('secrets', namespace, 'labelSelector=owner%3Dhelm')] },
};

/** What only admins do. */
export const administering: Readonly<Record<string, Command>> = {
  roles: { calls: () => [list('rbac.authorization.k8s.io/clusterroles'), list('rbac.authorization.k8s.io/clusterrolebindings')] },
  everywhere: { calls: ({ random }) => [list(random.pick(['pods', 'apps/deployments', 'services', 'persistentvolumeclaims']))] },
  kinds: { calls: () => [list('apiextensions.k8s.io/customresourcedefinitions')] },
  node: { calls: ({ layout, random }) => [{ verb: 'get', resource: 'nodes', name: random.pick(layout.nodes).name }] },
  cordon: { calls: ({ layout, random }) => [{ verb: 'patch', resource: 'nodes', name: random.pick(layout.nodes).name, body: { spec: { unschedulable: true } } }] },
};

/** What a program asks when it starts. */
export const discovery: readonly Call[] = [{ verb: 'get', path: '/api?timeout=32s' }, { verb: 'get', path: '/apis?timeout=32s' }];
/** Kinds that a graphical client lists when a namespace is opened. */
export const panelKinds: readonly string[] = ['pods', 'services', 'configmaps', 'apps/deployments', 'apps/statefulsets', 'apps/daemonsets', 'batch/jobs', 'batch/cronjobs', 'networking.k8s.io/ingresses', 'persistentvolumeclaims', 'autoscaling/horizontalpodautoscalers', 'policy/poddisruptionbudgets'];
