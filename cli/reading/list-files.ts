import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { UnreadableFileError } from '../errors.ts';

/** Written by CloudWatch Logs into a bucket before an export, to see whether it may. */
const exportProbe = 'aws-logs-write-test';

/** A file to read. */
export interface InputFile {
  readonly path: string;
  readonly bytes: number;
}

/**
 * Lists the files that paths name: a directory stands for all files in it, at any depth. Each file comes once.
 * @throws {UnreadableFileError} when a path does not exist, cannot be read or is neither file nor directory.
 */
export async function listFiles(paths: readonly string[]): Promise<InputFile[]> {
  const found = new Map<string, InputFile>();
  for (const named of paths) {
    for (const file of await filesUnder(named)) found.set(path.resolve(file.path), file);
  }
  return [...found.values()];
}

async function filesUnder(named: string): Promise<InputFile[]> {
  try {
    const entry = await stat(named);
    if (entry.isDirectory()) return await filesIn(named);
    if (entry.isFile()) return [{ path: named, bytes: entry.size }];
  } catch (cause) {
    throw cause instanceof UnreadableFileError ? cause : new UnreadableFileError(named, reasonOf(cause), { cause });
  }
  throw new UnreadableFileError(named, 'is neither a file nor a directory; save the log to a file first');
}

async function filesIn(directory: string): Promise<InputFile[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const names = entries.filter((entry) => (entry.isFile() || entry.isSymbolicLink()) && entry.name !== exportProbe).map((entry) => path.join(entry.parentPath, entry.name));
  const found = await Promise.all(names.sort().map(async (name) => ({ path: name, entry: await stat(name) })));
  return found.filter(({ entry }) => entry.isFile()).map(({ path: name, entry }) => ({ path: name, bytes: entry.size }));
}

/** Gives the code of an error of Node's, or an empty text. */
export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

/** Says in words why the file system refused. */
export function reasonOf(error: unknown): string {
  const code = codeOf(error);
  if (code === 'ENOENT') return 'no such file or directory';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read';
  return `cannot be read (${code || String(error)})`;
}
