import { changeDetector } from './change.ts';

/** A container added to a pod that runs. */
export const debugContainer = changeDetector({
  id: 'debug-container',
  category: 'execution',
  techniques: ['T1609'],
  check: 'Ask who debugs what: the container shares the pod\'s network, and its secrets if told to',
  innocent: 'An engineer who debugs an image without a shell during an outage.',
  resource: /^pods\/ephemeralcontainers$/,
  verbs: ['create', 'update', 'patch'],
  prior: 0.01,
  words: 'a debugging container in a running pod',
});
