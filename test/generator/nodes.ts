import { nodeCaller, systemCaller } from './callers.ts';
import type { Call, Caller } from './audit.ts';
import { addNode, drawPod, type Node } from './layout.ts';
import type { Random } from './random.ts';
import { controller, type Setting } from './setting.ts';
import { hour, minute, type Mark } from './world.ts';
import { startPod, stopPod, tokenCall } from './workloads.ts';

export interface Turn { readonly time: number; readonly random: Random; readonly mark?: Mark | undefined }

/** A node boots and joins: it registers itself, a certificate is approved, the pods of every node start on it. */
export function nodeJoins(setting: Setting, { time, random, mark }: Turn): Node {
  const { world, layout } = setting;
  const node = addNode(random, layout);
  const kubelet = nodeCaller(node, setting.kubeletVersion);
  const { name } = node;
  const signing = 'certificates.k8s.io/certificatesigningrequests';
  const csr = `csr-${random.suffix()}`;
  world.call(time, kubelet, { verb: 'get', resource: 'nodes', name, code: 404 }, mark);
  world.call(time + 300, kubelet, { verb: 'create', resource: 'nodes', name, body: { kind: 'Node', metadata: { name } } }, mark);
  world.call(time + 400, kubelet, { verb: 'create', resource: signing, name: csr, body: { kind: 'CertificateSigningRequest', spec: { signerName: 'kubernetes.io/kubelet-serving' } } }, mark);
  world.call(time + 700, systemCaller('eks:certificate-controller', layout.controlPlane, 'eks-certificate-controller/v0.0.0 (linux/amd64) kubernetes/$Format'), { verb: 'update', resource: `${signing}/approval`, name: csr, body: { kind: 'CertificateSigningRequest' } }, mark);
  world.call(time + 900, controller(setting, 'node-controller'), { verb: 'patch', resource: 'nodes', name, body: { spec: { taints: [] } } }, mark);
  for (const resource of ['services', 'storage.k8s.io/csidrivers', 'node.k8s.io/runtimeclasses']) world.call(time + 1000, kubelet, { verb: 'list', resource }, mark);
  for (const app of layout.apps.filter(({ kind }) => kind === 'daemonsets')) {
    const pod = drawPod(random, app, node, 0);
    app.pods.push(pod);
    startPod(setting, pod, { app, time: time + 2000, random, mark });
  }
  runKubelet(setting, node, { time, random, mark });
  return node;
}

/** A node is drained by somebody and deleted; its pods start elsewhere. */
export function nodeLeaves(setting: Setting, node: Node, { time, random, mark, caller }: Turn & { caller: Caller }): void {
  const { world, layout } = setting;
  const index = layout.nodes.indexOf(node);
  if (index < 0 || layout.nodes.length < 3) return;
  layout.nodes.splice(index, 1);
  world.call(time, caller, { verb: 'patch', resource: 'nodes', name: node.name, body: { spec: { unschedulable: true } } }, mark);
  let now = time;
  for (const app of layout.apps) {
    for (const [place, pod] of app.pods.entries()) {
      if (pod.node !== node) continue;
      if (app.kind !== 'daemonsets') world.call(now += 500, caller, { verb: 'create', resource: 'pods/eviction', namespace: app.namespace, name: pod.name, body: { kind: 'Eviction' } }, mark);
      stopPod(setting, pod, { app, time: now + 100, random, mark });
      const next = app.kind === 'daemonsets' ? undefined : drawPod(random, app, random.pick(layout.nodes), place);
      if (next) startPod(setting, next, { app, time: now + 200, random, mark });
      app.pods[place] = next ?? pod;
    }
    app.pods = app.pods.filter((pod) => pod.node !== node);
  }
  world.call(now + minute, caller, { verb: 'delete', resource: 'nodes', name: node.name }, mark);
}

/** A kubelet's day: its status, tokens for its pods, a look at services. */
export function runKubelet(setting: Setting, node: Node, { time: from, random, mark }: Turn): void {
  const { world, layout } = setting;
  const own = random.fork(node.name);
  const say = (time: number, call: Call): void => { if (layout.nodes.includes(node)) world.call(time, nodeCaller(node, setting.kubeletVersion), call, mark); };
  world.every(own, { from, every: hour }, (time) => { say(time, { verb: 'patch', resource: 'nodes/status', name: node.name, body: { status: { conditions: [{ type: 'Ready', status: 'True' }] } } }); });
  world.every(own, { from, every: 4 * hour }, (time) => { say(time, { verb: 'patch', resource: 'coordination.k8s.io/leases', namespace: 'kube-node-lease', name: node.name }); });
  world.every(own, { from, every: 6 * hour }, (time) => { say(time, { verb: 'watch', resource: 'services' }); });
  world.every(own, { from, every: 2 * hour }, (time) => {
    const pods = layout.apps.flatMap((app) => app.pods.filter((pod) => pod.node === node).map((pod) => ({ app, pod })));
    for (const { app, pod } of own.some(pods, 4)) {
      pod.credential = own.uuid();
      say(time, tokenCall(pod, app.namespace, app.account ?? app.name));
    }
  });
}
