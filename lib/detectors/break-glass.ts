import { marksOf, objectName, writesWorkload } from '../audit/pod-spec.ts';
import type { ActDetector } from './detector.ts';

/** Marks by which an image policy is asked to look away. Source: https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#imagepolicywebhook */
const breakGlass = /(^|[./])image-policy\.k8s\.io\/break-glass$/;
const imagePolicy = /(^|\.)image-policy\.k8s\.io\//;

/** A workload that asks not to be checked. */
export const breakGlassWorkload: ActDetector = {
  kind: 'act',
  id: 'break-glass',
  category: 'defense-evasion',
  techniques: ['T1562.001', 'T1610'],
  check: 'Ask which emergency it was, and check the images now as the policy would have',
  innocent: 'A repair at night whose image could not be signed in time.',
  ofCluster: true,
  detect(request) {
    if (!writesWorkload(request) || request.outcome === 'missing' || request.outcome === 'failed') return [];
    const isBroken = marksOf(request).some(([key, value]) => value !== null && (breakGlass.test(key) || (imagePolicy.test(key) && value === 'break-glass')));
    if (!isBroken) return [];
    const refused = request.outcome === 'refused';
    return [{ value: `${request.namespace}${refused ? ' (refused)' : ''}`, prior: 0.001, words: `${refused ? 'tried to make' : 'made'} the workload ${objectName(request)} in ${request.namespace} past the image policy (break-glass)` }];
  },
};
