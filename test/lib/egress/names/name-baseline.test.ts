import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { isUsualInCluster, nameMaturity, newNameBaseline } from '../../../../lib/egress/names/name-baseline.ts';
import { windowOf } from '../../../../lib/time.ts';
import { seeded } from '../../states.ts';
import { day, hour, minute, monday, queryAt, TestAsker } from './asker.ts';

const maxBytes = 20 * 1024;
const sizeOf = (baseline: unknown) => deflateRawSync(JSON.stringify(baseline)).length;

describe('stays small', () => {
  test('whatever an asker looks up', () => {
    const random = seeded(5);
    const text = (length: number) => Array.from({ length }, () => 'abcdefghijklmnopqrstuvwxyz0123456789'.charAt(Math.floor(random() * 36))).join('');
    const domains = Array.from({ length: 500 }, () => `${text(60)}.${text(60)}.com`);
    const asker = new TestAsker();
    for (let index = 0; index < 10_000; index++) {
      const domain = domains[Math.floor(random() * domains.length)] ?? '';
      const name = `${text(60)}.${text(60)}.${random() < 0.5 ? domain : `${text(30)}.com`}`;
      asker.look(queryAt(index * 60_000, random() < 0.05 ? `${text(8)}.oast.fun` : name, { type: 'TXT', responseCode: random() < 0.3 ? 'NXDOMAIN' : 'NOERROR', answers: ['203.0.113.9'] }));
    }
    expect(sizeOf(asker.baseline)).toBeLessThan(maxBytes);
    expect(JSON.parse(JSON.stringify(asker.baseline))).toEqual(asker.baseline);
  });

  test('when times jump about', () => {
    const random = seeded(6);
    const asker = new TestAsker();
    for (let index = 0; index < 3000; index++) asker.look(queryAt(Math.floor(random() * 300) * day, `x7kq9z2wv8b4${String(index)}.d${String(index % 50)}.com`));
    expect(asker.baseline.open.length).toBeLessThanOrEqual(5);
    expect(asker.baseline.days.length).toBeLessThanOrEqual(3);
    expect(sizeOf(asker.baseline)).toBeLessThan(maxBytes);
  });
});

test('goes on from JSON as if nothing had happened', () => {
  const whole = TestAsker.settled();
  const kept = new TestAsker(structuredClone(whole.cluster), JSON.parse(JSON.stringify(whole.baseline)) as typeof whole.baseline);
  const query = queryAt(6 * day, 'xmr-eu1.nanopool.org');
  expect(kept.look(query)).toEqual(whole.look(query));
});

test('knows an asker well after four days', () => {
  const asker = new TestAsker();
  expect(nameMaturity(asker.baseline, windowOf(monday))).toBe(0);
  asker.look(queryAt(0, 'example.com'));
  expect(nameMaturity(asker.baseline, windowOf(monday + 2 * day))).toBeCloseTo(0.5);
  expect(nameMaturity(asker.baseline, windowOf(monday + 9 * day))).toBe(1);
});

describe('what is usual in the cluster', () => {
  const own = newNameBaseline();
  const asker = new TestAsker();
  asker.look(queryAt(0, 'www.example.com'));
  const isUsual = (time: number, domain = 'example.com') => isUsualInCluster(asker.cluster, own, { domain, window: windowOf(monday + time) });

  test('is what others looked up in the past', () => {
    expect(isUsual(hour)).toBe(true);
    expect(isUsual(minute)).toBe(false);
    expect(isUsual(hour, 'example.net')).toBe(false);
  });

  test('is not what the asker itself began', () => {
    expect(isUsualInCluster(asker.cluster, asker.baseline, { domain: 'example.com', window: windowOf(monday + day) })).toBe(false);
  });
});
