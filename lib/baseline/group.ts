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
 * has one vote for a trait, however often it does it. A set union: telling twice or in another order gives the same.
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
const maxTraits = 1500;

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
  const known = members.get(member);
  if (known !== undefined ? known <= window : members.size >= maxMembers) return false;
  members.set(member, window);
  return true;
}

function addVoter(traits: Map<number, GroupTrait>, trait: string, voter: Voter): boolean {
  const key = hash53(trait);
  const voters = traits.get(key)?.voters;
  if (!voters) {
    if (traits.size >= maxTraits) forgetOne(traits);
    traits.set(key, { feature: featureOf(trait), voters: [voter] });
    return true;
  }
  if (voters.length >= maxVoters || voters.some(({ member }) => member === voter.member)) return false;
  voters.push(voter);
  return true;
}

/** Drops the trait that was told of longest ago. */
function forgetOne(traits: Map<number, GroupTrait>): void {
  const latest = ({ voters }: GroupTrait): number => voters.reduce((most, { window }) => Math.max(most, window), 0);
  const [oldest] = [...traits].reduce((least, one) => (latest(one[1]) < latest(least[1]) ? one : least));
  traits.delete(oldest);
}

/** Tells who besides `identity` has a trait, and how varied the trait's feature is, as of a window's past. */
export function companionsOf(group: Group, asked: { trait: string; identity: string; window: number }): Companions {
  const self = hash32(asked.identity);
  const end = pastEnd(asked.window);
  let members = 0;
  for (const [member, since] of group.members) if (member !== self && since < end) members += 1;
  const told = (voters: readonly Voter[]): number => voters.filter(({ member, window }) => member !== self && window < end).length;
  const doing = told(group.traits.get(hash53(asked.trait))?.voters ?? []);
  const feature = featureOf(asked.trait);
  let [values, votes] = [0, 0];
  for (const trait of group.traits.values()) {
    if (trait.feature !== feature) continue;
    const count = told(trait.voters);
    values += Number(count > 0);
    votes += count;
  }
  return { members, doing: doing >= maxVoters - 1 ? Math.max(doing, members) : doing, values, votes };
}

/** Gives the window in which the group's first member was told of. */
export function groupSince(group: Group): number | undefined {
  return group.members.size === 0 ? undefined : Math.min(...group.members.values());
}
