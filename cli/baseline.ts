import { describeBaseline } from '../lib/describe.ts';
import { AuditFiles } from './audit-files.ts';
import { UsageError } from './errors.ts';
import { Progress } from './progress.ts';
import { runLog } from './replay.ts';
import { outputTo } from './terminal.ts';
import type { TableOptions } from './tables.ts';

/** Whose baseline to show, and from where. */
export interface BaselineOptions extends TableOptions {
  readonly cluster?: string;
  readonly stateTable: string;
  /** Files to learn from instead of the table. */
  readonly files?: readonly string[];
  readonly color: boolean;
}

/**
 * Prints what was learned of an identity: from the deployed table, or from files.
 * @throws {UsageError} when nothing is known of it.
 */
export async function showBaseline(identity: string, options: BaselineOptions): Promise<void> {
  const text = options.files ? await fromFiles(identity, options.files, options) : await fromTable(identity, options);
  if (text === undefined) throw new UsageError(`nothing is known of ${identity} in this cluster; names are exact, as in a finding's identity`);
  outputTo(process.stdout, options.color).write(`${text.trimEnd()}\n`);
}

async function fromFiles(identity: string, paths: readonly string[], options: BaselineOptions): Promise<string | undefined> {
  const files = await AuditFiles.open(paths);
  const { cluster = files.cluster, color } = options;
  const progress = new Progress(process.stderr, outputTo(process.stderr, color));
  const { state } = await runLog(files, { cluster, learnUntil: Number.MAX_SAFE_INTEGER, progress });
  if (files.counts.events === 0) throw new UsageError('there is no audit event in these files');
  return await describeBaseline(state, cluster, identity);
}

async function fromTable(identity: string, options: BaselineOptions): Promise<string | undefined> {
  const { cluster, stateTable } = options;
  if (cluster === undefined) throw new UsageError('give the cluster with --cluster NAME, or files to learn from with --files FILE…');
  const { openStateTable, reach } = await import('./tables.ts');
  return await reach(() => describeBaseline(openStateTable(stateTable, options), cluster, identity));
}
