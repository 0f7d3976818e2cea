import { anyWrite, changeDetector } from './change.ts';

/** The cluster's name resolution changed. */
export const dnsChange = changeDetector({
  id: 'dns-change',
  category: 'impact',
  techniques: ['T1565.001', 'T1557'],
  check: 'Compare the settings with their last known good version: they can send traffic anywhere',
  innocent: 'An upgrade of the cluster\'s DNS, or a zone of the company added to it.',
  resource: /^configmaps$/,
  verbs: anyWrite,
  prior: 0.001,
  words: 'the cluster\'s DNS settings',
  when: ({ name, namespace }) => /^(coredns|kube-dns)/.test(name) && namespace === 'kube-system',
});
