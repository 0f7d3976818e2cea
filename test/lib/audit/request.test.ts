import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { requestsOf, requestWords } from '../../../lib/audit/request.ts';
import { apiRequest, auditEvent } from '../requests.ts';

const stages = ['RequestReceived', 'ResponseStarted', 'Panic', 'ResponseComplete'] as const;
const stage = (name: string, auditID: string, given: Record<string, unknown> = {}) => auditEvent({ stage: name, auditID, ...given });
const requestOf = (given: Record<string, unknown>) => requestsOf([auditEvent(given)])[0];

describe('takes stages together', () => {
  test('in any order, repeated or not, each request once', () => {
    const events = fc.shuffledSubarray(['a', 'b', 'c'].flatMap((id) => stages.flatMap((name) => [stage(name, id), stage(name, id)])), { minLength: 1 });
    fc.assert(fc.property(events, (some) => {
      const told = new Set(some.filter((event) => event.stage !== 'RequestReceived').map(({ auditID }) => auditID));
      expect(requestsOf(some).map(({ auditId }) => auditId).sort()).toEqual([...told].sort());
    }));
  });

  test.each([
    ['ResponseComplete', ['RequestReceived', 'ResponseComplete', 'ResponseStarted']],
    ['Panic', ['ResponseStarted', 'Panic']],
    ['ResponseStarted', ['ResponseStarted', 'RequestReceived']],
  ])('by what %s tells', (best, names) => {
    const codes: Record<string, number> = { ResponseStarted: 101, Panic: 500, ResponseComplete: 200 };
    expect(requestsOf(names.map((name) => stage(name, 'a', { responseStatus: { code: codes[name] } })))).toMatchObject([{ code: codes[best] }]);
  });

  test('leaves what has only been received', () => {
    expect(requestsOf([stage('RequestReceived', 'a', { responseStatus: undefined })])).toEqual([]);
  });

  test('leaves routine', () => {
    expect(requestsOf([auditEvent({ user: { username: 'system:apiserver' }, requestURI: '/livez' })])).toEqual([]);
  });

  test('but not two requests to which a caller gave one audit id', () => {
    const secret = { requestURI: '/api/v1/secrets', verb: 'list', objectRef: { resource: 'secrets' }, requestReceivedTimestamp: '2026-03-02T09:00:01.000000Z' };
    expect(requestsOf([stage('ResponseComplete', 'a'), stage('ResponseComplete', 'a', secret)]).map(({ verb }) => verb)).toEqual(['get', 'list']);
  });
});

describe('reads of an event', () => {
  test.each([
    ['pods/exec', { resource: 'pods', subresource: 'exec' }],
    ['apps/deployments/status', { apiGroup: 'apps', resource: 'deployments', subresource: 'status' }],
    ['', undefined],
    ['', {}],
  ])('the resource "%s"', (resource, objectRef) => { expect(requestOf({ objectRef })?.resource).toBe(resource); });

  test.each([
    ['ok', 200], ['ok', 101], ['ok', 302], ['ok', undefined], ['refused', 401], ['refused', 403], ['missing', 404], ['missing', 410], ['failed', 400], ['failed', 409], ['failed', 500],
  ])('the outcome %s of the status %s', (outcome, code) => { expect(requestOf({ responseStatus: { code } })?.outcome).toBe(outcome); });

  test('the path and the query, whole or broken', () => {
    const request = requestOf({ requestURI: '/api/v1/pods/a/exec?command=sh&command=-c&x=%zz?y' });
    expect(request?.path).toBe('/api/v1/pods/a/exec');
    expect(request?.query.getAll('command')).toEqual(['sh', '-c']);
    expect([...(requestOf({ requestURI: '/a' })?.query ?? [['x']])]).toEqual([]);
  });

  test('the address that the API server saw, not those that a header claims', () => {
    expect(requestOf({ sourceIPs: ['10.0.0.1', '192.0.2.7', '203.0.113.9'] })).toMatchObject({ address: '203.0.113.9', network: { block: '203.0.113.0/24' } });
    expect(requestOf({ sourceIPs: [] })).toMatchObject({ address: '', network: { block: 'unknown' } });
    expect(requestOf({ sourceIPs: ['x'.repeat(1000)] })?.address).toHaveLength(45);
  });

  test.each([
    ['JTI=one', { 'authentication.kubernetes.io/credential-id': ['JTI=one'], accessKeyId: ['ASIA1'] }],
    ['ASIA1', { accessKeyId: ['ASIA1'] }],
    ['', { accessKeyId: [] }],
    ['', undefined],
  ])('the credential "%s"', (credential, extra) => { expect(requestOf({ user: { username: 'a', extra } })?.credential).toBe(credential); });

  test('the id of the token that was issued', () => {
    expect(requestOf({ annotations: { 'authentication.kubernetes.io/issued-credential-id': 'JTI=one' } })?.issuedCredential).toBe('JTI=one');
    expect(requestOf({ annotations: null })?.issuedCredential).toBe('');
  });

  test('the time in milliseconds, and an order to the microsecond', () => {
    const [one, other] = ['100', '200'].map((micros) => requestOf({ requestReceivedTimestamp: `2026-03-02T09:00:00.000${micros}Z` }));
    expect(one?.time).toBe(other?.time);
    expect((one?.order ?? '') < (other?.order ?? '')).toBe(true);
  });
});

describe('says a request in words', () => {
  test('by verb, object and namespace', () => {
    expect(requestWords(apiRequest({ address: '203.0.113.9' }))).toBe('get configmaps cart in shop from 203.0.113.9: 200');
    expect(requestWords(apiRequest({ resource: '', namespace: '', name: '', path: '/metrics', address: '' }))).toBe('get /metrics from unknown: 200');
  });

  test('without what was given in the query, which may be secret', () => {
    const request = requestOf({ requestURI: '/api/v1/namespaces/shop/pods/a/exec?command=hunter2', objectRef: undefined });
    expect(request && requestWords(request)).not.toContain('hunter2');
  });
});
