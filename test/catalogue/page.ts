import { detectors } from '../../lib/detectors/catalogue.ts';
import type { Detector } from '../../lib/detectors/detector.ts';
import { wordsOf } from './example.ts';
import type { Proofs } from './proofs-file.ts';
import { blindSpots, peers, type Row } from './row.ts';
import { rows, rowsByCategory } from './rows.ts';

/** Whether a test shows that people are told of it. */
export const isCovered = ({ unseen, notYet }: Row): boolean => unseen === undefined && notYet === undefined;

/** Writes the page that lists all detectors, and all that others detect. */
export function pageOf(proofs: Proofs): string {
  return `# Catalogue of detectors

\`npm run catalogue\` writes this page from \`lib/detectors/\` and \`test/catalogue/\`; a test holds it to them.

## Detectors

Each is a file of its name in \`lib/detectors/\`. It says what a request shows; whether that is worth telling, the
[model](model.md) decides by what the identity and its companions have done before. So each can be
wrong about something honest that is new, and none is about what is usual.

${tableOf(['detector', 'category', 'ATT&CK', 'for example: it …', 'an honest thing that looks the same', 'proof'], [...detectors.values()].map((detector) => detectorLine(detector, proofs)))}

## What others detect

${String(rows.length - (rowsByCategory['extra'] ?? []).length)} things that others detect on Kubernetes, and ${String(rowsByCategory['extra']?.length)} that they do not. Where they ask a list, of addresses, images or
names, Tidemark asks what the identity and its companions have had. *Covered* means that
[\`test/catalogue/proofs.test.ts\`](../test/catalogue/proofs.test.ts) shows two things with recorded requests, in a cluster after two calm weeks:

- an identity that never did it does it, and people are sent a finding of at least medium that names it, with one of the row's detectors among the reasons;
- the same identity did it all along, and people are sent nothing.

It is one way of doing it; \`npm run evaluate:acts -- FOLDER\` measures many. To run one row:
\`npm run jest -- test/catalogue/proofs.test.ts -t ROW\`

${Object.entries(rowsByCategory).map(([category, some]) => `### ${category === 'extra' ? 'Beyond the others' : category}\n\n${tableOf(['row', 'what is found', 'others', 'detector', 'shown by, or why not'], some.map((row) => rowLine(row, proofs)))}`).join('\n\n')}

## Counts

${tableOf(['category', 'rows', 'covered', 'not yet', 'not in the audit log'], [...Object.entries(rowsByCategory), ['all', rows] as const].map(countLine))}

Rows merge what several say of the same thing. Their codes:

${tableOf(['code', 'who', 'rows'], Object.entries(peers).map(([code, who]) => [code, who, String(rows.filter((row) => (row.peers as readonly string[]).includes(code)).length)]))}
`;
}

function detectorLine(detector: Detector, proofs: Proofs): string[] {
  const { id, category, techniques, innocent } = detector;
  return [`\`${id}\``, category, techniques.join(' '), exampleOf(detector, proofs), innocent, detector.kind === 'egress' ? '[tests](../test/lib/egress/)' : testOf(id, 'test')];
}

/** From the proof of a row that names it, else of any; a count can be made up. */
function exampleOf(detector: Detector, { byRow }: Proofs): string {
  const naming = rows.filter((row) => isCovered(row) && row.detectors.includes(detector.id));
  const found = [...naming.map(({ id }) => id), ...byRow.keys()].map((id) => { const proof = byRow.get(id); return proof && wordsOf(detector, proof); }).find((words) => words !== undefined);
  return found ?? (detector.kind === 'breadth' ? detector.words(20) : '(in its test)');
}

function rowLine(row: Row, proofs: Proofs): string[] {
  return [`\`${row.id}\``, row.finds, row.peers.join(' '), row.detectors.map((id) => testOf(id, id)).join(' '), shownBy(row, proofs)];
}

function shownBy(row: Row, { byRow }: Proofs): string {
  if (row.unseen !== undefined) return `Not in the audit log: ${blindSpots[row.unseen]}${row.note === undefined ? '' : `: ${row.note}`}`;
  if (row.notYet !== undefined) return `Not yet: ${row.notYet}`;
  const proof = byRow.get(row.id);
  const words = row.detectors.map((id) => { const detector = detectors.get(id); return proof && detector && wordsOf(detector, proof); }).find((one) => one !== undefined);
  return `${proof?.identity.kind.replaceAll('-', ' ') ?? ''}: ${words ?? ''}${row.note === undefined ? '' : `. ${row.note}`}`;
}

function countLine([category, some]: readonly [string, readonly Row[]]): string[] {
  return [category, some.length, some.filter(isCovered).length, some.filter(({ notYet }) => notYet !== undefined).length, some.filter(({ unseen }) => unseen !== undefined).length].map(String);
}

function testOf(id: string, text: string): string {
  return `[${text}](../test/lib/detectors/${id}.test.ts)`;
}

function tableOf(heading: readonly string[], lines: readonly (readonly string[])[]): string {
  return [heading, heading.map(() => '---'), ...lines].map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n');
}
