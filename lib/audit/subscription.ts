import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod';
import { clusterIdOf, clusterOfLogGroup, regionOfFilter, type Home } from '../cluster.ts';
import { parseJson } from '../text.ts';

/** No delivery that CloudWatch Logs makes unpacks to more; more is an attempt to exhaust memory. */
const maxUnpackedBytes = 64 * 1024 * 1024;

const auditStreamPrefix = 'kube-apiserver-audit';

/** A log stream, as deliveries name it. */
export const logStreamSchema = z.object({
  /** The account whose log it is; AWS writes that, no sender can. */
  owner: z.string().max(100).optional(),
  logGroup: z.string().max(600),
  logStream: z.string().max(600),
  subscriptionFilters: z.array(z.string().max(600)).max(100).readonly().optional(),
});

/** A log stream, as deliveries name it. */
export type LogStream = z.output<typeof logStreamSchema>;

/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html */
const messageSchema = logStreamSchema.extend({
  messageType: z.enum(['DATA_MESSAGE', 'CONTROL_MESSAGE']),
  logEvents: z.array(z.object({ message: z.string() })),
});

/** A delivery of one log stream's records. */
export interface SubscriptionMessage {
  /** The cluster's id by the log group `/aws/eks/NAME/cluster` and where that is; else the log group's own name. */
  readonly cluster: string;
  readonly logStream: LogStream;
  /** `logGroup/logStream`, after the cluster's id when that says where it is. */
  readonly source: string;
  /** `audit` for the API server's audit log, `other` for any other stream, `control` when CloudWatch only checks that it can deliver. */
  readonly kind: 'audit' | 'other' | 'control';
  readonly records: readonly string[];
}

/**
 * Unpacks a CloudWatch Logs subscription payload: gzip of a JSON message. With `home`, where deliveries come of whole accounts, only log
 * groups of EKS hold audit logs, and a cluster elsewhere has an id that says where.
 * @throws {UnreadablePayloadError} when it is none.
 */
export function readSubscription(payload: Uint8Array, home?: Home): SubscriptionMessage {
  const json = parseJson(unpack(payload));
  if (json === undefined) throw new UnreadablePayloadError('the payload holds no JSON');
  const parsed = messageSchema.safeParse(json);
  if (!parsed.success) throw new UnreadablePayloadError('the payload is no message of CloudWatch Logs');
  const { messageType, logEvents, ...from } = parsed.data;
  const { owner, logGroup, logStream, subscriptionFilters = [] } = from;
  const isOfCluster = home === undefined || clusterOfLogGroup(logGroup) !== undefined;
  const kind = isOfCluster && logStream.startsWith(auditStreamPrefix) ? 'audit' : 'other';
  const region = subscriptionFilters.map(regionOfFilter).find((one) => one !== undefined);
  const name = clusterOf(logGroup);
  const cluster = clusterIdOf({ name, account: owner, region }, home);
  return {
    cluster,
    logStream: from,
    source: `${cluster === name ? '' : `${cluster}: `}${logGroup}/${logStream}`,
    kind: messageType === 'CONTROL_MESSAGE' ? 'control' : kind,
    records: logEvents.map(({ message }) => message),
  };
}

/** Packs records of a log stream as CloudWatch Logs does for a subscription; `timestamp` is theirs, in milliseconds since the epoch. */
export function packSubscription(from: LogStream, records: readonly string[], timestamp = 0): Uint8Array {
  const logEvents = records.map((message, index) => ({ id: String(index), timestamp, message }));
  return gzipSync(JSON.stringify({ messageType: 'DATA_MESSAGE', ...from, logEvents }));
}

function unpack(payload: Uint8Array): string {
  try {
    return gunzipSync(payload, { maxOutputLength: maxUnpackedBytes }).toString();
  } catch (cause) {
    throw new UnreadablePayloadError('the payload is no whole gzip data', { cause });
  }
}

/** Gives the cluster by the log group `/aws/eks/NAME/cluster`, else the log group's own name. */
export function clusterOf(logGroup: string): string {
  return (clusterOfLogGroup(logGroup) ?? logGroup).slice(0, 256) || 'unknown';
}

/** A payload cannot be read at all. It goes to the dead letters whole. */
export class UnreadablePayloadError extends Error {
  override readonly name = 'UnreadablePayloadError' as const;
}
