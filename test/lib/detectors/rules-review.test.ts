import { rulesReview } from '../../../lib/detectors/rules-review.ts';
import { testActs } from './verdicts.ts';

const review = { verb: 'create', resource: 'authorization.k8s.io/selfsubjectrulesreviews', namespace: '', name: '' } as const;

testActs(rulesReview, {
  hits: [['the question for all own rights', review, ['own rules']]],
  misses: [
    ['the question for one right', { ...review, resource: 'authorization.k8s.io/selfsubjectaccessreviews' }],
    ['another group\'s kind', { ...review, resource: 'example.com/selfsubjectrulesreviews' }],
    ['another verb', { ...review, verb: 'get' }],
  ],
});
