import { describe, expect, test } from '@jest/globals';
import { isInsideName, isReadByProvider, miningPoolOf, serviceOf } from '../../../../lib/egress/names/name-lists.ts';

test.each([['localhost', true], ['cart.shop.svc.cluster.local', true], ['api.example.com.eu-west-1.compute.internal', true], ['4.3.2.1.in-addr.arpa', true], ['', true], ['example.com', false], ['internal.example.com', false]])('%s stays inside: %s', (name, is) => {
  expect(isInsideName(name)).toBe(is);
});

test.each([['q.sqs.eu-west-1.amazonaws.com', true], ['4.3.2.1.zen.spamhaus.org', true], ['amazonaws.com', true], ['amazonaws.com.example.net', false], ['notamazonaws.com', false]])('%s is read by a provider: %s', (name, is) => {
  expect(isReadByProvider(name)).toBe(is);
});

describe('mining pools', () => {
  test.each([
    ['xmr-eu1.nanopool.org', { pool: 'nanopool.org', isServer: true }],
    ['www.nanopool.org', { pool: 'nanopool.org', isServer: false }],
    ['nanopool.org', { pool: 'nanopool.org', isServer: false }],
    ['stratum.example.com', { pool: 'example.com', isServer: true }],
    ['xmr-eu1.example.com', { pool: 'example.com', isServer: true }],
    ['stratum.com', undefined],
    ['pool.example.com', undefined],
    ['notnanopool.org', undefined],
    ['', undefined],
  ])('%s', (name, pool) => {
    expect(miningPoolOf(name)).toEqual(pool);
  });
});

describe('services', () => {
  test.each([
    ['c0ffee.oast.fun', { service: 'oast.fun', kind: 'call-back', isSite: false }],
    ['abc.trycloudflare.com', { service: 'trycloudflare.com', kind: 'tunnel', isSite: false }],
    ['webhook.site', { service: 'webhook.site', kind: 'drop', isSite: false }],
    ['expyuzz4wqqyqhjn.onion', { service: 'onion', kind: 'anonymity', isSite: false }],
    ['www.torproject.org', { service: 'torproject.org', kind: 'anonymity-software', isSite: true }],
    ['home.duckdns.org', { service: 'duckdns.org', kind: 'dynamic', isSite: false }],
    ['toast.fun', undefined],
    ['example.com', undefined],
    ['.', undefined],
  ])('%s', (name, service) => {
    expect(serviceOf(name)).toEqual(service);
  });
});
