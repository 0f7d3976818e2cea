import type { AuditEvent } from '../audit/event.ts';
import { AddressBook, interfaceFactsOf, type Holder, type LookUp } from '../egress/address-book.ts';
import { decodeAddressShard, encodeAddressShard } from '../egress/address-codec.ts';
import { addressFactsOf, type AddressFact } from '../egress/address-facts.ts';
import { addFact, addressShardKey, newAddressShard, shardOfFact, type AddressShard } from '../egress/address-shard.ts';
import type { FlowRecord } from '../egress/flow-record.ts';
import type { StateStore } from '../store.ts';
import { StateItems } from './state-items.ts';

/** A look-up leads from an address to its pod, its node and the pods on that. */
const mostSteps = 6;

/** Who has which address, kept for each cluster in parts. */
export class Addresses {
  readonly #shards: StateItems<AddressShard>;

  constructor(state: StateStore) {
    this.#shards = new StateItems(state, { encode: encodeAddressShard, decode: decodeAddressShard });
  }

  /**
   * Learns what audit events tell of it. What is known already writes nothing.
   * @throws whatever the store throws, and `ContentionError`; the same events can then be given again.
   */
  learn(cluster: string, events: readonly AuditEvent[]): Promise<void> {
    return this.#add(cluster, events.flatMap((event) => addressFactsOf(event)));
  }

  /** Learns which node an interface belongs to. */
  learnInterfaces(cluster: string, records: readonly (readonly [FlowRecord, Holder | undefined])[]): Promise<void> {
    return this.#add(cluster, records.flatMap(([record, holder]) => interfaceFactsOf(record, holder)));
  }

  async #add(cluster: string, facts: readonly AddressFact[]): Promise<void> {
    for (const [shard, some] of Map.groupBy(facts, shardOfFact)) {
      await this.#shards.update(addressShardKey(cluster, shard), newAddressShard, (state) => some.map((fact) => addFact(state, fact)).includes(true));
    }
  }

  /** Gives the parts of a cluster's address book that look-ups need. */
  async bookFor(cluster: string, lookUps: readonly LookUp[]): Promise<AddressBook> {
    const shards = new Map<number, AddressShard>();
    const asked = new Set<number>();
    let book = new AddressBook(shards);
    for (let step = 0; step < mostSteps; step++) {
      const current = book;
      const needed = [...new Set(lookUps.flatMap((lookUp) => [...current.shardsFor(lookUp)]))].filter((shard) => !asked.has(shard));
      if (needed.length === 0) break;
      const keys = new Map(needed.map((shard) => [addressShardKey(cluster, shard), shard]));
      for (const [key, held] of await this.#shards.take([...keys.keys()])) {
        const shard = keys.get(key) as number;
        asked.add(shard);
        if (!held.state) continue;
        shards.set(shard, held.state);
        this.#shards.release(key, held);
      }
      book = new AddressBook(shards);
    }
    return book;
  }
}
