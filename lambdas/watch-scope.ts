import * as z from 'zod';
import { watchedCalls } from '../lib/trail/watched-calls.ts';
import type { Scope } from '../lib/trail/tell-call.ts';

export type { Scope } from '../lib/trail/tell-call.ts';
export { canaryCluster } from '../lib/watch/canary.ts';
export { usualCanaryMs, usualSilenceMs } from '../lib/watch/silence.ts';

/** Names of the environment variables through which the watch function learns what to watch. */
export const watchEnvironment = {
  /** What concerns the deployment: JSON of a `Scope`. */
  scope: 'WATCH_SCOPE',
  /** So long a cluster's log may be silent, in milliseconds. */
  silence: 'USUAL_SILENCE_MS',
} as const;

/** What the watch function watches. */
export interface WatchSettings {
  /** With the clusters that the deployment names. */
  readonly scope: Scope;
  /** Whether clusters are watched besides that it does not name, once something came from them; without it none is. */
  readonly discovers?: boolean;
  /** So long a cluster's log may be silent, in milliseconds. */
  readonly silenceMs: number;
  /** Milliseconds since the epoch; the system's clock when not given. */
  readonly now?: () => number;
}

const scopeSchema = z.object({
  home: z.object({ account: z.string(), region: z.string() }),
  discovers: z.boolean(),
  clusters: z.array(z.string()),
  logGroups: z.array(z.string()),
  traffic: z.boolean(),
  own: z.array(z.string()),
  ownPrefix: z.string().min(1),
  stack: z.string().min(1),
});

/** A scope as a template writes it, and whether clusters are watched besides that it does not name. */
export type DeployedScope = Scope & Required<Pick<WatchSettings, 'discovers'>>;

/**
 * Reads what the deployed template wrote.
 * @throws {z.ZodError} when it is something else.
 */
export function scopeOf(text: string): DeployedScope {
  return scopeSchema.parse(JSON.parse(text));
}

/** Names of the calls that are watched, by the service's `eventSource`. */
export const watchedNames: ReadonlyMap<string, readonly string[]> = new Map(
  [...Map.groupBy(watchedCalls, ({ service }) => service)].map(([service, calls]) => [service, [...new Set(calls.map(({ name }) => name))]]),
);
