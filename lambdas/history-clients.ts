import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { Pace, requestsPerSecond } from '../lib/backfill/pace.ts';
import { historyPlaceOf } from './history-role.ts';
import { historyClientSettings } from './log-history.ts';

/** A client for the logs of an account and region, and how fast these may be asked for. */
export interface HistoryClient {
  readonly client: CloudWatchLogsClient;
  readonly pace: Pace;
}

/**
 * Gives the client by which each cluster's log is read: at home with the function's own credentials, elsewhere with those of the role that the
 * account has for it (`roleTemplate`: an ARN with `{account}` and `{region}` in it). One for each account and region, made when first asked for.
 */
export async function historyClients(roleTemplate: string | undefined): Promise<(cluster: string) => HistoryClient> {
  const home = new CloudWatchLogsClient(historyClientSettings);
  const atHome = { client: home, pace: new Pace(requestsPerSecond(await home.config.region())) };
  const elsewhere = new Map<string, HistoryClient>();
  return (cluster) => {
    const place = historyPlaceOf(cluster, roleTemplate);
    if (!place) return atHome;
    const { region, roleArn } = place;
    const made = elsewhere.get(roleArn) ?? {
      client: new CloudWatchLogsClient({ ...historyClientSettings, region, credentials: fromTemporaryCredentials({ params: { RoleArn: roleArn, RoleSessionName: 'tidemark-history' }, clientConfig: { region } }) }),
      pace: new Pace(requestsPerSecond(region)),
    };
    elsewhere.set(roleArn, made);
    return made;
  };
}
