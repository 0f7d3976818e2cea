import { readFileSync } from 'node:fs';
import { Token } from 'aws-cdk-lib';
import { awsRangesProblem, threatListProblem } from '../lambdas/address-lists.ts';
import { flowFormatProblem, isBucket, isLogGroup, type FlowLogGroup, type FlowLogSource } from '../lambdas/flow-sources.ts';
import { everyCluster, isNamed, isRegion } from '../lambdas/cluster-names.ts';
import { sentSeverities } from './findings-topic.ts';
import { intakes, type TidemarkProps } from './tidemark-props.ts';

interface Rule {
  /** What is wrong with the props: values that are, or nothing. */
  readonly wrong: (props: TidemarkProps) => readonly string[];
  /** What to do about it. */
  readonly message: string;
}

const clusterName = /^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$/;
const logGroupName = /^[\w./#-]{1,512}$/;
/** A function's environment has room for 4 KB. */
const maxSourcesLength = 3000;
/** Beside them the environment holds names of Tidemark's own resources. */
const maxWatchedLength = 1800;
/** A role's trust policy has room for 2048 characters: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const mostAccounts = 40;
const leastSilenceMinutes = 15;
/** What was not seen for so long is forgotten (lib/baseline/baseline.ts). */
const mostBackfillDays = 60;
const bucketName = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const mailAddress = /^[^\s@,]+@[^\s@,]+\.[^\s@,]+$/;

const rules: readonly Rule[] = [
  {
    wrong: ({ clusters, senders }) => (clusters.length === 0 && !senders ? ['(none)'] : []),
    message: 'clusters: name at least one EKS cluster',
  },
  {
    wrong: ({ clusters }) => (clusters.length > 1 && clusters.includes(everyCluster) ? clusters : []),
    message: `clusters: ${everyCluster} is every cluster, so it stands alone`,
  },
  {
    wrong: ({ clusters }) => known(clusters).filter((name) => name !== everyCluster && !clusterName.test(name)),
    message: 'clusters: a name has 1 to 100 letters, digits, hyphens and underscores and begins with a letter or digit, as `aws eks list-clusters` prints it',
  },
  {
    wrong: ({ senders }) => (senders && (senders.accounts ?? []).length === 0 && senders.organization === undefined ? ['(none)'] : []),
    message: 'senders: name accounts, or an organization',
  },
  {
    wrong: ({ senders }) => known(senders?.accounts ?? []).filter((account) => !/^\d{12}$/.test(account)),
    message: 'senders: an account has twelve digits',
  },
  {
    wrong: ({ senders: { accounts = [] } = { regions: [] } }) => (accounts.length > mostAccounts ? [String(accounts.length)] : []),
    message: `senders: at most ${String(mostAccounts)} accounts fit into the policies; name their organization instead`,
  },
  {
    wrong: ({ senders }) => known(senders?.organization === undefined ? [] : [senders.organization]).filter((id) => !/^o-[a-z\d]{10,32}$/.test(id)),
    message: 'senders: an organization is named by its id, as `aws organizations describe-organization` prints it',
  },
  {
    wrong: ({ senders }) => known(senders?.regions ?? []).filter((name) => !isRegion(name)),
    message: 'senders: a region is named such as eu-west-1',
  },
  {
    wrong: ({ senders }) => (senders?.regions.length === 0 ? ['(none)'] : []),
    message: 'senders: name the regions in which their clusters are',
  },
  {
    wrong: ({ senders: { accounts = [], regions } = { regions: [] } }) => [...repeated(accounts), ...repeated(regions)],
    message: 'senders: name each account and region once',
  },
  {
    wrong: ({ clusters }) => repeated(clusters),
    message: 'clusters: name each cluster once',
  },
  {
    wrong: ({ intake = 'direct' }) => (intakes.includes(intake) ? [] : [intake]),
    message: `intake: must be one of ${intakes.join(', ')}`,
  },
  ...sourceRules('flowLogs', ({ flowLogs = [] }) => flowLogs),
  ...sourceRules('resolverLogs', ({ resolverLogs = [] }) => resolverLogs),
  {
    wrong: ({ flowLogs = [] }) => groups(flowLogs).flatMap(({ format }) => (format === undefined ? [] : (flowFormatProblem(format) ?? []))),
    message: 'flowLogs: a format lists fields of flow logs, addresses, bytes and start among them',
  },
  {
    wrong: ({ flowLogs = [] }) => [...Map.groupBy(groups(flowLogs), (source) => source.logGroupName)].flatMap(([name, some]) => (new Set(some.map(({ format }) => format)).size > 1 ? [name] : [])),
    message: 'flowLogs: a log group has one format',
  },
  {
    wrong: ({ flowLogs = [], resolverLogs = [] }) => [JSON.stringify([...flowLogs, ...resolverLogs]).length].filter((length) => length > maxSourcesLength).map(String),
    message: `flowLogs, resolverLogs: all together must not be longer than ${String(maxSourcesLength)} characters; formats with fewer fields are shorter`,
  },
  {
    wrong: ({ ipRanges }) => (ipRanges === undefined ? [] : fileProblems(ipRanges, awsRangesProblem)),
    message: 'ipRanges: must be a file as https://ip-ranges.amazonaws.com/ip-ranges.json has it',
  },
  {
    wrong: ({ threatLists = [] }) => threatLists.flatMap((file) => fileProblems(file, (text) => threatListProblem(text, Date.now()))),
    message: 'threatLists: each must be a file with addresses, ranges and domains, one a line, or with a STIX 2.1 bundle',
  },
  {
    wrong: ({ ipRanges, threatLists = [], flowLogs = [], resolverLogs = [] }) => (flowLogs.length + resolverLogs.length > 0 ? [] : [...(ipRanges === undefined ? [] : [ipRanges]), ...threatLists]),
    message: 'ipRanges, threatLists: say nothing without flowLogs or resolverLogs',
  },
  {
    wrong: ({ usualSilence }) => (usualSilence && !usualSilence.isUnresolved() && usualSilence.toMinutes({ integral: false }) < leastSilenceMinutes ? [usualSilence.toHumanString()] : []),
    message: `usualSilence: must be at least ${String(leastSilenceMinutes)} minutes, since a control plane may rest for ten`,
  },
  {
    wrong: ({ clusters, flowLogs = [], resolverLogs = [], watch = true }) => (watch ? [JSON.stringify([clusters, groups([...flowLogs, ...resolverLogs]).map((source) => source.logGroupName)]).length] : []).filter((length) => length > maxWatchedLength).map(String),
    message: `watch: names of clusters and log groups together must not be longer than ${String(maxWatchedLength)} characters; make a second deployment for some, or turn the watch off`,
  },
  {
    wrong: ({ backfill }) => (backfill && !backfill.isUnresolved() && backfill.toDays({ integral: false }) > mostBackfillDays ? [backfill.toHumanString()] : []),
    message: `backfill: must be at most ${String(mostBackfillDays)} days, since what was not seen for so long is forgotten`,
  },
  {
    wrong: ({ clusters, backfill }) => (backfill?.toMilliseconds() === 0 ? [] : [JSON.stringify(clusters).length]).filter((length) => length > maxWatchedLength).map(String),
    message: `backfill: names of clusters together must not be longer than ${String(maxWatchedLength)} characters; make a second deployment for some, or turn the backfill off`,
  },
  {
    wrong: ({ mailAddresses = [] }) => known(mailAddresses).filter((address) => !mailAddress.test(address)),
    message: 'mailAddresses: an address looks like someone@example.com',
  },
  {
    wrong: ({ mailAddresses = [] }) => repeated(mailAddresses),
    message: 'mailAddresses: name each address once',
  },
  {
    wrong: ({ minimumSeverity = 'medium' }) => (sentSeverities.includes(minimumSeverity) ? [] : [minimumSeverity]),
    message: `minimumSeverity: must be one of ${sentSeverities.join(', ')}`,
  },
];

/**
 * Checks all props at once. Values that are known only when the stack is deployed are left out.
 * @throws {TidemarkPropsError} when some are wrong.
 */
export function validateProps(path: string, props: TidemarkProps): void {
  const found = rules.flatMap(({ wrong, message }) => {
    const values = wrong(props);
    return values.length === 0 ? [] : [`${message} (is ${values.join(', ')})`];
  });
  if (found.length > 0) throw new TidemarkPropsError(path, found);
}

/** What holds for logs of networks, wherever they come from. */
function sourceRules(prop: string, of: (props: TidemarkProps) => readonly FlowLogSource[]): Rule[] {
  return [
    {
      wrong: (props) => of(props).map(({ cluster }) => cluster).filter((name) => !isNamed(name, props.clusters)),
      message: `${prop}: the cluster of each must be among clusters, whose audit log says who has which address`,
    },
    {
      wrong: (props) => known(groups(of(props)).map((source) => source.logGroupName)).filter((name) => !logGroupName.test(name)),
      message: `${prop}: a log group is named as \`aws logs describe-log-groups\` prints it`,
    },
    {
      wrong: (props) => known(of(props).filter(isBucket).map((source) => source.bucketName)).filter((name) => !bucketName.test(name)),
      message: `${prop}: a bucket is named as \`aws s3 ls\` prints it`,
    },
    {
      wrong: (props) => repeated(of(props).map((source) => `${source.cluster}=${isLogGroup(source) ? source.logGroupName : `${source.bucketName}/${source.prefix ?? ''}`}`)),
      message: `${prop}: name each log group and bucket once for a cluster`,
    },
  ];
}

/** Says of a file what is wrong with it, or with what is in it. */
function fileProblems(file: string, problemOf: (text: string) => string | undefined): string[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return [`${file}: the file cannot be read (${(error as NodeJS.ErrnoException).code ?? ''})`];
  }
  const problem = problemOf(text);
  return problem === undefined ? [] : [`${file}: ${problem}`];
}

function groups(sources: readonly FlowLogSource[]): FlowLogGroup[] {
  return sources.filter(isLogGroup);
}

function known(values: readonly string[]): string[] {
  return values.filter((value) => !Token.isUnresolved(value));
}

function repeated(values: readonly string[]): string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}

/** A Tidemark construct was given props that cannot work; the message says which and what would. */
export class TidemarkPropsError extends Error {
  override readonly name = 'TidemarkPropsError' as const;
  constructor(path: string, problems: readonly string[], options?: ErrorOptions) {
    super([`${path} cannot be made like this:`, ...problems.map((problem) => `  ${problem}`)].join('\n'), options);
  }
}
