import { toolCaller } from '../life/tools.ts';
import { systemCaller } from '../callers.ts';
import { nodeJoins, nodeLeaves } from '../nodes.ts';
import { callerOf } from '../life/people.ts';
import { drawPod } from '../layout.ts';
import { hour, minute } from '../world.ts';
import { startPod, stopPod } from '../workloads.ts';
import type { Occasion, Oddity } from './catalogue.ts';

/** Every node is replaced by a new one, some minutes apart. */
function replaceNodes({ setting, random, mark, time }: Occasion, until: number): void {
  const caller = systemCaller('eks:node-manager', setting.layout.controlPlane, 'node-manager/v0.0.1 (linux/amd64) kubernetes/$Format');
  [...setting.layout.nodes].slice(0, until).forEach((node, index) => {
    setting.world.at(time + index * random.between(5, 12) * minute, (now) => {
      nodeJoins(setting, { time: now, random, mark });
      nodeLeaves(setting, node, { time: now + 3 * minute, random, mark, caller });
    });
  });
}

/** Oddities of the cluster itself. */
export const clusterOddities: Readonly<Record<string, Oddity>> = {
  'cluster-upgrade': (occasion) => {
    const { setting, random, time, mark } = occasion;
    const minor = Number(/^v1\.(\d+)/.exec(setting.layout.version)?.[1] ?? 30) + 1;
    setting.world.at(time, (now) => {
      setting.controlVersion = `v1.${String(minor)}.1`;
      for (const name of ['aws-node', 'kube-proxy', 'coredns']) setting.world.call(now + 60_000, systemCaller('eks:addon-manager', setting.layout.controlPlane, 'addon-manager/v0.0.1 (linux/amd64) kubernetes/$Format'), { verb: 'patch', resource: name === 'coredns' ? 'apps/deployments' : 'apps/daemonsets', namespace: 'kube-system', name, body: { spec: {} } }, mark);
    });
    setting.world.at(time + random.between(1, 5) * hour, (now) => {
      setting.kubeletVersion = setting.controlVersion;
      replaceNodes({ ...occasion, time: now + minute }, 99);
    });
  },
  'node-pool-replacement': (occasion) => { occasion.setting.world.at(occasion.time, (now) => { replaceNodes({ ...occasion, time: now }, 99); }); },
  'hourly-nodes': ({ setting, random, mark }) => {
    const { world } = setting;
    const karpenter = setting.tools.find(({ kind }) => kind.name === 'karpenter');
    const caller = (): ReturnType<typeof toolCaller> => karpenter ? toolCaller(karpenter) : systemCaller('eks:node-manager', setting.layout.controlPlane, 'node-manager/v0.0.1 (linux/amd64) kubernetes/$Format');
    world.every(random, { from: world.start, every: 2 * hour }, (time) => {
      const node = nodeJoins(setting, { time, random, mark });
      world.at(time + random.between(0.5, 1.5) * hour, (then) => { nodeLeaves(setting, node, { time: then, random, mark, caller: caller() }); });
    });
  },
  'scale-test': ({ setting, random, mark, time }) => {
    const { world, layout } = setting;
    const able = setting.people.filter(({ commands }) => commands.some(([name]) => name === 'scale'));
    const person = random.pick(able.length > 0 ? able : setting.people.filter(({ rank }) => rank === 'admin'));
    world.at(time, (now) => {
      const apps = layout.apps.filter(({ namespace, kind, isDatabase }) => kind === 'deployments' && !isDatabase && person.namespaces.includes(namespace));
      const app = random.pick(apps.length > 0 ? apps : layout.apps.filter(({ kind }) => kind === 'deployments'));
      const caller = callerOf(person, person.places[0], person.agents[0]);
      const more = Array.from({ length: random.int(30, 60) }, (_, index) => drawPod(random, app, random.pick(layout.nodes), index));
      world.call(now, caller, { verb: 'patch', resource: 'apps/deployments/scale', namespace: app.namespace, name: app.name, body: { spec: { replicas: more.length } } }, mark);
      more.forEach((pod, index) => {
        startPod(setting, pod, { app, time: now + 500 + index * 300, random, mark });
        stopPod(setting, pod, { app, time: now + hour + index * 200, random, mark });
      });
      world.call(now + hour, caller, { verb: 'patch', resource: 'apps/deployments/scale', namespace: app.namespace, name: app.name, body: { spec: { replicas: 2 } } }, mark);
    });
  },
};
