import type { ActDetector } from './detector.ts';

/** The list of all that one may do is asked for: an attacker's first step with a stolen credential. */
export const rulesReview: ActDetector = {
  kind: 'act',
  id: 'rules-review',
  category: 'mass-discovery',
  techniques: ['T1069', 'T1613'],
  check: 'Ask whether one of you ran `kubectl auth can-i --list` as this identity',
  checkBy: { 'service-account': 'Find out which program in its pods asks for its rights: workloads know theirs' },
  innocent: 'An engineer who was refused something and asks what he may do.',
  detect({ verb, resource }) {
    if (verb !== 'create' || resource !== 'authorization.k8s.io/selfsubjectrulesreviews') return [];
    return [{ value: 'own rules', prior: 0.1, words: 'asked for the list of all its rights' }];
  },
};
