import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What a run of the command line left. */
export interface Run {
  readonly code: number;
  readonly out: string;
  readonly errors: string;
}

/** Variables that keep the command line from finding anybody's AWS account. */
export const noAccount = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', AWS_EC2_METADATA_DISABLED: 'true', AWS_CONFIG_FILE: '/nonexistent', AWS_SHARED_CREDENTIALS_FILE: '/nonexistent' };

/** Runs the command line as people do, in a process of its own, its output going into pipes. */
export function tidemark(args: readonly string[], variables: Record<string, string> = {}): Promise<Run> {
  return new Promise((resolve, reject) => {
    const command = [`${root}cli/tidemark.ts`, ...args];
    execFile(process.execPath, command, { cwd: root, env: { ...noAccount, ...variables }, maxBuffer: 1e8 }, (error, out, errors) => {
      const code = error ? error.code : 0;
      if (typeof code === 'number') resolve({ code, out, errors });
      else reject(error ?? new Error('no exit code'));
    });
  });
}
