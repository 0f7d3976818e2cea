import { proxy } from '../../../lib/detectors/proxy.ts';
import { testActs } from './verdicts.ts';

const reach = (resource: string, path = '', given = {}) => ({ verb: 'get', resource, namespace: 'shop', name: 'x', path, ...given });
const kubelet = (path: string, given = {}) => reach('nodes/proxy', `/api/v1/nodes/x/proxy${path}`, { namespace: '', ...given });

testActs(proxy, {
  hits: [
    ['a pod', reach('pods/proxy'), ['pods shop']],
    ['a service', reach('services/proxy'), ['services shop']],
    ['a refused one as another act', reach('services/proxy', '', { outcome: 'refused', code: 403 }), ['services shop (refused)']],
    ['a kubelet\'s measures', kubelet('/metrics/cadvisor'), ['metrics']],
    ['a kubelet\'s pods', kubelet('/pods'), ['pods: pods']],
    ['a kubelet\'s settings', kubelet('/configz'), ['kubelet: configz']],
    ['commands given to a kubelet', kubelet('/run/shop/cart-0/cart', { verb: 'create' }), ['commands: commands']],
  ],
  misses: [
    ['a pod that is not there', reach('pods/proxy', '', { outcome: 'missing', code: 404 })],
    ['a pod read', reach('pods')],
    ['another group\'s kind', reach('example.com/pods/proxy')],
  ],
});
