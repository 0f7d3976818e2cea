import { everydayLife, type EverydayLife, type Habit } from '../evaluation/acts-history.ts';
import { casesOf } from '../evaluation/acts-cases.ts';
import { isBaseline, readRecording, type Recording } from '../evaluation/acts-recording.ts';
import { CalmCluster, shows, type Proof } from './proof.ts';
import { writeProofs } from './proofs-file.ts';
import type { Row } from './row.ts';
import { rows } from './rows.ts';

const usage = `usage: node test/catalogue/cut.ts DIRECTORY

Cuts the proofs of the catalogue out of recorded acts: for each row the first established identity that is told of when
it does the act, and not when it always did it. DIRECTORY holds acts.jsonl, consequences.jsonl, events.jsonl.gz.`;

/** Enough to be known by: an identity's first few sorts of requests. */
const mostOfLife = 5;

const [directory, ...more] = process.argv.slice(2);
if (directory === undefined || more.length > 0) {
  process.stderr.write(`${usage}\n`);
  process.exit(2);
}

const recording = readRecording(directory);
const everyday = everydayLife(recording);
const acting = new Set(recording.acts.filter(({ group }) => group === 'hit').map(({ identity }) => identity.id));
// Machines are many and busy: those that no act is of are left out.
const present = [...everyday.habits].filter(([id, { identity: { kind } }]) => kind === 'person' || kind === 'role' || acting.has(id));
const life = new Map(present.map(([id, { identity, events }]): [string, Habit] => [id, { identity, events: events.slice(0, mostOfLife) }]));
const calm = await CalmCluster.after(life);
const byRow = new Map<string, Proof>();
for (const row of rows.filter(({ unseen }) => unseen === undefined)) {
  const proof = await bestOf(row, candidatesFor(row, recording, everyday));
  if (proof) byRow.set(row.id, proof);
}
writeProofs({ life, byRow });

/** Established identities first, and those whose requests were read. */
function candidatesFor({ id }: Row, { acts }: Recording, known: EverydayLife): Proof[] {
  const hits = casesOf({ acts, unlabelled: [] }, 'identity').filter(({ row, group }) => row === id && group === 'hit');
  const established = hits.filter(({ identity }) => known.originOf(identity.id) === 'own');
  const isUnread = (one: (typeof hits)[number]): number => Number(one.acts.every(({ refusedUnread }) => refusedUnread === true));
  return (established.length > 0 ? established : hits).toSorted((one, other) => isUnread(one) - isUnread(other)).map((one) => ({
    row: id,
    identity: one.identity,
    before: acts.filter((act) => act.row === id && act.identity.id === one.identity.id && isBaseline(act)).flatMap(({ events }) => events),
    act: one.acts.flatMap(({ events }) => events),
  }));
}

/** The first of which people are told what the row is about before all else, or at all; without any, the one that does most. */
async function bestOf(row: Row, candidates: readonly Proof[]): Promise<Proof | undefined> {
  let told: Proof | undefined;
  for (const proof of candidates) {
    const finding = (await calm.newly(proof)).find((one) => shows(row, proof, one));
    if (!finding || (await calm.routinely(proof)).length > 0) continue;
    told ??= proof;
    if (row.detectors.includes(finding.reasons[0]?.detector ?? '')) return proof;
  }
  if (!told) process.stdout.write(`${row.id}: nobody is told\n`);
  return told ?? candidates.toSorted((one, other) => other.act.length - one.act.length)[0];
}
