import { writeFileSync } from 'node:fs';
import { logicalIds } from './logical-ids.ts';

writeFileSync('test/infra/logical-ids.json', `${JSON.stringify(logicalIds(), undefined, 1)}\n`);
