import { resourcesOf, withAllLogs, withEveryCluster, withLists, withSenders } from './synthesis.ts';

/** Logical ids of a template, sorted, by the resources' type. */
export type LogicalIds = Readonly<Record<string, readonly string[]>>;

/** The logical ids of a deployment with the default settings, of one with all there can be, and of one with whatever is elsewhere. */
export function logicalIds(): Readonly<Record<'default' | 'everything' | 'organization', LogicalIds>> {
  return { default: idsOf(resourcesOf()), everything: idsOf(resourcesOf({ ...withLists, ...withAllLogs })), organization: idsOf(resourcesOf({ ...withEveryCluster, ...withSenders })) };
}

function idsOf(resources: ReturnType<typeof resourcesOf>): LogicalIds {
  const byType = Map.groupBy(Object.entries(resources), ([, { Type }]) => Type);
  return Object.fromEntries([...byType].sort(([one], [other]) => (one < other ? -1 : 1)).map(([type, some]) => [type, some.map(([id]) => id).sort()]));
}
