import { controlChange } from '../../../lib/detectors/control-change.ts';
import { testActs } from './verdicts.ts';

const change = (verb: string, resource: string, given = {}) => ({ verb, resource, namespace: '', name: 'x', ...given });
const system = { namespace: 'kube-system' };

testActs(controlChange, {
  hits: [
    ['the map of AWS roles', change('patch', 'configmaps', { ...system, name: 'aws-auth' }), ['patch configmaps in kube-system']],
    ['the DNS settings', change('update', 'configmaps', { ...system, name: 'coredns-custom' }), ['update configmaps in kube-system']],
    ['a webhook deleted', change('delete', 'admissionregistration.k8s.io/validatingwebhookconfigurations'), ['delete admissionregistration.k8s.io/validatingwebhookconfigurations']],
    ['a certificate approved', change('update', 'certificates.k8s.io/certificatesigningrequests/approval'), ['update certificates.k8s.io/certificatesigningrequests/approval']],
    ['a network policy deleted', change('delete', 'networking.k8s.io/networkpolicies', { namespace: 'shop' }), ['delete networking.k8s.io/networkpolicies in shop']],
    ['events deleted', change('deletecollection', 'events.k8s.io/events', { namespace: 'shop' }), ['deletecollection events.k8s.io/events in shop']],
    ['events deleted in the core group', change('deletecollection', 'events', { namespace: 'shop' }), ['deletecollection events in shop']],
    ['a DaemonSet made', change('create', 'apps/daemonsets', { namespace: 'shop' }), ['create apps/daemonsets in shop']],
    ['a scheduled job applied on the server\'s side', change('patch', 'batch/cronjobs', { namespace: 'shop' }), ['patch batch/cronjobs in shop']],
    ['a service account of the cluster\'s own', change('create', 'serviceaccounts', system), ['create serviceaccounts in kube-system']],
    ['a secret of the cluster\'s own', change('create', 'secrets', system), ['create secrets in kube-system']],
    ['a debugging container', change('patch', 'pods/ephemeralcontainers', { namespace: 'shop' }), ['patch pods/ephemeralcontainers in shop']],
    ['a node deleted', change('delete', 'nodes'), ['delete nodes']],
    ['a service opened to the outside', change('patch', 'services', { namespace: 'shop', body: { spec: { type: 'NodePort' } } }), ['patch services in shop']],
    ['a namespace deleted', change('delete', 'namespaces'), ['delete namespaces']],
  ],
  misses: [
    ['another config map of the same name', change('patch', 'configmaps', { namespace: 'shop', name: 'aws-auth' })],
    ['the map of AWS roles read', change('get', 'configmaps', { ...system, name: 'aws-auth' })],
    ['a refused change of it', change('patch', 'configmaps', { ...system, name: 'aws-auth', outcome: 'refused', code: 403 })],
    ['events written', change('create', 'events.k8s.io/events', { namespace: 'shop' })],
    ['a service account of a workload', change('create', 'serviceaccounts', { namespace: 'shop' })],
    ['a service within the cluster', change('create', 'services', { namespace: 'shop', body: { spec: { type: 'ClusterIP' } } })],
    ['a service whose body was not kept', change('create', 'services', { namespace: 'shop', body: undefined })],
    ['a service whose type is a list', change('create', 'services', { namespace: 'shop', body: { spec: { type: ['NodePort'] } } })],
    ['a node that says how it is', change('patch', 'nodes/status')],
  ],
});
