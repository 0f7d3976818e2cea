import { gzipSync } from 'node:zlib';
import { cluster } from './sample.ts';

/** Fields of a CloudWatch Logs subscription message. */
export interface MessageFields {
  readonly messageType?: string;
  readonly logGroup?: string;
  readonly logStream?: string;
  readonly owner?: string | undefined;
  readonly subscriptionFilters?: readonly string[];
}

/** A subscription payload of records, as gzip bytes. */
export function payloadOf(records: readonly string[], fields: MessageFields = {}): Buffer {
  const message = {
    messageType: 'DATA_MESSAGE',
    owner: '111122223333',
    logGroup: `/aws/eks/${cluster}/cluster`,
    logStream: 'kube-apiserver-audit-0123456789abcdef0123456789abcdef',
    subscriptionFilters: ['tidemark'],
    logEvents: records.map((message, index) => ({ id: String(index).padStart(56, '0'), timestamp: 0, message })),
    ...fields,
  };
  return gzipSync(JSON.stringify(message), { level: 1 });
}
