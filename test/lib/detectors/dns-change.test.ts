import { dnsChange } from '../../../lib/detectors/dns-change.ts';
import { testActs } from './verdicts.ts';

const dns = { verb: 'update', resource: 'configmaps', namespace: 'kube-system', name: 'coredns' } as const;

testActs(dnsChange, {
  hits: [
    ['the settings changed', dns, ['update configmaps kube-system']],
    ['settings added', { ...dns, verb: 'create', name: 'coredns-custom' }, ['create configmaps kube-system']],
  ],
  misses: [
    ['the settings read', { ...dns, verb: 'get' }],
    ['a map of the same name elsewhere', { ...dns, namespace: 'shop' }],
    ['another map', { ...dns, name: 'extension-coredns' }],
    ['one that is not there', { ...dns, outcome: 'missing', code: 404 }],
  ],
});
