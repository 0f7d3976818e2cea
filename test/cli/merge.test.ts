import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Heap } from '../../cli/reading/heap.ts';
import { mergeByTime, type Timed, type TimedSource } from '../../cli/reading/merge.ts';

interface Opened {
  now: number;
  most: number;
}

function sourceOf(times: readonly number[], opened: Opened, startsAt = times[0] ?? -Infinity): TimedSource<Timed> {
  return {
    startsAt,
    open: async function* () {
      opened.now += 1;
      opened.most = Math.max(opened.most, opened.now);
      for (const time of times) yield await Promise.resolve([{ time, order: '' }]);
      opened.now -= 1;
    },
  };
}

async function merged(sources: TimedSource<Timed>[], limits = { milliseconds: 100, items: 1000 }): Promise<number[]> {
  const times: number[] = [];
  for await (const { time } of mergeByTime(sources, limits)) times.push(time);
  return times;
}

test('a heap gives its items in order', () => {
  fc.assert(fc.property(fc.array(fc.integer()), (numbers) => {
    const heap = new Heap<number>((one, other) => one - other);
    for (const number of numbers) heap.push(number);
    expect(numbers.map(() => heap.pop())).toEqual(numbers.toSorted((one, other) => one - other));
    expect(heap.pop()).toBeUndefined();
  }));
});

test('files that follow each other are open one or two at a time', async () => {
  const opened = { now: 0, most: 0 };
  const files = Array.from({ length: 1000 }, (_, index) => sourceOf([index * 10, index * 10 + 9], opened));
  const times = await merged(files.toReversed());
  expect(times).toEqual(times.toSorted((one, other) => one - other));
  expect(times).toHaveLength(2000);
  expect(opened.most).toBeLessThanOrEqual(2);
});

test('files without a known start do not keep others from being sorted', async () => {
  const opened = { now: 0, most: 0 };
  expect(await merged([sourceOf([5, 7], opened), sourceOf([], opened), sourceOf([6, 1], opened, -Infinity)])).toEqual([1, 5, 6, 7]);
});

test('an item too far from its place comes late and is not lost', async () => {
  expect(await merged([sourceOf([0, 500, 1, 600], { now: 0, most: 0 })])).toEqual([0, 1, 500, 600]);
  expect(await merged([sourceOf([0, 500, 700, 1], { now: 0, most: 0 })])).toEqual([0, 500, 1, 700]);
});

test('the buffer is bounded by number too', async () => {
  expect(await merged([sourceOf([9, 8, 7, 6, 5], { now: 0, most: 0 })], { milliseconds: 100, items: 2 })).toEqual([7, 6, 5, 8, 9]);
});
