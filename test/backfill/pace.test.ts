import { expect, test } from '@jest/globals';
import { Pace, requestsPerSecond } from '../../lib/backfill/pace.ts';

test('requests are spread evenly over half of the quota', () => {
  const pace = new Pace(10);
  expect([0, 0, 0].map((now) => pace.reserve(now))).toEqual([0, 200, 400]);
  expect(pace.reserve(5000)).toBe(0);
});

test('what is throttled makes all slower, and what is answered soon as fast as before', () => {
  const pace = new Pace(10);
  pace.throttled(0, 0);
  expect([0, 0].map((now) => pace.reserve(now))).toEqual([400, 800]);
  for (let answered = 0; answered < 4; answered++) pace.answered();
  pace.reserve(10_000);
  expect(pace.reserve(10_000)).toBe(200);
});

test('requests that were under way together slow it down once', () => {
  const pace = new Pace(10);
  for (const sentAt of [0, 1, 2, 3]) pace.throttled(sentAt, 50);
  expect(pace.reserve(50)).toBe(400);
  pace.throttled(60, 90);
  pace.reserve(5000);
  expect(pace.reserve(5000)).toBe(800);
});

test('however often it is throttled, it asks again within seconds', () => {
  const pace = new Pace(5);
  for (let time = 0; time < 100; time++) pace.throttled(time, time);
  expect(pace.reserve(100)).toBeLessThanOrEqual(10_000);
});

test('the quota is the region\'s', () => {
  expect(['us-east-1', 'eu-central-1', 'eu-west-1'].map(requestsPerSecond)).toEqual([25, 5, 10]);
});
