import type { AuditJson } from './audit.ts';
import { playAlone, playAttacks, type Attack, type Scenario } from './attacks/stage.ts';
import { drawLayout } from './layout.ts';
import { drawPeople, live } from './life/people.ts';
import { drawPipelines, runPipeline } from './life/pipelines.ts';
import { runApps, runControlPlane, runInternet } from './life/surroundings.ts';
import { drawTools, runTool } from './life/tools.ts';
import { runKubelet } from './nodes.ts';
import { playOddities } from './oddities/catalogue.ts';
import { Random } from './random.ts';
import type { Setting } from './setting.ts';
import { day, hour, World } from './world.ts';

/** What to generate; what is left out is drawn at random. */
export interface GeneratorOptions {
  readonly days?: number;
  /** Kinds of attacks; an empty list for none. */
  readonly attacks?: readonly string[];
  /** Innocent oddities; an empty list for none. */
  readonly oddities?: readonly string[];
  /** An attack of one's own, from the ninth day on. */
  readonly alone?: Attack;
}

/** Days before an attack of one's own, enough to know everybody by. They are the same whatever the attack. */
export const quietDays = 8;

/** What is known of a request: the attack it belongs to. */
export interface Label {
  readonly auditID: string;
  readonly scenario: string;
  readonly role: 'attack' | 'consequence';
}

/** A cluster's audit log with all that is known of it. */
export interface GeneratedCluster {
  readonly name: string;
  /** In the order in which the API server logged them. */
  readonly events: readonly AuditJson[];
  readonly labels: readonly Label[];
  readonly scenarios: readonly Scenario[];
  /** Which innocent oddity a request belongs to, by audit id. */
  readonly oddities: ReadonlyMap<string, string>;
  readonly days: number;
  /** Milliseconds since the epoch. */
  readonly start: number;
}

/** Makes up a cluster's life. The same seed and options give the same events. */
export function generateCluster(seed: number, options: GeneratorOptions = {}): GeneratedCluster {
  const random = new Random(`cluster ${String(seed)}`);
  const days = options.days ?? random.int(10, 14);
  const start = Date.UTC(2026, random.int(0, 11), random.int(1, 28));
  const setting = drawSetting(String(seed), new World(`cluster ${String(seed)}`, start, days), random);
  const scenarios = playAttacks(setting, random.fork('attacks'), options.attacks);
  playOddities(setting, random.fork('oddities'), options.oddities);
  const { world } = setting;
  if (options.alone) scenarios.push(playAlone(setting, random.fork('alone'), options.alone, start + quietDays * day));
  world.run();
  const marks = [...world.marks];
  return {
    name: setting.layout.cluster, events: world.events, days, start,
    labels: marks.flatMap(([auditID, { scenario, role }]) => (role === 'oddity' ? [] : [{ auditID, scenario, role }])),
    scenarios: scenarios.filter(({ end }) => end > 0),
    oddities: new Map(marks.flatMap(([auditID, { scenario, role }]) => (role === 'oddity' ? [[auditID, scenario] as const] : []))),
  };
}

/** Draws a cluster and lets everybody in it live as usual. */
function drawSetting(seed: string, world: World, random: Random): Setting {
  const layout = drawLayout(random.fork('layout'));
  const setting: Setting = { seed, world, layout, people: [], pipelines: drawPipelines(random.fork('pipelines'), layout), tools: [], kubeletVersion: layout.version, controlVersion: layout.version };
  drawTools(random.fork('tools'), setting);
  setting.people.push(...drawPeople(random.fork('people'), layout, { from: world.start, until: world.end + day }));
  for (const person of setting.people) live(setting, person);
  for (const pipeline of setting.pipelines) runPipeline(setting, pipeline);
  for (const tool of setting.tools) runTool(setting, tool, { from: world.start + tool.random.next() * hour });
  for (const node of layout.nodes) runKubelet(setting, node, { time: world.start, random });
  runControlPlane(setting, random.fork('control plane'));
  runApps(setting, random.fork('apps'));
  runInternet(setting, random.fork('internet'));
  return setting;
}
