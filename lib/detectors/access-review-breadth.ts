import type { BreadthDetector } from './detector.ts';

/** Many questions about what is allowed, as tools ask that draw an access matrix. */
export const accessReviewBreadth: BreadthDetector = {
  kind: 'breadth',
  id: 'access-review-breadth',
  category: 'mass-discovery',
  techniques: ['T1069', 'T1613'],
  check: 'Ask whether a tool that shows permissions was run; if not, take the credential as stolen',
  prior: { mean: 1.5, variance: 40 },
  words: (count) => `asked ${String(count)} different questions about what it may do`,
  item({ verb, resource, body }) {
    if (verb !== 'create' || !/^authorization\.k8s\.io\/(selfsubject|subject|localsubject)accessreviews$/.test(resource)) return undefined;
    return JSON.stringify((body as { spec?: unknown } | null | undefined)?.spec ?? '').slice(0, 1000);
  },
};
