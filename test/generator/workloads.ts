import type { Call } from './audit.ts';
import { nodeCaller, systemCaller } from './callers.ts';
import { drawPod, type App, type Pod } from './layout.ts';
import type { Random } from './random.ts';
import { controller, type Setting } from './setting.ts';
import { consequenceOf, type Mark } from './world.ts';

/** A workload, when, and why. */
export interface Change { readonly app: App; readonly time: number; readonly random: Random; readonly mark?: Mark | undefined }

/** The body a workload is made with. */
export function workloadBody({ name, namespace, replicas, image, secrets, kind, account = name }: Pick<App, 'name' | 'namespace' | 'replicas' | 'image' | 'secrets' | 'kind' | 'account'>, spec: object = {}): object {
  const names: Readonly<Record<string, string>> = { deployments: 'Deployment', statefulsets: 'StatefulSet', daemonsets: 'DaemonSet' };
  const volumes = secrets.map((secretName, index) => ({ name: `s${String(index)}`, secret: { secretName } }));
  const pod = { serviceAccountName: account, containers: [{ name, image, resources: {} }], volumes, ...spec };
  return { kind: names[kind], apiVersion: 'apps/v1', metadata: { name, namespace }, spec: { ...(kind === 'daemonsets' ? {} : { replicas }), selector: { matchLabels: { app: name } }, template: { metadata: { labels: { app: name } }, spec: pod } } };
}

/** What the cluster does after a Deployment was changed: a new ReplicaSet, new pods, then the old ones go. */
export function rollOut(setting: Setting, { app, time, random, mark }: Change): void {
  const { world, layout } = setting;
  const because = consequenceOf(mark);
  const controls = controller(setting, 'deployment-controller');
  const { namespace, name } = app;
  app.generation = random.letters('bcdf24567890', 9);
  app.revision += 1;
  const old = app.pods;
  world.call(time + 20, controls, { verb: 'create', resource: 'apps/replicasets', namespace, name: `${name}-${app.generation}`, body: { ...workloadBody(app), kind: 'ReplicaSet' } }, because);
  app.pods = old.map((_, index) => drawPod(random, app, random.pick(layout.nodes), index));
  app.pods.forEach((pod, index) => { startPod(setting, pod, { app, time: time + 100 + index * 2000, random, mark }); });
  old.forEach((pod, index) => { stopPod(setting, pod, { app, time: time + 5000 + index * 2000, random, mark }); });
  for (const after of [60, 3000, 7000]) world.call(time + after, controls, { verb: 'update', resource: 'apps/deployments/status', namespace, name }, because);
  world.call(time + 6000, controller(setting, 'endpointslice-controller'), { verb: 'update', resource: 'discovery.k8s.io/endpointslices', namespace, name: `${name}-${random.suffix()}` }, because);
}

/** A pod is made, bound to its node and started. */
export function startPod(setting: Setting, pod: Pod, change: Change): void {
  const { world, layout, controlVersion } = setting;
  const { app: { namespace, name, kind, image, secrets, account = name }, time, mark } = change;
  const because = consequenceOf(mark);
  const owner = kind === 'deployments' ? 'replicaset-controller' : kind === 'daemonsets' ? 'daemon-set-controller' : 'statefulset-controller';
  const scheduler = systemCaller('system:kube-scheduler', layout.controlPlane, `kube-scheduler/${controlVersion} (linux/amd64) kubernetes/$Format/scheduler`);
  const spec = { serviceAccountName: account, containers: [{ name, image }], volumes: secrets.map((secretName) => ({ name: secretName, secret: { secretName } })) };
  world.call(time, controller(setting, owner), { verb: 'create', resource: 'pods', namespace, body: { kind: 'Pod', apiVersion: 'v1', metadata: { generateName: `${name}-` }, spec } }, because);
  world.call(time + 15, scheduler, { verb: 'create', resource: 'pods/binding', namespace, name: pod.name, body: { kind: 'Binding', target: { kind: 'Node', name: pod.node.name } } }, because);
  world.call(time + 20, scheduler, { verb: 'create', resource: 'events.k8s.io/events', namespace, name: `${pod.name}.${change.random.hex(16)}` }, because);
  const kubelet = nodeCaller(pod.node, setting.kubeletVersion);
  for (const secret of secrets) world.call(time + 40, kubelet, { verb: 'list', resource: 'secrets', namespace, name: secret }, because);
  world.call(time + 45, kubelet, { verb: 'list', resource: 'configmaps', namespace, name: 'kube-root-ca.crt' }, because);
  world.call(time + 50, kubelet, tokenCall(pod, namespace, account), because);
  for (const after of [60, 1800]) world.call(time + after, kubelet, { verb: 'patch', resource: 'pods/status', namespace, name: pod.name, body: { status: { phase: after > 100 ? 'Running' : 'Pending' } } }, because);
}

/** A kubelet's request for the token of a pod. */
export function tokenCall({ name, uid, credential }: Pod, namespace: string, account: string): Call {
  const spec = { audiences: null, expirationSeconds: 3607, boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name, uid } };
  return { verb: 'create', resource: 'serviceaccounts/token', namespace, name: account, issues: credential, body: { kind: 'TokenRequest', apiVersion: 'authentication.k8s.io/v1', spec } };
}

/** A pod is taken away: by its controller first, then by its kubelet. */
export function stopPod(setting: Setting, pod: Pod, { app: { namespace, kind }, time, mark }: Change): void {
  const { world } = setting;
  const because = consequenceOf(mark);
  const owner = kind === 'deployments' ? 'replicaset-controller' : kind === 'daemonsets' ? 'daemon-set-controller' : 'statefulset-controller';
  const kubelet = nodeCaller(pod.node, setting.kubeletVersion);
  world.call(time, controller(setting, owner), { verb: 'delete', resource: 'pods', namespace, name: pod.name, body: { kind: 'DeleteOptions', propagationPolicy: 'Background' } }, because);
  world.call(time + 800, kubelet, { verb: 'patch', resource: 'pods/status', namespace, name: pod.name, body: { status: { phase: 'Succeeded' } } }, because);
  world.call(time + 900, kubelet, { verb: 'delete', resource: 'pods', namespace, name: pod.name, body: { kind: 'DeleteOptions', gracePeriodSeconds: 0 } }, because);
}
