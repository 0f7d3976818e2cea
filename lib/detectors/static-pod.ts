import { objectName } from '../audit/pod-spec.ts';
import { isCreation } from '../audit/request.ts';
import type { ActDetector } from './detector.ts';

/** A pod that a node reports because it found its definition on its own disk; nodes make no others. */
export const staticPod: ActDetector = {
  kind: 'act',
  id: 'static-pod',
  category: 'persistence',
  techniques: ['T1543', 'T1610'],
  check: 'Look at /etc/kubernetes/manifests on that node, and for who could write there',
  innocent: 'A node image that brings its own agents as static pods.',
  detect(request) {
    const { identity, resource, namespace, outcome } = request;
    if (identity.kind !== 'node' || resource !== 'pods' || !isCreation(request) || outcome === 'missing' || outcome === 'failed') return [];
    // A kubelet asks for no other pods: only somebody else with its credential is refused.
    if (outcome === 'refused') return [{ value: 'refused', ownBehalf: true, prior: 0.005, words: `tried to make the pod ${objectName(request)} in ${namespace} as a node and was refused` }];
    return [{ value: namespace, ownBehalf: true, prior: 0.002, words: `started the static pod ${objectName(request)} in ${namespace}, from a node's own disk` }];
  },
};
