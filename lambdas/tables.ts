import { clustersKey, heartbeatKey, learningKey, metClustersKey } from '../lib/engine/state-keys.ts';
import { canaryCluster } from '../lib/watch/canary.ts';

/** The tables as both the deployed template and the embedded runner create them: one place for names and keys. */

/** State: one item per identity, peer group, cluster and delivery. Attributes: key, version, bytes, expiresAt (TTL). */
export const stateTable = { partitionKey: 'key', timeToLive: 'expiresAt' } as const;

/** What keys of marks of pushes begin with. */
export const pushMark = 'push#';

/** Keys of the state items that these functions may touch, `*` standing for anything: what was learned is none of their business. */
export const stateKeys = {
  notify: [`${pushMark}*`, heartbeatKey(canaryCluster)],
  watch: [clustersKey, metClustersKey('*'), heartbeatKey('*'), learningKey('*')],
  /** People who have a cluster be forgotten. */
  forget: [metClustersKey('*')],
} as const;

/** Findings: one item per finding under its id, with an index for each way people look for them. */
export const findingsTable = {
  partitionKey: 'id',
  timeToLive: 'expiresAt',
  /** Each index sorts by `raisedAt` (ISO 8601, so text order is time order) and carries the whole finding. */
  indexes: [
    { name: 'by-cluster', partitionKey: 'cluster', sortKey: 'raisedAt' },
    { name: 'by-identity', partitionKey: 'identity', sortKey: 'raisedAt' },
    { name: 'by-status-and-severity', partitionKey: 'statusAndSeverity', sortKey: 'raisedAt' },
  ],
} as const;

/** Names of the environment variables through which a deployed function learns its surroundings. */
export const environment = {
  stateTable: 'STATE_TABLE',
  findingsTable: 'FINDINGS_TABLE',
  topic: 'TOPIC_ARN',
  deadLetters: 'DEAD_LETTER_QUEUE_URL',
  /** The deployment's account, where clusters come in that it does not name. */
  homeAccount: 'HOME_ACCOUNT',
} as const;
