import { podSecurityChange } from '../../../lib/detectors/pod-security-change.ts';
import { testActs } from './verdicts.ts';

const labelled = (level: unknown, given = {}) => ({ verb: 'patch', resource: 'namespaces', namespace: '', name: 'shop', body: { metadata: { labels: { 'pod-security.kubernetes.io/enforce': level } } }, ...given });

testActs(podSecurityChange, {
  hits: [
    ['the label taken away', labelled(null), ['loosened']],
    ['privileged pods let in', labelled('privileged', { verb: 'update' }), ['loosened']],
    ['a new version that only warns', labelled(undefined, { verb: 'update', body: { metadata: { labels: { 'pod-security.kubernetes.io/warn': 'restricted' } } } }), ['not enforced']],
  ],
  misses: [
    ['a warning added to what is enforced', labelled(undefined, { body: { metadata: { labels: { 'pod-security.kubernetes.io/warn': 'restricted' } } } })],
    ['a stricter level', labelled('restricted')],
    ['another label', labelled('x', { body: { metadata: { labels: { team: 'shop' } } } })],
    ['a refused change', labelled('privileged', { outcome: 'refused', code: 403 })],
    ['a label of another type', labelled(7)],
    ['labels that are a list', labelled(null, { body: { metadata: { labels: ['pod-security.kubernetes.io/enforce'] } } })],
    ['no body', labelled(null, { body: null })],
    ['the label on a pod', labelled('privileged', { resource: 'pods' })],
  ],
});
