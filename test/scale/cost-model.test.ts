import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { coefficientsFor, estimateMonth, guardDutyPrice, secondsPerMonth } from './cost-model.ts';
import { measured } from './measured.ts';

describe('a month', () => {
  test('of 100 million events of one cluster costs at most a tenth of what GuardDuty asks', () => {
    const { total } = estimateMonth(measured, { clusters: 1, eventsPerMonth: 100e6, intake: 'direct' });
    expect(total).toBeGreaterThan(1);
    expect(total).toBeLessThanOrEqual((guardDutyPrice(100e6) ?? 0) / 10);
  });

  test('is reckoned by a log that is no denser than a cluster\'s', () => {
    const densest = Math.max(...measured.map(({ eventsPerSecond }) => eventsPerSecond));
    const used = (clusters: number, eventsPerSecond: number) => coefficientsFor(measured, { clusters, eventsPerMonth: eventsPerSecond * secondsPerMonth, intake: 'direct' }).eventsPerSecond;
    expect([used(1, 0.001), used(1, 0.5), used(1, 5), used(10, 5), used(1, 1e6)]).toEqual([0.1, 0.1, 1, 0.1, densest]);
  });

  test('is the sum of its parts', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 1, max: 1e11 }), fc.constantFrom('direct' as const, 'stream' as const), (clusters, eventsPerMonth, intake) => {
      const month = estimateMonth(measured, { clusters, eventsPerMonth, intake });
      expect(month.total).toBeCloseTo(Object.values(month.dollars).reduce((sum, one) => sum + one), 5);
      expect(Math.min(...Object.values(month.dollars))).toBeGreaterThanOrEqual(0);
      expect(month.limits.map(({ share }) => share)).toEqual(month.limits.map(({ share }) => share).sort((one, other) => other - one));
    }));
  });

  test('of a hundred clusters is paid for once what is there once', () => {
    const [one, hundred] = [1, 100].map((clusters) => estimateMonth(measured, { clusters, eventsPerMonth: 1e6, intake: 'direct' }));
    expect((hundred?.dollars.fixed ?? 0) - (one?.dollars.fixed ?? 0)).toBeCloseTo(0.3);
    // When each spoke is noted every five minutes.
    expect((hundred?.writeUnits ?? 0) - (one?.writeUnits ?? 0)).toBeCloseTo(99 * (8760 + 730));
  });

  test('is charged for traces of some calls only', () => {
    const [few, many] = [1e6, 1e9].map((eventsPerMonth) => estimateMonth(measured, { clusters: 10_000, eventsPerMonth, intake: 'direct' }).dollars['logs and traces']);
    expect((many ?? 0) / (few ?? 1)).toBeLessThan(500);
  });

  test('without an event costs what is there anyway', () => {
    const { total, dollars } = estimateMonth(measured, { clusters: 1, eventsPerMonth: 0, intake: 'direct' });
    expect(total - dollars.fixed).toBeLessThan(0.05);
  });

  test('of a stream costs the stream more', () => {
    const [direct, stream] = (['direct', 'stream'] as const).map((intake) => estimateMonth(measured, { clusters: 1, eventsPerMonth: 100e6, intake }));
    expect((stream?.total ?? 0) - (direct?.total ?? 0)).toBeCloseTo(stream?.dollars.stream ?? 0);
    expect(stream?.dollars.stream).toBeGreaterThan(29);
  });
});

test('GuardDuty\'s price is known up to 200 million events', () => {
  expect([guardDutyPrice(1e6), guardDutyPrice(100e6), guardDutyPrice(150e6), guardDutyPrice(200e6), guardDutyPrice(201e6)]).toEqual([1.6, 160, 200, 240, undefined]);
});
