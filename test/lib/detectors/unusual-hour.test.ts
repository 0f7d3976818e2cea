import { describe, expect, test } from '@jest/globals';
import { unusualHour } from '../../../lib/detectors/unusual-hour.ts';
import { day, hour, liveThrough, requestAt, routine } from '../scoring/lives.ts';
import { alice, cart } from '../requests.ts';

/** Two weeks of office hours: from nine to five on weekdays. */
const office = Array.from({ length: 14 }, (_, index) => index).filter((index) => index % 7 < 5).flatMap((index) => routine({ from: index * day, until: index * day + 8 * hour }));
const secret = (time: number) => requestAt(time, { verb: 'list', resource: 'secrets', namespace: 'payments', name: '' });
const found = (requests: Parameters<typeof liveThrough>[0], identity = alice) =>
  liveThrough(requests.map((request) => ({ ...request, identity }))).signals.find(({ detector }) => detector === unusualHour.id);

describe('unusual-hour', () => {
  test('adds to what a person does at night, half a decade at most', () => {
    const signal = found([...office, secret(14 * day + 18 * hour)]);
    expect(signal?.words).toBe('was active at 03:00 UTC');
    expect(signal?.decades).toBeGreaterThan(0.2);
    expect(signal?.decades).toBeLessThanOrEqual(0.52);
  });

  test('leaves the hours of every day', () => {
    expect(found([...office, secret(14 * day + 2 * hour)])).toBeUndefined();
  });

  test('leaves a person whose hours are not known yet, and machines', () => {
    expect(found([...routine({ until: day, every: hour / 4 }), secret(2 * day + 18 * hour)])).toBeUndefined();
    expect(found([...office, secret(14 * day + 18 * hour)], cart)).toBeUndefined();
  });
});
