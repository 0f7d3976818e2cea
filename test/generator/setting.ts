import type { Caller } from './audit.ts';
import { controllerCaller } from './callers.ts';
import type { Layout } from './layout.ts';
import type { Person } from './life/people.ts';
import type { Pipeline } from './life/pipelines.ts';
import type { Tool } from './life/tools.ts';
import type { World } from './world.ts';

/** A cluster, who lives in it, and its clock. */
export interface Setting {
  readonly seed: string;
  readonly world: World;
  readonly layout: Layout;
  readonly people: Person[];
  readonly pipelines: Pipeline[];
  readonly tools: Tool[];
  /** Of the nodes; changes with an upgrade. */
  kubeletVersion: string;
  controlVersion: string;
}

/** A controller of the control plane, as it calls now. */
export function controller({ layout, controlVersion }: Setting, name: string): Caller {
  return controllerCaller(name, layout.controlPlane, controlVersion);
}
