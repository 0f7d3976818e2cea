import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import type { LogHistory } from '../lib/backfill/log-history.ts';
import { Pace, requestsPerSecond } from '../lib/backfill/pace.ts';
import { auditLogGroup } from '../lib/cluster.ts';
import { historyPlaceOf } from './history-role.ts';
import { CloudWatchLogHistory, historyClientSettings } from './log-history.ts';

/** What a cluster's log still holds, and how fast it may be asked for: each account and region has a quota. */
export interface ClusterLog {
  readonly history: LogHistory;
  readonly pace: Pace;
}

/** By what the logs of an account and region are read. */
interface Place {
  readonly client: CloudWatchLogsClient;
  readonly pace: Pace;
}

/**
 * Gives each cluster's log: at home read with the function's own credentials, elsewhere with those of the role that the account has for it
 * (`roleTemplate`: an ARN with `{account}` and `{region}` in it). All of one account and region share a client, made when first asked for.
 */
export async function clusterLogs(roleTemplate: string | undefined): Promise<(cluster: string) => ClusterLog> {
  const client = new CloudWatchLogsClient(historyClientSettings);
  const home = { client, pace: new Pace(requestsPerSecond(await client.config.region())) };
  const elsewhere = new Map<string, Place>();
  const placeOf = (cluster: string): Place => {
    const place = historyPlaceOf(cluster, roleTemplate);
    if (!place) return home;
    const { region, roleArn } = place;
    const made = elsewhere.get(roleArn) ?? {
      client: new CloudWatchLogsClient({ ...historyClientSettings, region, credentials: fromTemporaryCredentials({ params: { RoleArn: roleArn, RoleSessionName: 'tidemark-history' }, clientConfig: { region } }) }),
      pace: new Pace(requestsPerSecond(region)),
    };
    elsewhere.set(roleArn, made);
    return made;
  };
  return (cluster) => {
    const { client: reader, pace } = placeOf(cluster);
    return { history: new CloudWatchLogHistory(reader, auditLogGroup(cluster)), pace };
  };
}
