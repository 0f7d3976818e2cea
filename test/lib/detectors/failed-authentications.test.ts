import { failedAuthentications } from '../../../lib/detectors/failed-authentications.ts';
import { alice, nobody, stranger } from '../requests.ts';
import { testBreadth } from './verdicts.ts';

testBreadth(failedAuthentications, {
  hits: [['each request with a token that is not valid', { identity: stranger, auditId: 'one', order: '2026', outcome: 'refused', code: 401 }, 'one 2026']],
  misses: [
    ['a refused request of somebody', { identity: alice, outcome: 'refused', code: 403 }],
    ['a request without a token', { identity: nobody, outcome: 'refused', code: 403 }],
  ],
});
