import { drawPod, namespacesOf } from '../layout.ts';
import { toolCaller } from '../life/tools.ts';
import * as names from '../names.ts';
import { minute } from '../world.ts';
import { startPod, workloadBody } from '../workloads.ts';
import { mine } from './goals.ts';
import type { Attack } from './stage.ts';

/** Harm, and the covering of traces. */
export const impactAttacks: Readonly<Record<string, Attack>> = {
  'mass-deletion': (stage) => {
    const { random, setting: { layout } } = stage;
    const caller = stage.as(stage.person('admin'));
    for (const namespace of random.some(namespacesOf(layout, 'production', 'test'), random.int(2, 4))) {
      for (const app of layout.apps.filter((one) => one.namespace === namespace)) {
        stage.do(caller, { verb: 'delete', resource: `apps/${app.kind}`, namespace, name: app.name, body: { kind: 'DeleteOptions' } });
        if (app.isDatabase) stage.do(caller, { verb: 'delete', resource: 'persistentvolumeclaims', namespace, name: `data-${app.name}-0` });
      }
      for (const resource of random.some(['secrets', 'configmaps', 'persistentvolumeclaims', 'services'], random.int(1, 3))) stage.do(caller, { verb: 'deletecollection', resource, namespace });
    }
  },
  /** First what one would restore from, then what there is. */
  'backups-then-data': (stage) => {
    const { random, setting: { layout } } = stage;
    const caller = stage.as(stage.person('admin'));
    const pause = random.pick([400, 5000, 3 * minute]);
    for (let left = random.int(2, 6); left > 0; left--) stage.do(caller, { verb: 'delete', resource: 'velero.io/backups', namespace: 'velero', name: `daily-${random.hex(6)}` }, pause);
    stage.do(caller, { verb: 'deletecollection', resource: 'snapshot.storage.k8s.io/volumesnapshots', namespace: random.pick(namespacesOf(layout, 'production')) }, pause);
    for (const { namespace, name } of layout.apps.filter(({ isDatabase }) => isDatabase)) for (const index of ['0', '1']) stage.do(caller, { verb: 'delete', resource: 'persistentvolumeclaims', namespace, name: `data-${name}-${index}` }, pause);
    if (random.chance(0.5)) stage.do(caller, { verb: 'delete', resource: 'namespaces', name: random.pick(namespacesOf(layout, 'production')), body: { kind: 'DeleteOptions' } }, pause);
  },
  'mining-fleet': (stage) => {
    mine(stage, stage.as(stage.person('admin', 'developer')), stage.random.pick(['deployments', 'daemonsets', 'cronjobs']));
  },
  'expose-service': (stage) => {
    const app = stage.app(({ isDatabase }) => isDatabase);
    const { namespace, name } = app;
    const caller = stage.as(stage.person('admin', 'developer'));
    stage.do(caller, { verb: 'delete', resource: 'networking.k8s.io/networkpolicies', namespace, name: 'default-deny' });
    stage.do(caller, { verb: 'create', resource: 'services', namespace, name: `${name}-ext`, body: { kind: 'Service', spec: { type: stage.random.pick(['LoadBalancer', 'NodePort']), selector: { app: name } } } });
  },
  'events-deleted': (stage) => {
    const { random, setting: { layout } } = stage;
    const caller = stage.as(stage.person('admin'));
    for (const namespace of random.some(namespacesOf(layout, 'production', 'test', 'system'), random.int(1, 4))) stage.do(caller, { verb: 'deletecollection', resource: 'events.k8s.io/events', namespace });
  },
  'miner-by-gitops': (stage) => {
    const { random, setting } = stage;
    const tools = setting.tools.filter(({ kind }) => /argocd|kustomize|crossplane/.test(kind.name));
    const caller = tools.length > 0 ? toolCaller(random.pick(tools)) : random.pick(setting.pipelines).caller();
    const isOutside = random.chance(0.5);
    const app = { ...stage.app(), name: random.pick(['cache-warmer', 'batch-runner', 'web-sync']), kind: 'deployments' as const, image: random.pick(names.foreignImages), replicas: random.int(10, 60), secrets: [] };
    const from = isOutside ? { ...caller, address: stage.foreign(), agent: random.pick(names.attackAgents) } : caller;
    stage.do(from, { verb: 'create', resource: 'apps/deployments', namespace: app.namespace, name: app.name, body: workloadBody({ ...app, replicas: random.chance(0.5) ? app.replicas : 1 }) });
    stage.do(from, { verb: 'patch', resource: 'apps/deployments/scale', namespace: app.namespace, name: app.name, body: { spec: { replicas: app.replicas } } });
    for (let left = Math.min(app.replicas, 12); left > 0; left--) startPod(setting, drawPod(random, app, random.pick(setting.layout.nodes), 0), { app, time: stage.time, random, mark: stage.mark });
  },
};
