import { hash32, hash53 } from '../hash.ts';
import { featureOf } from './baseline.ts';
import type { Companions } from '../scoring/surprise.ts';
import { pastEnd } from '../time.ts';

/** Who was first to do something, and when that was told. */
export interface Voter {
  readonly member: number;
  readonly window: number;
}

/**
 * What a group of identities does: its members, and for each trait the first few members that had it. One identity
 * has one vote for a trait, the earliest, however often it does it. A set union: telling twice or in another order
 * gives the same, as long as there is room for all traits.
 */
export interface Group {
  /** By hash of the identity, the window in which it was told of. */
  readonly members: Map<number, number>;
  /** By hash of the trait. */
  readonly traits: Map<number, GroupTrait>;
}

/** A trait that members of a group have. */
export interface GroupTrait {
  readonly feature: string;
  /** The first few; when there are as many as are kept, all members count as having it. */
  readonly voters: Voter[];
}

/** A member of a group tells what it does. */
export interface Vote {
  readonly identity: string;
  readonly window: number;
  readonly traits: readonly string[];
}

const maxMembers = 200;
const maxVoters = 8;
/** So many traits stay when there are too many; they are dropped some at a time, since to choose them takes a look at all. */
const maxTraits = 700;
const spareTraits = 100;

/** Gives a group without members. */
export function newGroup(): Group {
  return { members: new Map(), traits: new Map() };
}

/** Adds a vote. `true` when that changed anything. */
export function addVote(group: Group, { identity, window, traits }: Vote): boolean {
  const member = hash32(identity);
  let changed = addMember(group.members, member, window);
  for (const trait of traits) changed = addVoter(group.traits, trait, { member, window }) || changed;
  return changed;
}

function addMember(members: Map<number, number>, member: number, window: number): boolean {
  if ((members.get(member) ?? Infinity) <= window) return false;
  members.set(member, window);
  if (members.size <= maxMembers) return true;
  const [latest] = [...members].reduce((last, one) => (isBefore(last, one) ? one : last));
  members.delete(latest);
  return latest !== member;
}

function isBefore([oneMember, one]: [number, number], [otherMember, other]: [number, number]): boolean {
  return one < other || (one === other && oneMember < otherMember);
}

function addVoter(traits: Map<number, GroupTrait>, trait: string, voter: Voter): boolean {
  const key = hash53(trait);
  const voters = traits.get(key)?.voters;
  if (!voters) {
    if (traits.size >= maxTraits + spareTraits) forgetOldest(traits);
    traits.set(key, { feature: featureOf(trait), voters: [voter] });
    return true;
  }
  const known = voters.findIndex(({ member }) => member === voter.member);
  if ((voters[known]?.window ?? Infinity) <= voter.window) return false;
  if (known >= 0) voters.splice(known, 1);
  voters.push(voter);
  voters.sort((one, other) => one.window - other.window || one.member - other.member);
  return voters.length <= maxVoters || voters.pop() !== voter;
}

/** Drops the traits that were told of longest ago. */
function forgetOldest(traits: Map<number, GroupTrait>): void {
  const latest = ({ voters }: GroupTrait): number => voters.reduce((most, { window }) => Math.max(most, window), 0);
  const byAge = [...traits].map(([key, trait]) => ({ key, age: latest(trait) })).sort((one, other) => one.age - other.age || one.key - other.key);
  for (const { key } of byAge.slice(0, traits.size - maxTraits)) traits.delete(key);
}

/** Tells who besides `identity` has a trait, and how varied the trait's feature is, as of a window's past. */
export function companionsOf(group: Group, asked: { trait: string; identity: string; window: number }): Companions {
  const self = hash32(asked.identity);
  const end = pastEnd(asked.window);
  let members = 0;
  for (const [member, since] of group.members) if (member !== self && since < end) members += 1;
  const told = (voters: readonly Voter[]): number => voters.filter(({ member, window }) => member !== self && window < end).length;
  const voters = group.traits.get(hash53(asked.trait))?.voters ?? [];
  const doing = told(voters);
  const isFull = voters.length >= maxVoters && doing >= maxVoters - 1;
  const feature = featureOf(asked.trait);
  let [values, votes] = [0, 0];
  for (const trait of group.traits.values()) {
    if (trait.feature !== feature) continue;
    const count = told(trait.voters);
    values += Number(count > 0);
    votes += count;
  }
  return { members, doing: isFull ? Math.max(doing, members) : doing, values, votes };
}

/** Gives the window in which the group's first member was told of. */
export function groupSince(group: Group): number | undefined {
  return group.members.size === 0 ? undefined : Math.min(...group.members.values());
}
