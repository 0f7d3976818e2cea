import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { maxItemBytes, UnreadableStateError } from '../../../lib/baseline/codec.ts';
import { decodeAddressShard, encodeAddressShard } from '../../../lib/egress/address-codec.ts';
import { addFact, addressShardKeysOf, addressShards, newAddressShard, shardOf, type AddressShard } from '../../../lib/egress/address-shard.ts';
import { seeded } from '../states.ts';
import { monday } from './address-events.ts';
import { lifeOf, shardsOf } from './address-world.ts';

const day = 24 * 60 * 60;
const seatsOf = ({ places }: AddressShard) => [...places.values()].reduce((sum, { size }) => sum + size, 0);

/** A part in which so many pods with names of so many random characters had an address each, one a second. */
function filled(pods: number, length: number): AddressShard {
  const random = seeded(1);
  const shard = newAddressShard();
  for (let index = 0; index < pods; index++) {
    const name = Array.from({ length }, () => Math.floor(random() * 36).toString(36)).join('');
    const pod = `shop/${name}/${String(index)}`;
    const place = `10.${String(index >> 16)}.${String((index >> 8) & 255)}.${String(index & 255)}`;
    addFact(shard, { kind: 'sighting', place, holder: pod, time: monday + index, isCertain: true });
    addFact(shard, { kind: 'pod', pod, time: monday + index, serviceAccount: name, workload: `Pod/${name}`, node: name, addresses: [place] });
  }
  return shard;
}

test('gives back any part as it was, by the same bytes', () => {
  for (const shard of shardsOf(lifeOf(3, 12).events.map(({ event }) => event)).values()) {
    const bytes = encodeAddressShard(shard);
    expect(decodeAddressShard(bytes)).toEqual(shard);
    expect(encodeAddressShard(decodeAddressShard(bytes))).toEqual(bytes);
  }
});

describe('keeps a part within its bound', () => {
  test.each([[5000, 20], [5000, 253], [20_000, 5]])('of %d pods with names of %d characters', (pods, length) => {
    const shard = filled(pods, length);
    expect(shard.seats).toBe(seatsOf(shard));
    expect(shard.seats).toBeLessThanOrEqual(900);
    expect(shard.pods.size).toBeLessThanOrEqual(600);
    const bytes = encodeAddressShard(shard);
    expect(bytes.length).toBeLessThanOrEqual(maxItemBytes);
    const kept = decodeAddressShard(bytes);
    expect(kept).toEqual(shard);
    expect([...kept.pods.values()].map(({ workload }) => workload)).toContain([...filled(pods, length).pods.values()].at(-1)?.workload);
  });
});

describe('forgets', () => {
  test('pods that are gone, and seats that were taken, after two days', () => {
    const shard = newAddressShard();
    const sighting = (holder: string, time: number) => addFact(shard, { kind: 'sighting', place: '10.0.0.1', holder, time, isCertain: true });
    sighting('a/b/1', monday);
    sighting('a/c/2', monday + 100);
    addFact(shard, { kind: 'pod', pod: 'a/b/1', time: monday, ended: monday + 90 });
    addFact(shard, { kind: 'pod', pod: 'a/c/2', time: monday });
    const kept = (time: number) => {
      addFact(shard, { kind: 'pod', pod: 'a/d/3', time });
      const { places, pods } = decodeAddressShard(encodeAddressShard(shard));
      return [[...(places.get('10.0.0.1') ?? new Map<string, unknown>()).keys()], [...pods.keys()]];
    };
    expect(kept(monday + day)).toEqual([['a/b/1', 'a/c/2'], ['a/b/1', 'a/c/2', 'a/d/3']]);
    expect(kept(monday + 3 * day)).toEqual([['a/c/2'], ['a/c/2', 'a/d/3']]);
    expect(sighting('a/b/1', monday)).toBe(false);
    expect(addFact(shard, { kind: 'pod', pod: 'a/b/1', time: monday, ended: monday + 90 })).toBe(false);
  });

  test('nothing of what still is, however long it is quiet', () => {
    const shard = newAddressShard();
    addFact(shard, { kind: 'sighting', place: '10.0.0.1', holder: 'a/b/1', time: monday, isCertain: true });
    addFact(shard, { kind: 'pod', pod: 'a/b/1', time: monday });
    addFact(shard, { kind: 'pod', pod: 'a/c/2', time: monday + 100 * day });
    expect(decodeAddressShard(encodeAddressShard(shard))).toMatchObject({ places: new Map([['10.0.0.1', new Map([['a/b/1', expect.anything()]])]]) });
  });
});

describe('refuses', () => {
  const item = (json: string, layout = 1) => Buffer.concat([Buffer.from([layout]), deflateRawSync(json)]);

  test.each<[string, Uint8Array]>([['nothing', new Uint8Array()], ['another layout', item('{}', 2)], ['bytes that are not deflated', Buffer.from([1, 2, 3])], ['null', item('null')], ['an empty object', item('{}')], ['other kinds', item('{"newest":1,"places":5,"pods":[]}')]])('%s', (_, bytes) => {
    expect(() => decodeAddressShard(bytes)).toThrow(UnreadableStateError);
  });

  test('damaged bytes by no other error', () => {
    const whole = encodeAddressShard(filled(20, 10));
    fc.assert(fc.property(fc.nat(whole.length - 1), fc.nat(255), (index, value) => {
      try {
        decodeAddressShard(whole.with(index, value));
      } catch (error) {
        expect(error).toBeInstanceOf(UnreadableStateError);
      }
    }), { numRuns: 200 });
  });
});

test('spreads addresses over all parts, and names the items that facts need', () => {
  const parts = new Set(Array.from({ length: 1000 }, (_, index) => shardOf(`10.0.${String(index >> 8)}.${String(index & 255)}`)));
  expect(parts.size).toBe(addressShards);
  const keys = addressShardKeysOf('prod', [{ kind: 'sighting', place: '10.0.0.1', holder: 'a/b/1', time: monday, isCertain: true }, { kind: 'pod', pod: 'a/b/1', time: monday }, { kind: 'pod', pod: 'a/b/1', time: monday + 1 }]);
  expect(keys).toEqual([`addresses|prod|${String(shardOf('10.0.0.1'))}`, `addresses|prod|${String(shardOf('a/b/1'))}`]);
});
