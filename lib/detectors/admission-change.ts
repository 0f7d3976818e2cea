import { anyWrite, changeDetector } from './change.ts';

/** A webhook or policy that judges every change was itself changed. */
export const admissionChange = changeDetector({
  id: 'admission-change',
  category: 'persistence',
  techniques: ['T1546', 'T1562.001'],
  check: 'See where the webhook sends requests, what it may change, and what happens when it fails',
  innocent: 'A policy engine or a service mesh that is installed or upgraded by hand.',
  resource: /^admissionregistration\.k8s\.io\//,
  verbs: anyWrite,
  prior: 0.002,
  words: 'an admission control',
  when: ({ resource }) => !resource.endsWith('/status'),
});
