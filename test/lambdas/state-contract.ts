import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ConflictError, type StateStore } from '../../lib/store.ts';
import { newKey } from './names.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);

/** Tests what lib/store.ts promises of any state store. */
export function stateContract(store: () => StateStore): void {
  readAndWriteContract(store);
  concurrencyContract(store);
}

function readAndWriteContract(store: () => StateStore): void {
  test('gives nothing for keys that were never written', async () => {
    expect(await store().read([newKey(), newKey()])).toEqual(new Map());
    expect(await store().read([])).toEqual(new Map());
  });

  test('gives what was written, one version higher with each write', async () => {
    const key = newKey();
    await store().write(key, bytesOf('one'), 0);
    await store().write(key, new Uint8Array([0, 255]), 1, 4102444800);
    expect([...(await store().read([key])).values()].map(({ bytes, version }) => ({ bytes: [...bytes], version }))).toEqual([{ bytes: [0, 255], version: 2 }]);
  });

  test('keeps an item without bytes', async () => {
    const key = newKey();
    await store().write(key, new Uint8Array(), 0);
    expect((await store().read([key])).get(key)?.bytes.length).toBe(0);
  });

  test('reads any number of keys at once, also repeated ones', async () => {
    const keys = Array.from({ length: 230 }, newKey);
    await Promise.all(keys.map((key) => store().write(key, bytesOf(key), 0)));
    const found = await store().read([...keys.flatMap((key) => [key, key]), newKey()]);
    expect([...found.keys()].sort()).toEqual([...keys].sort());
  });
}

function concurrencyContract(store: () => StateStore): void {
  test.each([0, 2, 7])('refuses a write that expects version %d of an item at version 1', async (expected) => {
    const key = newKey();
    await store().write(key, bytesOf('kept'), 0);
    await expect(store().write(key, bytesOf('lost'), expected)).rejects.toThrow(ConflictError);
    expect((await store().read([key])).get(key)).toMatchObject({ version: 1 });
  });

  test('refuses to replace an item that does not exist', async () => {
    await expect(store().write(newKey(), bytesOf('x'), 3)).rejects.toThrow(ConflictError);
  });

  test('loses nothing of what concurrent writers add when they retry on conflict', async () => {
    const writers = fc.array(fc.array(fc.nat(), { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 6 });
    await fc.assert(fc.asyncProperty(writers, async (plans) => {
      const key = newKey();
      await Promise.all(plans.map(async (plan) => { for (const entry of plan) await append(store(), key, entry); }));
      const item = (await store().read([key])).get(key);
      const entries = JSON.parse(textOf(item?.bytes)) as number[];
      expect(entries.sort()).toEqual(plans.flat().sort());
      expect(item?.version).toBe(plans.flat().length);
    }), { numRuns: 10 });
  });
}

async function append(store: StateStore, key: string, entry: number): Promise<void> {
  const item = (await store.read([key])).get(key);
  const entries = item ? (JSON.parse(textOf(item.bytes)) as number[]) : [];
  try {
    await store.write(key, bytesOf(JSON.stringify([...entries, entry])), item?.version ?? 0);
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    await append(store, key, entry);
  }
}
