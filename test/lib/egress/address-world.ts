import type { AuditEvent } from '../../../lib/audit/event.ts';
import { addressFactsOf } from '../../../lib/egress/address-facts.ts';
import { AddressBook } from '../../../lib/egress/address-book.ts';
import { addFact, newAddressShard, shardOfFact, type AddressShard } from '../../../lib/egress/address-shard.ts';
import { seeded } from '../states.ts';
import { bound, called, created, deleted, finished, listed, monday, running, tokenAsked, type TestPod } from './address-events.ts';

/** Who really had an address, both ends his, in seconds after the tests' Monday. */
export interface Truth {
  readonly pod: TestPod;
  readonly from: number;
  readonly to: number;
}

/** A cluster's life: what its audit log says, in order, and who really had which address. */
export interface Life {
  readonly events: readonly { readonly at: number; readonly event: AuditEvent }[];
  readonly truths: readonly Truth[];
}

/** The VPC CNI gives an address to nobody for half a minute after it was given back. */
const coolDown = 30;
const nodes = ['ip-10-0-9-1.ec2.internal', 'ip-10-0-9-2.ec2.internal', 'ip-10-0-9-3.ec2.internal'];
const addressesOfNode = 6;

/**
 * Gives a life of so many hours, in which pods come and go all the time and each address is used again and again: copies of
 * Deployments, jobs that end by themselves, and StatefulSets' pods whose names come again.
 */
export function lifeOf(seed: number, hours: number): Life {
  const random = seeded(seed);
  const upTo = (most: number): number => Math.floor(random() * most);
  const events: Life['events'][number][] = [];
  const truths: Truth[] = [];
  const tell = (at: number, event: (seconds: number, pod: TestPod) => AuditEvent, pod: TestPod): void => { events.push({ at, event: event(at, pod) }); };
  for (const [index, node] of nodes.entries()) {
    for (let address = 0; address < addressesOfNode; address++) {
      for (let at = upTo(600), life = 0; at < hours * 3600; life++) {
        const kind = upTo(3);
        const ending = String.fromCharCode(...Array.from({ length: 5 }, () => 'bcdfghjklm'.charCodeAt(upTo(10))));
        const name = kind === 0 ? `api-678ccd5cd7-${ending}` : kind === 1 ? `report-29384720-${ending}` : `db-${String(index)}${String(address)}`;
        const pod: TestPod = { namespace: 'shop', name, uid: `${upTo(0xffffffff).toString(16).padStart(8, '0')}-x`, node, address: `10.0.${String(index)}.${String(address + 10)}` };
        const [from, to] = [at + 2, at + 5 + upTo(7200)];
        tell(at, created, pod);
        tell(at + 1, bound, pod);
        tell(from + upTo(4), running, pod);
        if (random() < 0.5) tell(from + upTo(to - from), tokenAsked, pod);
        if (random() < 0.5) tell(from + upTo(to - from), called, pod);
        if (random() < 0.3) tell(from + upTo(to - from), (seconds, one) => listed(seconds, [one]), pod);
        if (kind === 1) tell(to, finished, pod);
        else {
          const asked = Math.max(from, to - upTo(30));
          tell(asked, (seconds, one) => deleted(seconds, one, 30), pod);
          tell(to + 1, deleted, pod);
        }
        truths.push({ pod, from, to });
        at = to + coolDown + upTo(life % 3 === 0 ? 1200 : 5);
      }
    }
  }
  return { events: events.sort((one, other) => one.at - other.at), truths };
}

/** Gives the parts of the address book that events fill. */
export function shardsOf(events: readonly AuditEvent[]): Map<number, AddressShard> {
  const shards = new Map<number, AddressShard>();
  for (const fact of events.flatMap(addressFactsOf)) {
    const shard = shards.get(shardOfFact(fact)) ?? newAddressShard();
    shards.set(shardOfFact(fact), shard);
    addFact(shard, fact);
  }
  return shards;
}

/** Gives the book that events fill. */
export function bookOf(...events: readonly AuditEvent[]): AddressBook {
  return new AddressBook(shardsOf(events));
}

/** Asks a book, with times in seconds after the tests' Monday. */
export function holderAt(book: AddressBook, address: string, [from, to]: readonly [number, number], interfaceId?: string) {
  return book.holderAt({ address, start: monday + from, end: monday + to, ...(interfaceId === undefined ? {} : { interfaceId }) });
}
