import { networkPolicyChange } from '../../../lib/detectors/network-policy-change.ts';
import { testActs } from './verdicts.ts';

const policy = { verb: 'delete', resource: 'networking.k8s.io/networkpolicies', namespace: 'shop', name: 'x' } as const;

testActs(networkPolicyChange, {
  hits: [
    ['one deleted', policy, ['delete networking.k8s.io/networkpolicies shop']],
    ['one of Cilium changed', { ...policy, verb: 'patch', resource: 'cilium.io/ciliumclusterwidenetworkpolicies' }, ['patch cilium.io/ciliumclusterwidenetworkpolicies shop']],
    ['one of Calico changed', { ...policy, verb: 'update', resource: 'crd.projectcalico.org/globalnetworkpolicies' }, ['update crd.projectcalico.org/globalnetworkpolicies shop']],
    ['one made that lets all in', { ...policy, verb: 'create', body: { spec: { podSelector: {}, ingress: [{}] } } }, ['create networking.k8s.io/networkpolicies shop']],
  ],
  misses: [
    ['one made for one port', { ...policy, verb: 'create', body: { spec: { ingress: [{ ports: [{ port: 80 }] }] } } }],
    ['one made whose rules are no rules', { ...policy, verb: 'create', body: { spec: { ingress: ['x', null], egress: 7 } } }],
    ['a label on one', { ...policy, verb: 'patch', body: { metadata: { labels: { team: 'x' } } } }],
    ['one made, which only forbids', { ...policy, verb: 'create' }],
    ['one made by an apply on the server\'s side', { ...policy, verb: 'patch', code: 201 }],
    ['one read', { ...policy, verb: 'get' }],
    ['an ingress', { ...policy, resource: 'networking.k8s.io/ingresses' }],
  ],
});
