import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { templateText } from './template-text.ts';

test('the template says what is written down to be read. `npm run template` writes down what was meant', () => {
  expect(templateText()).toBe(readFileSync('test/infra/template.txt', 'utf8'));
});
