import { anonymousAccess } from '../../../lib/detectors/anonymous-access.ts';
import { alice, nobody } from '../requests.ts';
import { testActs } from './verdicts.ts';

const asked = (path: string, given = {}) => ({ identity: nobody, verb: 'get', resource: '', namespace: '', name: '', path, ...given });

testActs(anonymousAccess, {
  hits: [
    ['secrets listed', asked('/api/v1/namespaces/shop/secrets', { verb: 'list', resource: 'secrets', namespace: 'shop' }), ['list secrets in shop']],
    ['a path that is not public', asked('/metrics'), ['get /metrics']],
    ['a path that only begins like a public one', asked('/healthz-internal'), ['get /healthz-internal']],
    ['keys of service accounts', asked('/openid/v1/jwks'), ['get /openid/v1/jwks']],
  ],
  misses: [
    ['what is refused', asked('/api/v1/secrets', { outcome: 'refused', code: 403 })],
    ['the health check', asked('/healthz')],
    ['a single health check', asked('/readyz/etcd')],
    ['the version', asked('/version')],
    ['the same by somebody', { ...asked('/metrics'), identity: alice }],
  ],
});
