import * as z from 'zod';
import type { ActDetector } from './detector.ts';

const bodySchema = z.object({
  spec: z.object({
    resourceAttributes: z.object({ verb: z.string().catch(''), resource: z.string().catch(''), subresource: z.string().catch('') }).nullish().catch(undefined),
  }),
});

/** Rights that only an attacker, or somebody who writes roles, asks about. */
const questions: readonly (readonly [string, (verb: string, resource: string) => boolean])[] = [
  ['everything', (verb, resource) => verb === '*' && (resource === '*' || resource === '')],
  ['impersonation or escalation', (verb) => /^(impersonate|escalate|bind)$/.test(verb)],
  ['roles and bindings', (verb, resource) => verb !== 'list' && verb !== 'get' && verb !== 'watch' && /^(cluster)?role(binding)?s$/.test(resource)],
  ['secrets', (_verb, resource) => resource === 'secrets'],
  ['commands in pods', (_verb, resource) => /^pods\/(exec|attach)$/.test(resource)],
  ['tokens', (_verb, resource) => resource === 'serviceaccounts/token'],
];

/** A question whether one has rights that lead further. */
export const accessQuestion: ActDetector = {
  kind: 'act',
  id: 'access-question',
  category: 'mass-discovery',
  techniques: ['T1069.003'],
  check: 'Ask whether one of you tried out these rights (`kubectl auth can-i`)',
  checkBy: { 'service-account': 'Find out which program in its pods asks about such rights: workloads know theirs' },
  innocent: 'An engineer who was given new rights and tries them out.',
  detect({ verb, resource, body }) {
    if (verb !== 'create' || resource !== 'authorization.k8s.io/selfsubjectaccessreviews') return [];
    const asked = bodySchema.safeParse(body).data?.spec.resourceAttributes;
    if (!asked) return [];
    const object = asked.subresource === '' ? asked.resource : `${asked.resource}/${asked.subresource}`;
    const found = questions.find(([, fits]) => fits(asked.verb, object));
    return found ? [{ value: found[0], prior: 0.1, words: `asked about rights to ${found[0].replace(' and ', ' or ')}` }] : [];
  },
};
