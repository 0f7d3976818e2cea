import { debugContainer } from '../../../lib/detectors/debug-container.ts';
import { testActs } from './verdicts.ts';

const debug = { verb: 'patch', resource: 'pods/ephemeralcontainers', namespace: 'shop', name: 'cart-0' } as const;

testActs(debugContainer, {
  hits: [
    ['a container added', debug, ['patch pods/ephemeralcontainers shop']],
    ['an attempt', { ...debug, outcome: 'refused', code: 403 }, ['patch pods/ephemeralcontainers shop(refused)']],
  ],
  misses: [
    ['containers looked at', { ...debug, verb: 'get' }],
    ['the pod itself', { ...debug, resource: 'pods' }],
  ],
});
