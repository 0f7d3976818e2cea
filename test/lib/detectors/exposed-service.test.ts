import { exposedService } from '../../../lib/detectors/exposed-service.ts';
import { testActs } from './verdicts.ts';

const service = (spec: unknown, given = {}) => ({ verb: 'create', resource: 'services', namespace: 'shop', name: 'cart', body: { spec }, ...given });
const balancer = { type: 'LoadBalancer', ports: [{ port: 80 }] };
const annotated = (key: string, value: unknown) => ({ body: { metadata: { annotations: { [key]: value } }, spec: balancer } });

testActs(exposedService, {
  hits: [
    ['a load balancer', service(balancer), ['a load balancer in shop']],
    ['one limited to networks', service({ ...balancer, loadBalancerSourceRanges: ['192.0.2.0/24'] }), ['a limited load balancer in shop']],
    ['one limited to everywhere', service({ ...balancer, loadBalancerSourceRanges: ['192.0.2.0/24', '0.0.0.0/0'] }), ['a load balancer in shop']],
    ['a port of every node', service({ type: 'NodePort' }, { verb: 'patch' }), ['a port of every node in shop']],
    ['external addresses', service({ externalIPs: ['192.0.2.1'] }), ['external addresses in shop']],
    ['a database by its port', service({ ...balancer, ports: [{ port: 80, targetPort: 5432 }] }), ['sensitive: a load balancer in shop']],
    ['a dashboard by its name', service(balancer, { name: 'grafana' }), ['sensitive: a load balancer in shop']],
    ['ports and annotations of other types', { ...service({}), ...annotated('x', 7) }, ['a load balancer in shop']],
  ],
  misses: [
    ['a service within the cluster', service({ type: 'ClusterIP', ports: [{ port: 5432 }] })],
    ['an internal load balancer', { ...service({}), ...annotated('service.beta.kubernetes.io/aws-load-balancer-scheme', 'internal') }],
    ['a refused one', service(balancer, { outcome: 'refused', code: 403 })],
    ['its state', service(balancer, { verb: 'patch', resource: 'services/status' })],
    ['a type that is a list', service({ type: ['NodePort'] })],
    ['one whose body was not kept', service({}, { body: undefined })],
  ],
});
