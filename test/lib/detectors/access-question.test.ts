import { accessQuestion } from '../../../lib/detectors/access-question.ts';
import { testActs } from './verdicts.ts';

const ask = (verb: unknown, resource: unknown, subresource?: string) => ({ verb: 'create', resource: 'authorization.k8s.io/selfsubjectaccessreviews', namespace: '', name: '', body: { spec: { resourceAttributes: { verb, resource, subresource } } } });

testActs(accessQuestion, {
  hits: [
    ['the right to everything', ask('*', '*'), ['everything']],
    ['the right to impersonate', ask('impersonate', 'users'), ['impersonation or escalation']],
    ['the right to bind roles', ask('create', 'clusterrolebindings'), ['roles and bindings']],
    ['the right to secrets', ask('get', 'secrets'), ['secrets']],
    ['the right to run commands', ask('create', 'pods', 'exec'), ['commands in pods']],
    ['the right to tokens', ask('create', 'serviceaccounts', 'token'), ['tokens']],
  ],
  misses: [
    ['an ordinary right', ask('get', 'pods')],
    ['the right to look at roles', ask('list', 'roles')],
    ['attributes of other types', ask(7, ['secrets'])],
    ['a path', { ...ask('', ''), body: { spec: { nonResourceAttributes: { path: '/', verb: 'get' } } } }],
    ['a body that is a text', { ...ask('*', '*'), body: 'x' }],
    ['a question about somebody else', { ...ask('*', '*'), resource: 'authorization.k8s.io/subjectaccessreviews' }],
  ],
});
