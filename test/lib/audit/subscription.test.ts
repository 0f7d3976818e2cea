import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readSubscription, UnreadablePayloadError } from '../../../lib/audit/subscription.ts';
import { subscriptionPayload } from '../../lambdas/deliveries.ts';

/** A payload with fields replaced. */
function payload(given: Record<string, unknown> = {}): Buffer {
  const message = { messageType: 'DATA_MESSAGE', logGroup: '/aws/eks/prod/cluster', logStream: 'kube-apiserver-audit-0', logEvents: [{ id: '1', timestamp: 1, message: 'one' }] };
  return gzipSync(JSON.stringify({ ...message, ...given }));
}

describe('reads', () => {
  test('the records of an audit stream, whatever is in them', () => {
    const records = ['', '{}', 'a\u0000b', '\ud83d\ude00', 'x'.repeat(1_000_000)];
    expect(readSubscription(subscriptionPayload(records))).toMatchObject({ kind: 'audit', cluster: 'prod', records });
  });

  test.each([
    ['audit', 'kube-apiserver-audit-0123456789abcdef'],
    ['other', 'kube-apiserver-0123456789abcdef'],
    ['other', 'authenticator-0123456789abcdef'],
    ['other', 'kube-scheduler-0123456789abcdef'],
    ['other', ''],
  ])('as %s the stream "%s"', (kind, logStream) => { expect(readSubscription(payload({ logStream })).kind).toBe(kind); });

  test('as control a check that it can be delivered', () => {
    expect(readSubscription(payload({ messageType: 'CONTROL_MESSAGE', logGroup: '', logStream: '' })).kind).toBe('control');
  });

  test.each([
    ['prod', '/aws/eks/prod/cluster'],
    ['my-own-group', 'my-own-group'],
    ['/aws/eks/a/b/cluster', '/aws/eks/a/b/cluster'],
    ['/aws/eks//cluster', '/aws/eks//cluster'],
    ['unknown', ''],
    ['x'.repeat(256), 'x'.repeat(600)],
  ])('as the cluster %s the log group %s', (cluster, logGroup) => { expect(readSubscription(payload({ logGroup })).cluster).toBe(cluster); });

  test('the source as group and stream', () => {
    expect(readSubscription(payload()).source).toBe('/aws/eks/prod/cluster/kube-apiserver-audit-0');
  });
});

describe('where deliveries come of whole accounts', () => {
  const home = { account: '111122223333', region: 'eu-west-1' };
  const clusterOf = (given: Record<string, unknown>) => readSubscription(payload(given), home).cluster;

  test.each([
    ['prod', { owner: home.account }],
    ['prod', { owner: home.account, subscriptionFilters: ['tidemark-eu-west-1'] }],
    ['111122223333/us-east-1/prod', { owner: home.account, subscriptionFilters: ['tidemark-us-east-1'] }],
    ['444455556666/eu-west-1/prod', { owner: '444455556666', subscriptionFilters: ['other', 'tidemark-eu-west-1'] }],
    ['444455556666/prod', { owner: '444455556666', subscriptionFilters: ['of another name'] }],
    ['444455556666/prod', { owner: '444455556666' }],
  ])('the cluster is %s by %j', (cluster, given) => { expect(clusterOf(given)).toBe(cluster); });

  test('the source says of which cluster a record was that cannot be read', () => {
    expect(readSubscription(payload({ owner: '444455556666' }), home).source).toBe('444455556666/prod: /aws/eks/prod/cluster/kube-apiserver-audit-0');
    expect(readSubscription(payload({ owner: home.account }), home).source).toBe('/aws/eks/prod/cluster/kube-apiserver-audit-0');
  });

  test.each(['my-own-group', '/aws/eks/a/b/cluster', ''])('the log group "%s" is no audit log, whatever its streams are called', (logGroup) => {
    expect(readSubscription(payload({ logGroup }), home).kind).toBe('other');
    expect(readSubscription(payload({ logGroup })).kind).toBe('audit');
  });
});

describe('refuses', () => {
  test.each<[string, Uint8Array, string]>([
    ['nothing', new Uint8Array(), 'the payload is no whole gzip data'],
    ['text', Buffer.from('hello'), 'the payload is no whole gzip data'],
    ['a payload that was cut off', payload().subarray(0, -12), 'the payload is no whole gzip data'],
    ['a payload that unpacks to more than there can be', gzipSync(Buffer.alloc(65 * 1024 * 1024)), 'the payload is no whole gzip data'],
    ['gzip of no JSON', gzipSync('hello'), 'the payload holds no JSON'],
    ['gzip of half a message', gzipSync('{"messageType":'), 'the payload holds no JSON'],
    ['a list', gzipSync('[]'), 'the payload is no message of CloudWatch Logs'],
    ['a message of another type', payload({ messageType: 'OTHER' }), 'the payload is no message of CloudWatch Logs'],
    ['a message without records', payload({ logEvents: undefined }), 'the payload is no message of CloudWatch Logs'],
    ['an owner that is no text', payload({ owner: 7 }), 'the payload is no message of CloudWatch Logs'],
    ['records that are no text', payload({ logEvents: [{ message: { kind: 'Event' } }] }), 'the payload is no message of CloudWatch Logs'],
  ])('%s', (_, bytes, message) => {
    expect(() => readSubscription(bytes)).toThrow(expect.objectContaining({ name: 'UnreadablePayloadError', message }));
  });

  test('any bytes that are none, by the same error', () => {
    fc.assert(fc.property(fc.oneof(fc.uint8Array(), fc.json().map((json) => gzipSync(json))), (bytes) => {
      expect(() => readSubscription(bytes)).toThrow(UnreadablePayloadError);
    }));
  });
});
