import type { Call } from '../audit.ts';
import { callerOf, work } from '../life/people.ts';
import { callerFor, release } from '../life/pipelines.ts';
import { optional, type ToolKind } from '../life/tool-catalogue.ts';
import { addTool, runTool, toolCaller } from '../life/tools.ts';
import { namespacesOf } from '../layout.ts';
import { day, hour } from '../world.ts';
import { rollOut, workloadBody } from '../workloads.ts';
import type { Occasion, Oddity } from './catalogue.ts';

const rbac = 'rbac.authorization.k8s.io';

/** What `helm install` of an operator asks. */
function chart({ name, namespace, own = [], watches }: ToolKind, workload: object): Call[] {
  const rules = [{ apiGroups: ['*'], resources: watches.map((resource) => resource.split('/').pop()), verbs: ['get', 'list', 'watch'] }];
  return [
    { verb: 'get', path: '/version' }, { verb: 'create', resource: 'namespaces', name: namespace, body: { kind: 'Namespace' } },
    { verb: 'list', resource: 'secrets', namespace, query: 'labelSelector=owner%3Dhelm' }, { verb: 'create', resource: 'secrets', namespace, name: `sh.helm.release.v1.${name}.v1` },
    ...own.map((kind) => ({ verb: 'create', resource: 'apiextensions.k8s.io/customresourcedefinitions', name: kind.split('/').reverse().join('.'), body: { kind: 'CustomResourceDefinition' } })),
    { verb: 'create', resource: 'serviceaccounts', namespace, name, body: { kind: 'ServiceAccount' } },
    { verb: 'create', resource: `${rbac}/clusterroles`, name, body: { kind: 'ClusterRole', metadata: { name }, rules } },
    { verb: 'create', resource: `${rbac}/clusterrolebindings`, name, body: { kind: 'ClusterRoleBinding', metadata: { name }, roleRef: { kind: 'ClusterRole', name }, subjects: [{ kind: 'ServiceAccount', name, namespace }] } },
    { verb: 'create', resource: 'services', namespace, name, body: { kind: 'Service', spec: { type: 'ClusterIP' } } },
    { verb: 'create', resource: 'apps/deployments', namespace, name, body: workload },
    { verb: 'update', resource: 'secrets', namespace, name: `sh.helm.release.v1.${name}.v1` },
  ];
}

/** Installs an operator by hand; it starts at once. */
function install({ setting, random, mark }: Occasion, kind: ToolKind, time: number): void {
  const admins = setting.people.filter(({ rank }) => rank === 'admin');
  const installer = admins[0];
  if (!installer) return;
  setting.world.at(time, (begun) => {
    const tool = addTool(random.fork(kind.name), setting.layout, kind);
    setting.tools.push(tool);
    let now = begun;
    const caller = callerOf(installer, installer.places[0], 'Helm/3.16.2');
    for (const call of chart(kind, workloadBody(tool.app))) setting.world.call(now += random.int(50, 400), caller, call, mark);
    rollOut(setting, { app: tool.app, time: now, random, mark });
    runTool(setting, tool, { from: now + 60_000, mark });
  });
}

/** A sweep over every namespace once a day; nothing where there is one already. */
export function dailyBackup({ setting, random, mark }: Occasion): void {
  const velero = optional.find(({ name }) => name === 'velero');
  if (!velero || setting.tools.some(({ kind }) => kind.name === 'velero')) return;
  const tool = addTool(random.fork('velero'), setting.layout, velero);
  setting.tools.push(tool);
  runTool(setting, tool, { from: setting.world.start, mark });
}

/** The last day before the end on which nobody works, at the same hour. */
function lastFreeDay(time: number, end: number): number {
  let date = time + Math.floor((end - time) / day - 0.3) * day;
  while (![0, 6].includes(new Date(date).getUTCDay())) date -= day;
  return date;
}

/** Oddities of what runs in and around a cluster. */
export const softwareOddities: Readonly<Record<string, Oddity>> = {
  'new-operator': (occasion) => {
    const { setting, random, time } = occasion;
    const absent = random.some(optional.filter(({ name, kind }) => kind !== 'daemonsets' && !setting.tools.some((tool) => tool.kind.name === name)), 4);
    // Who installs it has installed others in the days before.
    absent.slice(1).forEach((kind, index) => { install(occasion, kind, setting.world.start + (1 + index * 1.5) * day + 10 * hour); });
    if (absent[0]) install(occasion, absent[0], time);
  },
  'daily-backup': dailyBackup,
  'pipeline-moved': ({ setting, random, mark, time }) => {
    const moving = setting.pipelines.filter(({ name }) => name !== 'jenkins');
    const pipeline = moving[0];
    if (!pipeline) return;
    const before = pipeline.caller;
    const elsewhere = callerFor(random, setting.layout, { kind: random.pick(['github', 'gitlab']), agent: before().agent });
    setting.world.at(time, () => { pipeline.caller = () => ({ ...before(), address: elsewhere().address }); });
    for (const after of [0.1, 3, 20, 27]) {
      setting.world.at(time + after * hour, (now) => {
        const apps = setting.layout.apps.filter(({ namespace, kind, isDatabase }) => pipeline.namespaces.includes(namespace) && kind === 'deployments' && !isDatabase);
        if (apps.length > 0) release(setting, pipeline, { app: random.pick(apps), time: now, mark });
      });
    }
  },
  /** A release that could not wait: the pipeline's, and those who watch it, on a day when nobody works. */
  'weekend-release': ({ setting, random, mark, time }) => {
    const { layout, pipelines, people, world } = setting;
    const pipeline = random.pick(pipelines);
    const watching = random.some(people.filter(({ rank }) => rank !== 'reader'), 2);
    world.at(lastFreeDay(time, world.end), (now) => {
      const apps = layout.apps.filter(({ namespace, kind, isDatabase }) => pipeline.namespaces.includes(namespace) && kind === 'deployments' && !isDatabase);
      random.some(apps, 3).forEach((app, index) => { release(setting, pipeline, { app, time: now + index * 0.3 * hour, mark }); });
      for (const person of watching) work(setting, person, { time: now + random.between(0, 0.5) * hour, mark, commands: 10 });
    });
  },
  'operator-bursts': ({ setting, random, mark }) => {
    const kind: ToolKind = { name: 'spark-like-operator', namespace: 'batch-system', agent: 'batch-operator/v1.4.0 (linux/amd64) kubernetes/$Format', watches: ['pods', 'configmaps'], own: ['batch.example.io/runs', 'batch.example.io/runtemplates'], habits: ['reconcile'] };
    const tool = addTool(random.fork(kind.name), setting.layout, kind);
    setting.tools.push(tool);
    runTool(setting, tool, { from: setting.world.start, mark });
    setting.world.every(random, { from: setting.world.start, every: 8 * hour }, (time) => {
      let now = time;
      const namespace = random.pick(namespacesOf(setting.layout, 'production', 'test'));
      for (let left = random.int(10, 60); left > 0; left--) {
        const name = `run-${random.hex(6)}`;
        for (const [verb, resource] of [['create', 'batch.example.io/runs'], ['create', 'configmaps'], ['update', 'batch.example.io/runs/status'], ['delete', 'configmaps']] as const) setting.world.call(now += random.int(50, 600), toolCaller(tool), { verb, resource, namespace, name }, mark);
      }
    });
  },
};
