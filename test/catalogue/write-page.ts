import { writeFileSync } from 'node:fs';
import { pageOf } from './page.ts';
import { readProofs } from './proofs-file.ts';

writeFileSync('docs/catalogue.md', pageOf(readProofs()));
