import { maxItemBytes, pack, unpack } from '../baseline/codec.ts';
import { dropOld, dropPods, dropSeats, type AddressShard, type PodEntry, type Seat } from './address-shard.ts';

type PackedSeat = [holder: string, first: number, last: number, isCertain: 0 | 1];
type PackedPod = [key: string, serviceAccount: string | null, workload: string | null, node: string | null, isOnHostNetwork: 0 | 1, seen: number, ended: number | null, addresses: [string, number][], callsFrom: string | null];

interface PackedShard {
  readonly newest: number;
  readonly places: [string, PackedSeat[]][];
  readonly pods: PackedPod[];
}

/**
 * Writes a part of the address book: a byte for the layout, then deflated JSON. What is too old to be asked for is left
 * out; if it is still too large, what was seen longest ago. The same content gives the same bytes.
 */
export function encodeAddressShard(shard: AddressShard): Uint8Array {
  dropOld(shard);
  for (;;) {
    const packed = pack(packShard(shard));
    if (packed.length <= maxItemBytes) return packed;
    dropSeats(shard, Math.floor(shard.seats * 0.75));
    dropPods(shard, Math.floor(shard.pods.size * 0.75));
  }
}

/**
 * Reads a part of the address book.
 * @throws {UnreadableStateError} when the bytes are none.
 */
export function decodeAddressShard(bytes: Uint8Array): AddressShard {
  return unpack(bytes, unpackShard);
}

function packShard({ newest, places, pods }: AddressShard): PackedShard {
  return {
    newest,
    places: sorted(places).map(([place, seats]) => [place, sorted(seats).map(([holder, { first, last, isCertain }]): PackedSeat => [holder, first, last, isCertain ? 1 : 0])]),
    pods: sorted(pods).map(([key, { serviceAccount = null, workload = null, node = null, isOnHostNetwork, seen, ended = null, addresses, callsFrom = null }]) => [
      key, serviceAccount, workload, node, isOnHostNetwork ? 1 : 0, seen, ended, sorted(addresses), callsFrom,
    ]),
  };
}

function unpackShard({ newest, places, pods }: PackedShard): AddressShard {
  return {
    newest,
    seats: places.reduce((sum, [, seats]) => sum + seats.length, 0),
    places: new Map(places.map(([place, seats]) => [place, new Map(seats.map(([holder, first, last, isCertain]): [string, Seat] => [holder, { first, last, isCertain: isCertain === 1 }]))])),
    pods: new Map(pods.map(([key, serviceAccount, workload, node, isOnHostNetwork, seen, ended, addresses, callsFrom]): [string, PodEntry] => [
      key,
      { serviceAccount: serviceAccount ?? undefined, workload: workload ?? undefined, node: node ?? undefined, isOnHostNetwork: isOnHostNetwork === 1, seen, ended: ended ?? undefined, addresses: new Map(addresses), callsFrom: callsFrom ?? undefined },
    ])),
  };
}

function sorted<Value>(map: ReadonlyMap<string, Value>): [string, Value][] {
  return [...map].sort(([one], [other]) => (one < other ? -1 : 1));
}
