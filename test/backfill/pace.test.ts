import { expect, test } from '@jest/globals';
import { Pace, requestsPerSecond } from '../../lib/backfill/pace.ts';

test('requests are spread evenly over half of the quota', () => {
  const pace = new Pace(10);
  expect([0, 0, 0].map((now) => pace.reserve(now))).toEqual([0, 200, 400]);
  expect(pace.reserve(5000)).toBe(0);
});

test('what is throttled makes all slower, and what is answered little by little as fast as before', () => {
  const pace = new Pace(10);
  pace.throttled(0);
  expect([0, 0].map((now) => pace.reserve(now))).toEqual([400, 800]);
  for (let answered = 0; answered < 100; answered++) pace.answered();
  pace.reserve(10_000);
  expect(pace.reserve(10_000)).toBe(200);
});

test('however often it is throttled, it asks again within seconds', () => {
  const pace = new Pace(5);
  for (let time = 0; time < 100; time++) pace.throttled(0);
  expect(pace.reserve(0)).toBe(10_000);
});

test('the quota is the region\'s', () => {
  expect(['us-east-1', 'eu-central-1', 'eu-west-1'].map(requestsPerSecond)).toEqual([25, 5, 10]);
});
