import type { FindingQuery } from '../lib/store.ts';
import type { Status } from '../lib/finding.ts';
import { canaryCluster } from '../lib/watch/canary.ts';
import { UsageError } from './errors.ts';
import { writeFinding, writeFindings, writeJsonLines } from './finding-text.ts';
import type { Format } from './options.ts';
import { openFindingsTable, reach, type TableOptions } from './tables.ts';
import { counted, outputTo } from './terminal.ts';

/** Which table to ask, and how to print. */
export interface QueryOptions extends TableOptions {
  readonly findingsTable: string;
  readonly format: Format;
  readonly color: boolean;
}

/**
 * Prints the findings in the table that match, newest first; the canary's only when it is asked for.
 * @throws {TableAccessError} when the table cannot be reached.
 */
export async function listFindings(query: FindingQuery, options: QueryOptions): Promise<void> {
  const all = await reach(() => openFindingsTable(options.findingsTable, options).query({ ...query, limit: query.limit + 1 }));
  // The canary is one finding, of interest only to who asks for it.
  const found = all.filter(({ cluster }) => cluster !== canaryCluster || query.cluster === canaryCluster).slice(0, query.limit);
  const output = outputTo(process.stdout, options.color);
  if (options.format === 'jsonl') writeJsonLines(found, output);
  else writeFindings(found, output);
  const more = found.length === query.limit ? ' (there may be more: raise --limit)' : '';
  outputTo(process.stderr, options.color).write(`${counted(found.length, 'finding')}${more}\n`);
}

/**
 * Prints one finding, after setting its status when one is given.
 * @throws {UsageError} when there is no such finding.
 * @throws {TableAccessError} when the table cannot be reached.
 */
export async function showFinding(id: string, options: QueryOptions & { setStatus?: Status }): Promise<void> {
  if (!/^[0-9a-f]{24}$/.test(id)) throw new UsageError('a finding\'s id is 24 hexadecimal digits; tidemark findings lists them');
  const { setStatus } = options;
  const finding = await reach(async () => {
    const store = openFindingsTable(options.findingsTable, options);
    if (setStatus !== undefined) await store.setStatus(id, setStatus);
    return await store.get(id);
  });
  if (!finding) throw new UsageError(`there is no finding ${id} in table ${options.findingsTable}`);
  const output = outputTo(process.stdout, options.color);
  if (options.format === 'jsonl') writeJsonLines([finding], output);
  else writeFinding(finding, output);
}
