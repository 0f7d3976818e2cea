import { admissionChange } from '../../../lib/detectors/admission-change.ts';
import { testActs } from './verdicts.ts';

const webhook = { verb: 'create', resource: 'admissionregistration.k8s.io/mutatingwebhookconfigurations', namespace: '', name: 'x' } as const;

testActs(admissionChange, {
  hits: [
    ['a webhook made', webhook, ['create admissionregistration.k8s.io/mutatingwebhookconfigurations ']],
    ['a webhook that leaves the cluster', { ...webhook, body: { webhooks: [{ clientConfig: { service: {} } }, { clientConfig: { url: 'https://203.0.113.9/x' } }] } }, ['outside: create admissionregistration.k8s.io/mutatingwebhookconfigurations ']],
    ['a control plane\'s own webhook', { ...webhook, body: { webhooks: [{ clientConfig: { url: 'https://127.0.0.1:23443/mutate' } }] } }, ['create admissionregistration.k8s.io/mutatingwebhookconfigurations ']],
    ['a webhook of no form', { ...webhook, body: { webhooks: [7, { clientConfig: { url: 7 } }] } }, ['create admissionregistration.k8s.io/mutatingwebhookconfigurations ']],
    ['a webhook deleted', { ...webhook, verb: 'delete' }, ['delete admissionregistration.k8s.io/mutatingwebhookconfigurations ']],
    ['an attempt', { ...webhook, verb: 'patch', outcome: 'refused', code: 403, body: undefined }, ['patch admissionregistration.k8s.io/mutatingwebhookconfigurations (refused)']],
    ['a patch of more than labels', { ...webhook, verb: 'patch', body: { metadata: { labels: {} }, webhooks: [] } }, ['patch admissionregistration.k8s.io/mutatingwebhookconfigurations ']],
  ],
  misses: [
    ['an annotation', { ...webhook, verb: 'patch', body: { metadata: { annotations: { a: 'b' } } } }],
    ['a webhook read', { ...webhook, verb: 'get' }],
    ['a policy\'s state written', { ...webhook, verb: 'update', resource: 'admissionregistration.k8s.io/validatingadmissionpolicies/status' }],
    ['one that failed', { ...webhook, outcome: 'failed', code: 409 }],
  ],
});
