import { exposedIngress } from '../../../lib/detectors/exposed-ingress.ts';
import { testActs } from './verdicts.ts';

const ingress = (spec: unknown, given = {}) => ({ verb: 'create', resource: 'networking.k8s.io/ingresses', namespace: 'shop', name: 'web', body: { spec }, ...given });
const to = (name: unknown) => [{ http: { paths: [{ path: '/', backend: { service: { name } } }] } }];
const tls = [{ secretName: 'x' }];

testActs(exposedIngress, {
  hits: [
    ['a way in without TLS', ingress({ rules: to('cart') }), ['without TLS in shop']],
    ['a way to a dashboard', ingress({ rules: to('kubernetes-dashboard'), tls }), ['dashboard: shop']],
    ['a dashboard behind all paths', ingress({ defaultBackend: { service: { name: 'grafana' } }, tls }), ['dashboard: shop']],
    ['a dashboard by the ingress\'s own name', ingress({ tls }, { name: 'vault' }), ['dashboard: shop']],
    ['rules of another type', ingress({ rules: 'x', tls: 7 }), ['without TLS in shop']],
    ['TLS taken away', ingress({ tls: null }, { verb: 'patch' }), ['without TLS in shop']],
  ],
  misses: [
    ['a way in with TLS', ingress({ rules: to('cart'), tls })],
    ['a patch of something else', ingress({ rules: to('cart') }, { verb: 'patch' })],
    ['a refused one', ingress({ rules: to('grafana') }, { outcome: 'refused', code: 403 })],
    ['one deleted', ingress({ rules: to('grafana') }, { verb: 'delete' })],
    ['one whose body was not kept', ingress({}, { body: undefined })],
    ['a specification that is null', ingress(null)],
  ],
});
