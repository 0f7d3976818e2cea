/** An account and region of AWS. */
export interface Home {
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
}

/** What a cluster's id says: its name, and where it is as far as that is known; at home neither is said. */
export interface ClusterParts {
  readonly name: string;
  readonly account?: string | undefined;
  readonly region?: string | undefined;
}

/** Stands in a list of clusters for every one of the deployment's account and region, those that are yet to be made among them. */
export const everyCluster = '*';

/** Names of subscription filters and account policies by which a delivery says its region, which nothing else in it does. */
const filterPrefix = 'tidemark-';
/** Source: https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html */
const region = /^[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}$/;
const foreignId = /^(\d{12})\/(?:([a-z\d-]+)\/)?([^/]+)$/;

/** Whether a text has the form of an AWS region's name. */
export function isRegion(text: string): boolean {
  return region.test(text);
}

/** Gives the name of the filter or account policy that sends the logs of a region; `region` may be a token that becomes one. */
export function filterNameFor(regionName: string): string {
  return `${filterPrefix}${regionName}`;
}

/** Gives the region that a filter's name says; `undefined` when it says none. */
export function regionOfFilter(filterName: string): string | undefined {
  const rest = filterName.startsWith(filterPrefix) ? filterName.slice(filterPrefix.length) : '';
  return isRegion(rest) ? rest : undefined;
}

/** Gives the name of the cluster whose log group this is, `/aws/eks/NAME/cluster`; `undefined` when it is another. */
export function clusterOfLogGroup(logGroup: string): string | undefined {
  return /^\/aws\/eks\/([^/]{1,100})\/cluster$/.exec(logGroup)?.[1];
}

/** Whether something is at home: what does not say where it is, is. */
export function isAtHome({ account, region: regionName }: Omit<ClusterParts, 'name'>, home: Home): boolean {
  return account === undefined || (account === home.account && (regionName ?? home.region) === home.region);
}

/**
 * Gives a cluster's id: at home, or where nothing is known of where it is, its name; elsewhere `ACCOUNT/REGION/NAME`, or `ACCOUNT/NAME`
 * when its region is not known. No cluster's name has a slash, so nobody elsewhere can have an id of a cluster at home.
 */
export function clusterIdOf(parts: ClusterParts, home: Home | undefined): string {
  if (!home || isAtHome(parts, home)) return parts.name;
  return [parts.account, parts.region, parts.name].filter((part) => part !== undefined).join('/');
}

/** Gives what a cluster's id says. */
export function clusterPartsOf(id: string): ClusterParts {
  const [, account, regionName, name] = foreignId.exec(id) ?? [];
  if (account === undefined || name === undefined) return { name: id };
  return { name, account, region: regionName };
}

/** Gives a command of AWS's command line as it is to be said of a cluster: where it is elsewhere, with its region and whose credentials. */
export function commandAt(clusterId: string, command: string): string {
  const { account, region: regionName } = clusterPartsOf(clusterId);
  return `${command}${regionName === undefined ? '' : ` --region ${regionName}`}${account === undefined ? '' : ` (with credentials of account ${account})`}`;
}

/** Whether a cluster is among those that a deployment names, of its own account and region. */
export function isNamed(clusterId: string, named: readonly string[]): boolean {
  return named.includes(clusterId) || (named.includes(everyCluster) && clusterPartsOf(clusterId).account === undefined);
}

/** The log group to which EKS writes a cluster's audit log. Source: https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html */
export function auditLogGroup(clusterId: string): string {
  return `/aws/eks/${clusterPartsOf(clusterId).name}/cluster`;
}

/**
 * The log group of a cluster as CloudWatch Logs is asked for it from home: elsewhere by its ARN, which answers where the account is
 * monitored from home (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Unified-Cross-Account.html).
 */
export function auditLogGroupAt(clusterId: string): string {
  const { account, region: regionName } = clusterPartsOf(clusterId);
  return account === undefined || regionName === undefined ? auditLogGroup(clusterId) : `arn:aws:logs:${regionName}:${account}:log-group:${auditLogGroup(clusterId)}`;
}
