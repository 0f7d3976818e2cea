import { hash32 } from '../hash.ts';
import type { AddressFact, PodFact, PodKey, Sighting } from './address-facts.ts';

/** Since when somebody is at a place, in seconds since the epoch. */
export interface Seat {
  first: number;
  /** Roughly when it was last seen there: to ten minutes, to six hours where it is certain. */
  last: number;
  isCertain: boolean;
}

/** What is known of a pod. */
export interface PodEntry {
  serviceAccount: string | undefined;
  workload: string | undefined;
  node: string | undefined;
  isOnHostNetwork: boolean;
  /** Roughly when something was last heard of it: to six hours. */
  seen: number;
  /** When it was gone. */
  ended: number | undefined;
  /** When it was first seen to have an address for certain. */
  readonly addresses: Map<string, number>;
  /** An address that its requests came from. */
  callsFrom: string | undefined;
}

/**
 * A part of the address book: the places and the pods whose hash is this part's. Facts are added as set unions, minima
 * and maxima: one that is added twice, or in another order, gives the same.
 */
export interface AddressShard {
  /** The time of the latest fact. */
  newest: number;
  /** How many seats all places have. */
  seats: number;
  readonly places: Map<string, Map<string, Seat>>;
  readonly pods: Map<PodKey, PodEntry>;
}

/** Into so many parts the address book of a cluster is cut. */
export const addressShards = 64;

/** What ended is kept so long, for flow records that come late, in seconds. */
const retention = 2 * 24 * 60 * 60;
/** A pod that was not heard of for so long is no longer counted among its node's, in seconds. */
const quiet = 30 * 24 * 60 * 60;
const certainSteps = 6 * 60 * 60;
const uncertainSteps = 10 * 60;
/** So many stay when there are too many; they are dropped some at a time, since to choose them takes a look at all. */
const maxSeats = 800;
const maxPods = 500;
const spare = 100;
const maxAddressesOfPod = 4;

/** Gives the part of the address book that a place or a pod belongs to. */
export function shardOf(placeOrPod: string): number {
  return hash32(placeOrPod) % addressShards;
}

/** Gives the part of the address book that a fact goes to. */
export function shardOfFact(fact: AddressFact): number {
  return shardOf(fact.kind === 'sighting' ? fact.place : fact.pod);
}

/** The state item of a part of a cluster's address book. */
export function addressShardKey(cluster: string, shard: number): string {
  return `addresses|${cluster}|${String(shard)}`;
}

/** The state items that facts need. */
export function addressShardKeysOf(cluster: string, facts: readonly AddressFact[]): string[] {
  return [...new Set(facts.map(shardOfFact))].map((shard) => addressShardKey(cluster, shard));
}

/** Gives an empty part. */
export function newAddressShard(): AddressShard {
  return { newest: 0, seats: 0, places: new Map(), pods: new Map() };
}

/** Adds a fact to the part it belongs to. `true` when that changed anything worth keeping. */
export function addFact(shard: AddressShard, fact: AddressFact): boolean {
  const isChanged = fact.kind === 'sighting' ? addSighting(shard, fact) : addPodFact(shard, fact);
  shard.newest = Math.max(shard.newest, fact.time);
  return isChanged;
}

function addSighting(shard: AddressShard, { place, holder, time, isCertain }: Sighting): boolean {
  const seats = shard.places.get(place) ?? new Map<string, Seat>();
  const seat = seats.get(holder);
  if (!seat) {
    if (time < shard.newest - retention) return false;
    shard.places.set(place, seats);
    seats.set(holder, { first: time, last: stepOf(time, isCertain), isCertain });
    shard.seats += 1;
    if (shard.seats > maxSeats + spare) dropSeats(shard, maxSeats);
    return true;
  }
  const [first, certain] = [Math.min(seat.first, time), seat.isCertain || isCertain];
  const last = stepOf(Math.max(seat.last, stepOf(time, certain)), certain);
  if (first === seat.first && last === seat.last && certain === seat.isCertain) return false;
  seats.set(holder, { first, last, isCertain: certain });
  return true;
}

function stepOf(time: number, isCertain: boolean): number {
  const steps = isCertain ? certainSteps : uncertainSteps;
  return Math.floor(time / steps) * steps;
}

function addPodFact(shard: AddressShard, fact: PodFact): boolean {
  const known = shard.pods.get(fact.pod);
  if (!known && fact.time < shard.newest - retention) return false;
  const pod = known ?? { serviceAccount: undefined, workload: undefined, node: undefined, isOnHostNetwork: false, seen: 0, ended: undefined, addresses: new Map<string, number>(), callsFrom: undefined };
  const next: PodEntry = {
    serviceAccount: least(pod.serviceAccount, fact.serviceAccount),
    workload: least(pod.workload, fact.workload),
    node: least(pod.node, fact.node),
    isOnHostNetwork: pod.isOnHostNetwork || fact.isOnHostNetwork === true,
    seen: Math.max(pod.seen, stepOf(fact.time, true)),
    ended: pod.ended === undefined || fact.ended === undefined ? (pod.ended ?? fact.ended) : Math.min(pod.ended, fact.ended),
    addresses: pod.addresses,
    callsFrom: least(pod.callsFrom, fact.callsFrom),
  };
  const hasNewAddress = addAddresses(next.addresses, fact);
  shard.pods.set(fact.pod, next);
  if (!known && shard.pods.size > maxPods + spare) dropPods(shard, maxPods);
  return hasNewAddress || !known || (['serviceAccount', 'workload', 'node', 'isOnHostNetwork', 'seen', 'ended', 'callsFrom'] as const).some((field) => known[field] !== next[field]);
}

/** Two sources should say the same; where they do not, any choice will do that is the same in every order. */
function least(one: string | undefined, other: string | undefined): string | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one < other ? one : other;
}

function addAddresses(addresses: Map<string, number>, { addresses: seen = [], time }: PodFact): boolean {
  let isChanged = false;
  for (const address of seen) {
    if ((addresses.get(address) ?? Infinity) <= time) continue;
    if (!addresses.has(address) && addresses.size >= maxAddressesOfPod) continue;
    addresses.set(address, time);
    isChanged = true;
  }
  return isChanged;
}

/** Drops what no late record can need any more: seats that others have taken, and pods that are gone, for two days. */
export function dropOld(shard: AddressShard): void {
  const oldest = shard.newest - retention;
  for (const [place, seats] of shard.places) {
    const isNode = place.startsWith('node/');
    const taken = isNode ? -Infinity : lastTaken(seats, oldest);
    for (const [holder, { first, last }] of seats) if (isNode ? last < shard.newest - quiet : first < taken && !holder.startsWith('node/')) dropSeat(shard, place, holder);
  }
  for (const [key, { ended }] of shard.pods) if (ended !== undefined && ended < oldest) shard.pods.delete(key);
}

function dropSeat(shard: AddressShard, place: string, holder: string): void {
  const seats = shard.places.get(place);
  if (seats?.delete(holder)) shard.seats -= 1;
  if (seats?.size === 0) shard.places.delete(place);
}

/** When, before a time, somebody last came to a place for certain. */
function lastTaken(seats: ReadonlyMap<string, Seat>, before: number): number {
  let latest = -Infinity;
  for (const { isCertain, first } of seats.values()) if (isCertain && first < before) latest = Math.max(latest, first);
  return latest;
}

/** Drops the seats that were seen longest ago, until so many are left. */
export function dropSeats(shard: AddressShard, most: number): void {
  dropOld(shard);
  const byAge = [...shard.places].flatMap(([place, seats]) => [...seats].map(([holder, { first, last }]) => ({ place, holder, age: Math.max(first, last) })));
  byAge.sort((one, other) => one.age - other.age || compare(one.place, other.place) || compare(one.holder, other.holder));
  for (const { place, holder } of byAge.slice(0, Math.max(0, byAge.length - most))) dropSeat(shard, place, holder);
}

/** Drops pods, those that are gone first and then those not heard of for longest, until so many are left. */
export function dropPods(shard: AddressShard, most: number): void {
  dropOld(shard);
  const byAge = [...shard.pods].map(([key, { ended, seen, addresses }]) => ({ key, isGone: ended !== undefined, age: ended ?? Math.max(seen, ...addresses.values()) }));
  byAge.sort((one, other) => Number(other.isGone) - Number(one.isGone) || one.age - other.age || compare(one.key, other.key));
  for (const { key } of byAge.slice(0, Math.max(0, byAge.length - most))) shard.pods.delete(key);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
