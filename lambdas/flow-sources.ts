import * as z from 'zod';
import { flowFieldsOf, UnusableFlowFormatError } from '../lib/egress/flow-fields.ts';
import type { FlowLogSource } from '../lib/egress/flow-source.ts';

export { isBucket, isLogGroup } from '../lib/egress/flow-source.ts';
export type { FlowLogGroup, FlowLogSource, ResolverLogSource, TrafficLogBucket, TrafficLogGroup } from '../lib/egress/flow-source.ts';

/** Names of the environment variables through which functions learn of flow logs and query logs. */
export const flowEnvironment = {
  /** Set when ingest has to learn who has which address. */
  learnsAddresses: 'LEARNS_ADDRESSES',
  /** Where flow logs and query logs come from: JSON of `FlowLogSource[]`. */
  sources: 'FLOW_SOURCES',
  /** A folder with lists of addresses; set when there are some. */
  lists: 'ADDRESS_LISTS',
} as const;

const cluster = z.string().min(1);
const sourcesSchema = z.array(
  z.union([
    z.object({ cluster, logGroupName: z.string().min(1), format: z.string().optional() }),
    z.object({ cluster, bucketName: z.string().min(1), prefix: z.string().optional() }),
  ]),
);

/**
 * Reads what the deployed template wrote.
 * @throws {z.ZodError} when it is something else.
 */
export function flowSourcesOf(text: string): FlowLogSource[] {
  return sourcesSchema.parse(JSON.parse(text));
}

/** Says what is wrong with a flow log's format; `undefined` when nothing is. */
export function flowFormatProblem(format: string): string | undefined {
  try {
    flowFieldsOf(format);
    return undefined;
  } catch (error) {
    if (error instanceof UnusableFlowFormatError) return error.message;
    throw error;
  }
}
