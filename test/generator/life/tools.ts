import type { Caller } from '../audit.ts';
import { podCaller } from '../callers.ts';
import { addApp, type App } from '../layout.ts';
import type { Random } from '../random.ts';
import type { Setting } from '../setting.ts';
import { hour, type Mark } from '../world.ts';
import { basics, optional, type ToolKind } from './tool-catalogue.ts';
import { habits } from './tool-habits.ts';

/** An operator that runs in a cluster. */
export interface Tool {
  readonly kind: ToolKind;
  readonly app: App;
  readonly random: Random;
}

/** Installs what EKS brings, and some of what people install. */
export function drawTools(random: Random, { layout, tools }: Setting): void {
  const chosen = [...basics, ...random.some(optional, random.int(7, 13))];
  for (const kind of chosen) tools.push(addTool(random.fork(kind.name), layout, kind));
}

export function addTool(random: Random, layout: Setting['layout'], kind: ToolKind): Tool {
  if (!layout.namespaces.some(({ name }) => name === kind.namespace)) layout.namespaces.push({ name: kind.namespace, kind: 'tool' });
  const app = addApp(random, layout, { namespace: kind.namespace, name: kind.name, kind: kind.kind ?? 'deployments', replicas: 1, talk: 'nothing', image: `quay.io/${kind.name}/${kind.name}:${random.hex(4)}` });
  return { kind, app, random };
}

export function toolCaller({ kind, app, random }: Tool): Caller {
  return podCaller({ namespace: kind.namespace, account: kind.name, agent: kind.agent }, random.pick(app.pods));
}

/** Lets a tool run: it lists and watches, renews its lease, and does what it is there for. */
export function runTool(setting: Setting, tool: Tool, { from, mark }: { from: number; mark?: Mark }): void {
  const { world } = setting;
  const { kind, random } = tool;
  const watched = [...kind.watches, ...(kind.own ?? [])];
  const begin = (time: number): void => {
    let now = time;
    for (const resource of watched) world.call(now += random.between(20, 400), toolCaller(tool), { verb: 'list', resource }, mark);
  };
  world.at(from, begin);
  for (const resource of watched) {
    world.every(random, { from, every: random.between(2, 8) * hour }, (time) => {
      world.call(time, toolCaller(tool), { verb: 'watch', resource, seconds: random.int(300, 590) }, mark);
    });
  }
  const lease = { resource: 'coordination.k8s.io/leases', namespace: kind.namespace, name: kind.name } as const;
  world.every(random, { from, every: 3 * hour }, (time) => {
    for (const verb of ['get', 'update']) world.call(time, toolCaller(tool), { verb, ...lease }, mark);
  });
  for (const habit of kind.habits) habits[habit](setting, tool, { from, mark });
}
