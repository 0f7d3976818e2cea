import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { nameDetectors } from '../../../../lib/egress/names/detectors.ts';
import type { DnsQuery } from '../../../../lib/egress/query-log.ts';
import { seeded } from '../../states.ts';
import { queries } from './arbitrary.ts';
import { day, hour, minute, mostOf, queryAt, TestAsker } from './asker.ts';

const told = 4.5;
const now = 6 * day;
const coded = (random: () => number, characters: number, alphabet = 'abcdefghijklmnopqrstuvwxyz234567') => Array.from({ length: characters }, () => alphabet.charAt(Math.floor(random() * alphabet.length))).join('');
const many = (count: number, make: (index: number, random: () => number) => DnsQuery) => {
  const random = seeded(7);
  return Array.from({ length: count }, (_, index) => make(index, random));
};
const found = (asker: TestAsker, ...some: readonly DnsQuery[]) => mostOf(asker.look(...some));

describe('tunnels', () => {
  const tunnel = (from: number, domain = 'evil.example.net') => many(200, (index, random) => queryAt(from + index * 1000, `${coded(random, 50)}.${domain}`, { type: 'TXT' }));

  test('are found within minutes', () => {
    expect(found(TestAsker.settled(), ...tunnel(now))['dns-tunnel']).toBeGreaterThan(told);
  });

  test('are found over a day when they are slow', () => {
    const slow = many(150, (index, random) => queryAt(now + index * 9 * minute, `${coded(random, 60)}.evil.net`));
    const most = found(TestAsker.settled(), ...slow);
    expect(most['dns-slow-tunnel']).toBeGreaterThan(told);
    expect(most['dns-tunnel'] ?? 0).toBeLessThan(told);
  });

  test('are not excused by a first day that was too little to tell', () => {
    const asker = TestAsker.settled();
    const slow = (from: number, count: number) => many(count, (index, random) => queryAt(from + index * 9 * minute, `${coded(random, 60)}${String(from)}.evil.net`));
    expect(found(asker, ...slow(now, 20))['dns-slow-tunnel'] ?? 0).toBeLessThan(told);
    expect(found(asker, ...slow(now + day, 36))['dns-slow-tunnel']).toBeGreaterThan(told);
  });

  test('are not taken for usual while they go on, and are told of for six hours', () => {
    const asker = TestAsker.settled();
    expect(found(asker, ...tunnel(now))['dns-tunnel']).toBeGreaterThan(told);
    expect(found(asker, ...tunnel(now + 2 * hour))['dns-tunnel']).toBeGreaterThan(told);
    expect(found(asker, ...tunnel(now + 8 * hour))['dns-tunnel'] ?? 0).toBeLessThan(told);
  });

  test('say how much and below what', () => {
    const [signal] = TestAsker.settled().look(...tunnel(now)).filter(({ detector }) => detector === 'dns-tunnel').slice(-1);
    expect(signal?.words).toMatch(/^looked up \d+ different names below example\.net that look like coded data, \d+ characters in ten minutes$/);
    expect(signal?.why).toBe('nobody in the cluster had looked the domain up before');
  });

  test('are what a virus scanner of another kind looks like only until it is known', () => {
    const asker = new TestAsker();
    const scan = (from: number) => many(60, (index, random) => queryAt(from + index * 1000, `${coded(random, 40)}.scan.example.org`));
    for (let time = 0; time < 7 * day; time += 30 * minute) asker.look(...scan(time));
    expect(Object.values(found(asker, ...scan(7 * day + 10 * minute))).every((decades) => decades < told)).toBe(true);
  });

  test.each<[string, (random: () => number, index: number) => Partial<DnsQuery> & { name: string }]>([
    ['names of words', (_, index) => ({ name: `${['cart', 'users', 'orders', 'search'][index % 4] ?? ''}-eu-${String(index)}.example.net` })],
    ['block lists', (_, index) => ({ name: `${String(index)}.2.0.192.zen.spamhaus.org`, responseCode: 'NXDOMAIN' })],
    ['AWS\'s names', (random) => ({ name: `internal-${coded(random, 30)}.elb.eu-west-1.amazonaws.com` })],
    ['addresses backwards', (random) => ({ name: `${[...coded(random, 32, '0123456789abcdef')].join('.')}.ip6.arpa`, type: 'PTR' })],
    ['the search path', (random) => ({ name: `${coded(random, 40)}.shop.svc.cluster.local.eu-west-1.compute.internal`, responseCode: 'NXDOMAIN' })],
    ['keys of mail', (random) => ({ name: `${coded(random, 32)}._domainkey.example.net`, type: 'TXT' })],
    ['the same name again and again', () => ({ name: 'mzxw6ytboi4dsmjrgiztinjwg44dsmbrgizq.example.net' })],
    ['a few shards', (random, index) => ({ name: `q7x2kd9w${String(index % 20)}.cdn.example.net`, answers: [coded(random, 5)] })],
  ])('are not %s', (_, make) => {
    const asker = TestAsker.settled();
    const most = found(asker, ...many(300, (index, random) => { const { name, ...more } = make(random, index); return queryAt(now + index * 1500, name, more); }));
    expect(Math.max(0, ...Object.values(most))).toBeLessThan(told);
  });
});

describe('mining pools', () => {
  test('are found, once', () => {
    const asker = TestAsker.settled();
    expect(found(asker, queryAt(now, 'xmr-eu1.nanopool.org'))['mining-pool-name']).toBeGreaterThan(told);
    expect(found(asker, queryAt(now + hour, 'xmr-eu1.nanopool.org'))['mining-pool-name']).toBeUndefined();
  });

  test('also in a cluster of which nothing is known', () => {
    expect(found(new TestAsker(), queryAt(0, 'pool.supportxmr.com'))['mining-pool-name']).toBeGreaterThan(told);
  });

  test('are no news by their pages, nor to who goes through a list and does not come back', () => {
    expect(found(TestAsker.settled(), queryAt(now, 'www.nanopool.org'))['mining-pool-name']).toBeLessThan(told);
    const list = many(100, (index) => queryAt(now + index * 1000, `www.site-${String(index)}.com`));
    const crawler = TestAsker.settled();
    expect(found(crawler, ...list, queryAt(now + 200_000, 'eu.nanopool.org'))['mining-pool-name']).toBeLessThan(told);
    expect(found(crawler, queryAt(now + 5 * hour, 'eu.nanopool.org'))['mining-pool-name']).toBeGreaterThan(told);
  });
});

describe('beacons', () => {
  const every = (seconds: number, hours: number, step: (random: () => number) => number = () => 1) => {
    const random = seeded(3);
    const times: DnsQuery[] = [];
    for (let time = now + 17_000; time < now + hours * hour; time += seconds * 1000 * step(random)) times.push(queryAt(time, 'cdn.evil.net'));
    return times;
  };

  test.each([['every minute', 61, 5], ['every ten minutes', 607, 6], ['every hour', 3593, 24]])('are found %s', (_, seconds, hours) => {
    expect(found(TestAsker.settled(), ...every(seconds, hours))['dns-beacon']).toBeGreaterThan(told);
  });

  test('are found with a jitter of a third', () => {
    expect(found(TestAsker.settled(), ...every(600, 12, (random) => 0.7 + 0.6 * random()))['dns-beacon']).toBeGreaterThan(told);
  });

  test.each<[string, DnsQuery[]]>([
    ['an hour of them', every(60, 1)],
    ['what comes at random', every(600, 24, (random) => -Math.log(1 - random()))],
    ['what a cache of half a minute makes regular', every(31, 12)],
    ['a scheduled job', every(600, 24).map((query, index) => ({ ...query, time: query.time - (query.time % 600_000) + (index % 20) * 1000 }))],
    ['what was there from the beginning', every(61, 5).map((query) => ({ ...query, name: 'api.example.com' }))],
  ])('are not %s', (_, some) => {
    expect(found(TestAsker.settled(), ...some)['dns-beacon'] ?? 0).toBeLessThan(told);
  });

  test('are not what others in the cluster did before', () => {
    const { cluster, baseline } = TestAsker.settled();
    const other = new TestAsker(cluster);
    other.look(queryAt(now - day, 'www.evil.net'));
    expect(found(new TestAsker(cluster, baseline), ...every(61, 5))['dns-beacon']).toBeUndefined();
  });
});

describe('generated domains', () => {
  const burst = (make: (random: () => number, index: number) => string) => many(60, (index, random) => queryAt(now + index * 4000, make(random, index), { responseCode: 'NXDOMAIN' }));

  test('are found', () => {
    expect(found(TestAsker.settled(), ...burst((random) => `${coded(random, 14)}.com`))['generated-domains']).toBeGreaterThan(told);
  });

  test.each<[string, (random: () => number, index: number) => string]>([
    ['words', (_, index) => `${['cedar', 'river', 'market', 'garden'][index % 4] ?? ''}house${String(index)}.com`],
    ['one domain', (_, index) => `host-${String(index)}.xkqjzwvtbh.com`],
    ['the search path', (random) => `${coded(random, 14)}.com.eu-west-1.compute.internal`],
    ['single labels', (random) => coded(random, 14)],
  ])('are not %s', (_, make) => {
    expect(found(TestAsker.settled(), ...burst(make))['generated-domains'] ?? 0).toBeLessThan(told);
  });
});

describe('answers that lead inside', () => {
  test.each(['169.254.169.254', 'fd00:ec2::254', '169.254.170.23'])('to credentials are found: %s', (address) => {
    expect(found(TestAsker.settled(), queryAt(now, 'a.rebind.net', { answers: ['cname.example.net', address] }))['metadata-name']).toBeGreaterThan(told);
  });

  test('after they led outside are found', () => {
    expect(found(TestAsker.settled(), queryAt(now, 'a.rebind.net'), queryAt(now + minute, 'a.rebind.net', { answers: ['10.0.0.7'] }))['inward-name']).toBeGreaterThan(told);
  });

  test.each([
    ['always', [queryAt(now, 'db.corp-example.com', { answers: ['10.0.0.7'] })]],
    ['by another name', [queryAt(now, 'a.corp-example.com'), queryAt(now + minute, 'b.corp-example.com', { answers: ['10.0.0.7'] })]],
    ['of a domain that is known', [queryAt(now, 'api.example.com'), queryAt(now + minute, 'api.example.com', { answers: ['10.0.0.7'] })]],
    ['of AWS', [queryAt(now, 'db.abc.eu-west-1.rds.amazonaws.com'), queryAt(now + minute, 'db.abc.eu-west-1.rds.amazonaws.com', { answers: ['10.0.0.7'] })]],
    ['of EC2\'s own', [queryAt(now, 'instance-data.ec2.internal', { answers: ['169.254.169.254'] })]],
  ])('are weak when they lead there %s', (_, some) => {
    expect(Math.max(0, ...Object.values(found(TestAsker.settled(), ...some)))).toBeLessThan(2);
  });
});

describe('services', () => {
  test.each([['c0ffee.oast.fun'], ['abc.trycloudflare.com'], ['webhook.site'], ['expyuzz4wqqyqhjn.onion'], ['tunnel.eu.ngrok.com']])('are found when they are new: %s', (name) => {
    expect(found(TestAsker.settled(), queryAt(now, name))['exfiltration-service-name']).toBeGreaterThan(told);
  });

  test('are no news to who uses them', () => {
    const asker = new TestAsker();
    for (let time = 0; time < now; time += hour) asker.look(queryAt(time, 'tunnel.eu.ngrok.com'));
    expect(asker.look(queryAt(now, 'tunnel.eu.ngrok.com'))).toEqual([]);
  });

  test.each([['www.torproject.org', 'exfiltration-service-name'], ['pastebin.com', 'exfiltration-service-name'], ['home.duckdns.org', 'dynamic-name']])('of a weaker kind do not speak alone: %s', (name, detector) => {
    const decades = found(TestAsker.settled(), queryAt(now, name))[detector];
    expect(decades).toBeGreaterThan(2);
    expect(decades).toBeLessThan(told);
  });
});

test('a listed domain is found, also when it is known, and once', () => {
  const asker = TestAsker.settled();
  const listed = (time: number) => mostOf(asker.lookWith(queryAt(time, 'api.example.com'), { threat: 'example.com' }).signals);
  expect(listed(now)['listed-name']).toBeGreaterThan(told);
  expect(listed(now + hour)).toEqual({});
});

describe('a new name', () => {
  test('is weak evidence', () => {
    const decades = found(TestAsker.settled(), queryAt(now, 'api.new-vendor.com'))['new-name'];
    expect(decades).toBeGreaterThan(1);
    expect(decades).toBeLessThanOrEqual(1.5);
  });

  test('is none where new names are usual, where others know it, and on the first day', () => {
    const { cluster } = TestAsker.settled();
    const curious = new TestAsker(cluster);
    for (let index = 0; index < 300; index++) curious.look(queryAt(now - day + index * 4 * minute, `site-${String(index)}.com`));
    expect(found(curious, queryAt(now, 'one-more.com'))['new-name']).toBeUndefined();
    expect(new TestAsker(cluster).look(queryAt(now, 'example.com'))).toEqual([]);
    expect(new TestAsker().look(queryAt(0, 'a.example.com'), queryAt(hour, 'a.example.net'))).toEqual([]);
  });
});

test('says that the DNS firewall kept an answer back', () => {
  expect(TestAsker.settled().look(queryAt(now, 'pool.supportxmr.com', { blocked: true }))[0]?.words).toContain('kept back by the DNS firewall');
});

test('shows names as one bounded line', () => {
  const [signal] = TestAsker.settled().look(queryAt(now, `a\n\u202e\ud800${'x'.repeat(900)}.oast.fun`));
  expect(signal?.words).toMatch(/^[^\n\u202e\ud800]{1,200}$/);
});

describe('whatever is looked up', () => {
  test('the same again changes nothing and says nothing', () => {
    fc.assert(fc.property(queries, (some) => {
      const asker = new TestAsker();
      for (const query of some) {
        asker.look(query);
        const before = structuredClone(asker.baseline);
        expect(asker.lookWith(query)).toEqual({ changed: false, signals: [] });
        expect(asker.baseline).toEqual(before);
      }
    }), { numRuns: 150 });
  });

  test('signals are bounded and their detectors known', () => {
    fc.assert(fc.property(queries, (some) => {
      for (const { detector, decades, words, why, key } of TestAsker.settled().look(...some)) {
        expect(nameDetectors.has(detector)).toBe(true);
        expect(decades).toBeGreaterThanOrEqual(1);
        expect(decades).toBeLessThanOrEqual(7);
        expect(Math.max(words.length, why.length, key.length)).toBeLessThan(400);
      }
    }), { numRuns: 10 });
  });

  test('a delivery given again changes nothing', () => {
    const asker = TestAsker.settled();
    const delivery = many(150, (index, random) => queryAt(now + index * 2000, `${coded(random, 40)}.d${String(index % 4)}.evil.net`, { responseCode: index % 3 === 0 ? 'NXDOMAIN' : 'NOERROR' }));
    asker.look(...delivery);
    const before = structuredClone(asker.baseline);
    expect(asker.look(...delivery)).toEqual([]);
    expect(asker.baseline).toEqual(before);
  });
});
