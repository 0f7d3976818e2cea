#!/usr/bin/env node
import { Command, CommanderError, Option } from 'commander';
import { cleanLine } from '../lib/text.ts';
import packageJson from '../package.json' with { type: 'json' };
import type { Finding } from '../lib/finding.ts';
import type { BaselineOptions } from './baseline.ts';
import type { ClustersOptions } from './clusters.ts';
import { isExpected } from './errors.ts';
import { formatOption, parseLimit, parseSince, parseTime, severityOption, statusOption } from './options.ts';
import type { LearnOptions } from './learn.ts';
import type { QueryOptions } from './queries.ts';
import type { RedriveOptions } from './redrive.ts';
import type { ReplayOptions } from './replay.ts';
import type { TryOptions } from './try.ts';

/** Exit codes: 1 only says that --fail-on was met. */
const failure = 2;

interface FindingsOptions extends QueryOptions {
  readonly cluster?: string;
  readonly identity?: string;
  readonly severity?: Finding['severity'];
  readonly since?: string;
  readonly status?: Finding['status'];
  readonly limit: number;
}

const program = new Command('tidemark')
  .description('Learns what each identity in an Amazon EKS cluster normally does and says so when one stops behaving like itself.')
  .version(packageJson.version)
  .option('--no-color', 'print without colours; so does the environment variable NO_COLOR')
  .exitOverride()
  .showHelpAfterError('(try tidemark --help)')
  .addHelpText('after', `
Examples:
  tidemark try --log-group /aws/eks/NAME/cluster --since 7d what Tidemark would have said of a cluster
  tidemark replay audit.json                                what stands out in a saved log
  tidemark replay examples/shop --learn-until 2026-10-14    learn from a week, report on the days after
  tidemark replay logs/ --format jsonl --fail-on high       for a pipeline: exit code 1 on a grave finding
  tidemark findings --severity high --since 7d              the deployed table's findings
  tidemark baseline system:serviceaccount:payments:checkout --files examples/shop

Exit codes: 0 done, 1 a finding met --fail-on, 2 it could not be done.`);

program
  .command('replay')
  .description('run audit logs, VPC flow logs and Resolver query logs in files through the engine and print the findings; nothing leaves this machine')
  .argument('<file...>', 'files or directories: JSON lines, output of aws logs, exports to a bucket; gzip or not')
  .option('--cluster <name>', 'the cluster\'s name (default: by the log group, else the folder)')
  .addOption(formatOption())
  .option('--learn-until <time>', 'only learn from events before this time', parseTime)
  .option('--ip-ranges <file>', 'AWS\'s ip-ranges.json: its services count as one destination each')
  .option('--threat-list <file...>', 'addresses, ranges and domains known to be bad, one a line, or STIX 2.1 bundles')
  .addOption(severityOption('--fail-on <severity>', 'exit with 1 when a finding is this grave or graver'))
  .addHelpText('after', `
How to get a log:
  aws logs filter-log-events --log-group-name /aws/eks/NAME/cluster \\
    --log-stream-name-prefix kube-apiserver-audit --output json --start-time MILLISECONDS > audit.json

A few days are needed before an identity's normal is known; the more, the fewer false findings.`)
  .action(async (files: string[], options: ReplayOptions) => {
    const { replay } = await import('./replay.ts');
    process.exitCode = await replay(files, { ...options, ...program.opts() });
  });

program
  .command('try')
  .description('read the audit log that a cluster has in CloudWatch Logs, and print what Tidemark would have said of it; nothing is deployed, changed or kept')
  .requiredOption('--log-group <name>', 'the log group, /aws/eks/NAME/cluster')
  .addOption(new Option('--since <time>', 'from when on: 2026-03-01T12:00Z, or 24h, 7d ago').argParser(parseSince).default(parseSince('7d'), '7d'))
  .option('--until <time>', 'up to when (default: now)', parseSince)
  .option('--learn-until <time>', 'only learn from events before this time', parseTime)
  .addOption(severityOption('--fail-on <severity>', 'exit with 1 when a finding is this grave or graver'))
  .addOption(endpointOption('CloudWatch Logs'))
  .addOption(formatOption())
  .addHelpText('after', `
It asks with your AWS credentials and needs logs:FilterLogEvents on the log group. It uses half of the requests that CloudWatch Logs
takes of an account, so a long log takes a while: docs/backfill.md has the formula.`)
  .action(async (options: TryOptions) => {
    const { tryOn } = await import('./try.ts');
    process.exitCode = await tryOn({ ...options, ...program.opts() });
  });

program
  .command('findings')
  .description('list findings of the deployed table, newest first')
  .option('--cluster <name>', 'of this cluster')
  .option('--identity <name>', 'of this identity, exactly as in a finding')
  .addOption(severityOption('--severity <severity>', 'of this severity or graver'))
  .option('--since <time>', 'raised since: 2026-03-01T12:00Z, or 24h, 7d ago', parseSince)
  .addOption(statusOption('--status <status>', 'with this status'))
  .option('--limit <number>', 'at most so many', parseLimit, 50)
  .addOption(findingsTableOption())
  .addOption(endpointOption())
  .addOption(formatOption())
  .action(async (options: FindingsOptions) => {
    const { listFindings } = await import('./queries.ts');
    const { severity, cluster, identity, status, since, limit } = options;
    const conditions = Object.entries({ cluster, identity, status, since, atLeast: severity }).filter(([, value]) => value !== undefined);
    await listFindings({ ...Object.fromEntries(conditions), limit }, { ...options, ...program.opts() });
  });

program
  .command('finding')
  .description('show one finding of the deployed table, or set what was decided about it')
  .argument('<id>', 'the finding\'s id, as in its mail')
  .addOption(statusOption('--set-status <status>', 'set its status first'))
  .addOption(findingsTableOption())
  .addOption(endpointOption())
  .addOption(formatOption())
  .action(async (id: string, options: QueryOptions & { setStatus?: Finding['status'] }) => {
    const { showFinding } = await import('./queries.ts');
    await showFinding(id, { ...options, ...program.opts() });
  });

program
  .command('baseline')
  .description('show what was learned of an identity: from the deployed table, or from files')
  .argument('<identity>', 'the identity, exactly as in a finding')
  .option('--cluster <name>', 'the cluster\'s name')
  .option('--files <file...>', 'learn from these files instead')
  .addOption(new Option('--state-table <name>', 'the state table').env('STATE_TABLE').default('tidemark-state'))
  .addOption(endpointOption())
  .action(async (identity: string, options: BaselineOptions) => {
    const { showBaseline } = await import('./baseline.ts');
    await showBaseline(identity, { ...options, ...program.opts() });
  });

program
  .command('learn')
  .description('learn what a cluster\'s log group still holds into the deployed tables, or go on with that; deliveries are left to it meanwhile')
  .requiredOption('--cluster <name>', 'the cluster\'s name')
  .addOption(new Option('--since <time>', 'from when on: 2026-03-01T12:00Z, or 24h, 14d ago').argParser(parseSince).default(parseSince('14d'), '14d'))
  .option('--log-group <name>', 'its log group (default: /aws/eks/NAME/cluster)')
  .addOption(new Option('--state-table <name>', 'the state table').env('STATE_TABLE').default('tidemark-state'))
  .addOption(findingsTableOption())
  .addOption(endpointOption())
  .action(async (options: LearnOptions) => {
    const { learn } = await import('./learn.ts');
    await learn({ ...options, ...program.opts() });
  });

program
  .command('clusters')
  .description('list the clusters that the deployment watches: when each one\'s audit log last spoke, to five minutes')
  .option('--forget <cluster>', 'first forget a cluster that is gone and that the deployment does not name; one that speaks again comes back')
  .addOption(new Option('--state-table <name>', 'the state table').env('STATE_TABLE').default('tidemark-state'))
  .addOption(endpointOption())
  .addOption(new Option('--format <format>', 'text for people, jsonl for programs: one cluster a line').choices(['text', 'jsonl']).default('text'))
  .action(async (options: ClustersOptions) => {
    const { listClusters } = await import('./clusters.ts');
    await listClusters({ ...options, ...program.opts() });
  });

program
  .command('redrive')
  .description('give again what functions failed with or could not read, from dead-letter queues, and take out what they then manage')
  .argument('<queue-url...>', 'the queues, by their URLs: the outputs Failed…Url, Malformed…Url, UndeliveredMailUrl')
  .option('--to <queue-url or function>', 'where to give what does not say it: the queue that a function takes its work from, for FailedLearnings and FailedFlowFiles; the function that tells people, for UndeliveredMail')
  .option('--dry-run', 'only say what would be given', false)
  .action(async (queues: string[], options: RedriveOptions) => {
    const { redrive } = await import('./redrive.ts');
    await redrive({ ...options, ...program.opts(), queues });
  });

function findingsTableOption(): Option {
  return new Option('--findings-table <name>', 'the findings table').env('FINDINGS_TABLE').default('tidemark-findings');
}

function endpointOption(service = 'DynamoDB'): Option {
  return new Option('--endpoint <url>', `a service that stands in for ${service}, such as http://localhost:8000`);
}

/** A reader such as head may leave early; that is no error. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : failure;
  else {
    process.exitCode = failure;
    const words = isExpected(error) ? cleanLine(error.message) : error instanceof Error ? error.stack : String(error);
    process.stderr.write(`tidemark: ${words ?? 'failed'}\n`);
  }
}
