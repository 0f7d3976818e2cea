import { MemoryStateStore } from '../../lib/memory-stores.ts';

const writeUnitBytes = 1024;

/** State in memory that counts what its writes would cost in a table. */
export class CountingStateStore extends MemoryStateStore {
  writes = 0;
  /** Of DynamoDB: one for each begun kilobyte. */
  writeUnits = 0;
  readonly #sizes = new Map<string, number>();

  override async write(key: string, bytes: Uint8Array, expectedVersion: number): Promise<void> {
    await super.write(key, bytes, expectedVersion);
    this.writes += 1;
    this.writeUnits += Math.ceil((bytes.length + key.length) / writeUnitBytes);
    this.#sizes.set(key, bytes.length);
  }

  /** Gives the sizes in bytes of the items whose keys begin with a prefix, in rising order. */
  sizes(prefix: string): number[] {
    return [...this.#sizes].filter(([key]) => key.startsWith(prefix)).map(([, size]) => size).sort((one, other) => one - other);
  }
}
