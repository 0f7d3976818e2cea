import { namespacesOf, type App } from '../layout.ts';
import { nodeJoins, nodeLeaves } from '../nodes.ts';
import type { Setting } from '../setting.ts';
import { day, hour, minute, type Mark } from '../world.ts';
import { workloadBody } from '../workloads.ts';
import type { Habit } from './tool-catalogue.ts';
import { toolCaller, type Tool } from './tools.ts';

interface Run { readonly from: number; readonly mark?: Mark | undefined }
type Doing = (setting: Setting, tool: Tool, run: Run) => void;

/** Each application whose namespace is not the cluster's own. */
function ownApps({ layout }: Setting): App[] {
  const own = new Set(namespacesOf(layout, 'production', 'test'));
  return layout.apps.filter(({ namespace }) => own.has(namespace));
}

const backedUp = 'pods services secrets configmaps serviceaccounts persistentvolumeclaims apps/deployments apps/statefulsets apps/daemonsets batch/cronjobs networking.k8s.io/ingresses networking.k8s.io/networkpolicies rbac.authorization.k8s.io/roles rbac.authorization.k8s.io/rolebindings'.split(' ');

/** What tools do, each a rhythm of its own. */
export const habits: Readonly<Record<Habit, Doing>> = {
  'sync-secrets': (setting, tool, { from, mark }) => {
    setting.world.every(tool.random, { from, every: 2 * hour }, (time) => {
      let now = time;
      for (const { namespace, secrets } of ownApps(setting)) for (const name of secrets) setting.world.call(now += 150, toolCaller(tool), { verb: 'get', resource: 'secrets', namespace, name }, mark);
    });
  },
  backup: (setting, tool, { from, mark }) => {
    setting.world.every(tool.random, { from, every: day }, (time) => {
      let now = time;
      for (const { name: namespace } of setting.layout.namespaces) for (const resource of backedUp) setting.world.call(now += 120, toolCaller(tool), { verb: 'list', resource, namespace }, mark);
    });
  },
  scan: (setting, tool, { from, mark }) => {
    setting.world.every(tool.random, { from, every: 5 * hour }, (time) => {
      let now = time;
      for (const app of tool.random.some(ownApps(setting), 3)) {
        const name = `scan-vulnerabilityreport-${tool.random.hex(9)}`;
        const body = { ...workloadBody({ ...app, name, image: 'ghcr.io/aquasecurity/trivy:0.54.1' }), kind: 'Job', apiVersion: 'batch/v1' };
        setting.world.call(now += 5000, toolCaller(tool), { verb: 'create', resource: 'batch/jobs', namespace: tool.kind.namespace, name, body }, mark);
        setting.world.call(now += 90_000, toolCaller(tool), { verb: 'get', resource: 'pods/log', namespace: tool.kind.namespace, name: `${name}-${tool.random.suffix()}` }, mark);
        setting.world.call(now += 900, toolCaller(tool), { verb: 'create', resource: 'aquasecurity.github.io/vulnerabilityreports', namespace: app.namespace, name: `replicaset-${app.name}` }, mark);
        setting.world.call(now += 900, toolCaller(tool), { verb: 'delete', resource: 'batch/jobs', namespace: tool.kind.namespace, name }, mark);
      }
    });
  },
  policy: (setting, tool, { from, mark }) => {
    setting.world.every(tool.random, { from, every: 8 * hour }, (time) => {
      let now = time;
      for (const resource of ['pods', 'services', 'namespaces', 'apps/deployments', 'apps/statefulsets', 'networking.k8s.io/ingresses', 'rbac.authorization.k8s.io/clusterroles', 'rbac.authorization.k8s.io/rolebindings']) {
        setting.world.call(now += 300, toolCaller(tool), { verb: 'list', resource }, mark);
      }
    });
  },
  mesh: (setting, tool, { from, mark }) => {
    setting.world.every(tool.random, { from, every: 4 * hour }, (time) => {
      for (const name of ['istio-validator-istio-system', 'istio-sidecar-injector']) setting.world.call(time, toolCaller(tool), { verb: 'patch', resource: 'admissionregistration.k8s.io/mutatingwebhookconfigurations', name, body: { webhooks: [] } }, mark);
    });
  },
  'scale-nodes': (setting, tool, { from, mark }) => {
    if (tool.kind.name !== 'karpenter') return;
    setting.world.every(tool.random, { from, every: tool.random.between(8, 40) * hour }, (time) => {
      const caller = toolCaller(tool);
      const node = nodeJoins(setting, { time, random: tool.random, mark });
      setting.world.call(time, caller, { verb: 'create', resource: 'karpenter.sh/nodeclaims', name: `default-${tool.random.suffix()}` }, mark);
      setting.world.at(time + tool.random.wait(12 * hour) + hour, (then) => { nodeLeaves(setting, node, { time: then, random: tool.random, mark, caller: toolCaller(tool) }); });
    });
  },
  reconcile: (setting, tool, { from, mark }) => {
    for (const resource of tool.kind.own ?? []) {
      setting.world.every(tool.random, { from, every: 3 * hour }, (time) => {
        const namespace = tool.random.pick(namespacesOf(setting.layout, 'production', 'test', 'tool'));
        setting.world.call(time, toolCaller(tool), { verb: tool.random.pick(['update', 'patch']), resource: `${resource}/status`, namespace, name: `${tool.kind.name}-${String(tool.random.int(1, 30))}` }, mark);
      });
    }
  },
  certificates: (setting, tool, { from, mark }) => {
    setting.world.every(tool.random, { from, every: 9 * hour }, (time) => {
      const app = tool.random.pick(ownApps(setting));
      const secret = { resource: 'secrets', namespace: app.namespace, name: `${app.name}-tls` } as const;
      for (const verb of ['get', 'update']) setting.world.call(time, toolCaller(tool), { verb, ...secret }, mark);
    });
  },
  metrics: (setting, tool, { from, mark }) => {
    setting.world.every(tool.random, { from, every: hour }, (time) => { setting.world.call(time, toolCaller(tool), { verb: 'get', path: '/metrics' }, mark); });
    if (!tool.kind.name.startsWith('datadog')) return;
    setting.world.every(tool.random, { from, every: 3 * hour }, (time) => { setting.world.call(time, toolCaller(tool), { verb: 'list', resource: 'metrics.k8s.io/pods' }, mark); });
  },
  'ask-pods': (setting, tool, { from, mark }) => {
    setting.world.every(tool.random, { from, every: 20 * minute }, (time) => {
      const app = tool.random.pick(setting.layout.apps);
      const pod = app.pods[0];
      if (pod) setting.world.call(time, toolCaller(tool), { verb: 'get', resource: 'pods', namespace: app.namespace, name: pod.name }, mark);
    });
  },
  reviews: (setting, tool, { from, mark }) => {
    setting.world.every(tool.random, { from, every: hour }, (time) => {
      const body = { kind: 'SubjectAccessReview', spec: { user: 'system:apiserver', resourceAttributes: { verb: 'get', group: 'metrics.k8s.io', resource: 'pods' } } };
      setting.world.call(time, toolCaller(tool), { verb: 'create', resource: 'authorization.k8s.io/subjectaccessreviews', body }, mark);
    });
  },
  ingress: (setting, tool, { from, mark }) => {
    setting.world.every(tool.random, { from, every: 5 * hour }, (time) => {
      const app = tool.random.pick(ownApps(setting));
      setting.world.call(time, toolCaller(tool), { verb: 'update', resource: 'networking.k8s.io/ingresses/status', namespace: app.namespace, name: app.name, body: { status: {} } }, mark);
    });
  },
};
