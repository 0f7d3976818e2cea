import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { logicalIds } from './logical-ids.ts';

test('no resource changes its logical id by accident: another id is another resource, made anew. `npm run logical-ids` writes down what was meant', () => {
  expect(logicalIds()).toEqual(JSON.parse(readFileSync('test/infra/logical-ids.json', 'utf8')));
});
