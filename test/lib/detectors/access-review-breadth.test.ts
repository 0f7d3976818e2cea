import { expect, test } from '@jest/globals';
import { accessReviewBreadth } from '../../../lib/detectors/access-review-breadth.ts';
import { apiRequest } from '../requests.ts';
import { testBreadth } from './verdicts.ts';

const ask = (verb: string) => ({ verb: 'create', resource: 'authorization.k8s.io/selfsubjectaccessreviews', body: { spec: { resourceAttributes: { verb, resource: 'pods' } } } });
const itemOf = (given: object) => accessReviewBreadth.item(apiRequest(given));

testBreadth(accessReviewBreadth, {
  hits: [['a question', ask('get'), JSON.stringify(ask('get').body.spec)]],
  misses: [
    ['the question for all rights', { ...ask('get'), resource: 'authorization.k8s.io/selfsubjectrulesreviews' }],
    ['another verb', { ...ask('get'), verb: 'get' }],
  ],
});

test('counts the same question once and another one again', () => {
  expect(itemOf(ask('get'))).toBe(itemOf(ask('get')));
  expect(itemOf(ask('get'))).not.toBe(itemOf(ask('delete')));
});

test('keeps a question of a megabyte short', () => {
  expect(itemOf(ask('x'.repeat(1_000_000)))?.length).toBeLessThanOrEqual(1000);
});
