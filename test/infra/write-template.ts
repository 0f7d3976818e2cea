import { writeFileSync } from 'node:fs';
import { templateText } from './template-text.ts';

writeFileSync('test/infra/template.txt', templateText());
