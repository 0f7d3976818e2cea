import * as z from 'zod';
import type { BreadthDetector } from './detector.ts';

const attributes = z.record(z.string(), z.string().catch('')).nullish().catch(undefined);
/** What a question asks; only texts of it, since a body can be nested too deep to be written out. */
const review = z.object({
  spec: z.object({
    user: z.string().nullish().catch(undefined),
    groups: z.array(z.string()).nullish().catch(undefined),
    resourceAttributes: attributes,
    nonResourceAttributes: attributes,
  }),
});

/** Many questions about what is allowed, as tools ask that draw an access matrix. */
export const accessReviewBreadth: BreadthDetector = {
  kind: 'breadth',
  id: 'access-review-breadth',
  category: 'mass-discovery',
  techniques: ['T1069', 'T1613'],
  check: 'Ask whether a tool that shows permissions was run; if not, take the credential as stolen',
  innocent: 'A dashboard that greys out what its user may not do asks for each button.',
  evenOfNewcomers: true,
  prior: { mean: 1.5, variance: 25 },
  words: (count) => `asked ${String(count)} different questions about its rights`,
  item({ verb, resource, body }) {
    if (verb !== 'create' || !/^authorization\.k8s\.io\/(selfsubject|subject|localsubject)accessreviews$/.test(resource)) return undefined;
    return JSON.stringify(review.safeParse(body).data?.spec ?? '').slice(0, 1000);
  },
};
