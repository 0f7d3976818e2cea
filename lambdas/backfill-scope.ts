import * as z from 'zod';

/** Names of the environment variables through which functions learn whose history is learned. */
export const backfillEnvironment = {
  /** JSON of a `BackfillScope`. */
  scope: 'BACKFILL_SCOPE',
  /** The queue whose messages name clusters to go on with. */
  queue: 'BACKFILL_QUEUE_URL',
} as const;

const scopeSchema = z.object({
  clusters: z.array(z.string()),
  /** Whether those of others who send are too. */
  elsewhere: z.boolean().default(false),
  /** So far back, in milliseconds. */
  historyMs: z.number().positive(),
});

/** Whose history is learned, as the template writes it. */
export type WrittenBackfillScope = z.input<typeof scopeSchema>;

/** Whose history is learned. */
export type BackfillScope = z.output<typeof scopeSchema>;

/**
 * Reads what the deployed template wrote.
 * @throws {z.ZodError} when it is something else.
 */
export function backfillScopeOf(text: string): BackfillScope {
  return scopeSchema.parse(JSON.parse(text));
}
