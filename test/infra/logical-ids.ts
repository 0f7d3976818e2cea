import { resourcesOf, withAllLogs, withLists } from './synthesis.ts';

/** Logical ids of a template, sorted, by the resources' type. */
export type LogicalIds = Readonly<Record<string, readonly string[]>>;

/** The logical ids of a deployment with the default settings, and of one with all there can be. */
export function logicalIds(): Readonly<Record<'default' | 'everything', LogicalIds>> {
  return { default: idsOf(resourcesOf()), everything: idsOf(resourcesOf({ ...withLists, ...withAllLogs })) };
}

function idsOf(resources: ReturnType<typeof resourcesOf>): LogicalIds {
  const byType = Map.groupBy(Object.entries(resources), ([, { Type }]) => Type);
  return Object.fromEntries([...byType].sort(([one], [other]) => (one < other ? -1 : 1)).map(([type, some]) => [type, some.map(([id]) => id).sort()]));
}
