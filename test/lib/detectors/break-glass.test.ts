import { breakGlassWorkload } from '../../../lib/detectors/break-glass.ts';
import { brokenBodies, testActs } from './verdicts.ts';

const marked = (marks: unknown, given = {}) => ({ verb: 'create', resource: 'pods', namespace: 'shop', name: 'cart', body: { metadata: marks, spec: { containers: [] } }, ...given });
const annotation = { annotations: { 'alpha.image-policy.k8s.io/break-glass': 'incident-1' } };

testActs(breakGlassWorkload, {
  hits: [
    ['an annotation of a pod', marked(annotation), ['shop']],
    ['a label of a Deployment', marked({ labels: { 'image-policy.k8s.io/break-glass': 'true' } }, { resource: 'apps/deployments' }), ['shop']],
    ['a policy\'s own key', marked({ annotations: { 'shop.image-policy.k8s.io/ticket-1': 'break-glass' } }), ['shop']],
    ['one within a template, patched', { ...marked(null, { verb: 'patch', resource: 'apps/deployments' }), body: { spec: { template: { metadata: annotation } } } }, ['shop']],
    ['one within a scheduled job', { ...marked(null, { resource: 'batch/cronjobs' }), body: { spec: { jobTemplate: { spec: { template: { metadata: annotation } } } } } }, ['shop']],
    ['one that a policy turned away as another act', marked(annotation, { outcome: 'refused', code: 403 }), ['shop (refused)']],
  ],
  misses: [
    ['another annotation', marked({ annotations: { 'example.com/break': 'glass', 'shop.image-policy.k8s.io/ticket-1': 'x' } })],
    ['one taken away', marked({ annotations: { 'alpha.image-policy.k8s.io/break-glass': null } }, { verb: 'patch' })],
    ['one on another object', marked(annotation, { resource: 'configmaps' })],
    ['a pod read', marked(annotation, { verb: 'get' })],
    ['one that failed', marked(annotation, { outcome: 'failed', code: 409 })],
    ...brokenBodies.map(([title, body]) => [title, marked(null, { body })] as const),
  ],
});
