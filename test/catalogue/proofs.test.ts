import { beforeAll, expect, test } from '@jest/globals';
import { isCovered } from './page.ts';
import { CalmCluster, shows, type Proof } from './proof.ts';
import { readProofs } from './proofs-file.ts';
import type { Row } from './row.ts';
import { rows } from './rows.ts';

const { life, byRow } = readProofs();
const proven = (some: readonly Row[]) => some.map((row) => [row.id, row, byRow.get(row.id) as Proof] as const);
const covered = proven(rows.filter(isCovered));
const notYet = proven(rows.filter((row) => row.notYet !== undefined));
let calm: CalmCluster;

beforeAll(async () => {
  calm = await CalmCluster.after(life);
});

async function toldOf(row: Row, proof: Proof): Promise<boolean> {
  return (await calm.newly(proof)).some((finding) => shows(row, proof, finding));
}

test.each(covered)('%s: people are told of who never did it', async (_, row, proof) => {
  expect(await toldOf(row, proof)).toBe(true);
});

test.each(covered)('%s: nobody is told when it is routine', async (_, __, proof) => {
  expect((await calm.routinely(proof)).map(({ title }) => title)).toEqual([]);
});

// Once people are told, the row is no longer one of these: then `notYet` has to go.
test.failing.each(notYet)('%s: not yet', async (_, row, proof) => {
  expect(await toldOf(row, proof)).toBe(true);
});
