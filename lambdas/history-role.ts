import { clusterPartsOf } from '../lib/cluster.ts';

/** Names the environment variable that has the ARN of a history role, with `{account}` and `{region}` in it for those of the cluster. */
export const historyRoleVariable = 'HISTORY_ROLE';

/** Gives the name of the role by which a deployment reads the logs of the clusters of an account and region that send to it; `region` may be a token. */
export function historyRoleName(region: string): string {
  return `tidemark-history-${region}`;
}

/** Where a cluster elsewhere is, and by which role its log is read. */
export interface HistoryPlace {
  readonly region: string;
  readonly roleArn: string;
}

/** Says by which role a cluster's log is read; `undefined` when it is at home, or nobody knows where it is. */
export function historyPlaceOf(cluster: string, roleTemplate: string | undefined): HistoryPlace | undefined {
  const { account, region } = clusterPartsOf(cluster);
  if (roleTemplate === undefined || account === undefined || region === undefined) return undefined;
  return { region, roleArn: roleTemplate.replace('{account}', account).replace('{region}', region) };
}
