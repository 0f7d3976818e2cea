import { quotaChange } from '../../../lib/detectors/quota-change.ts';
import { testActs } from './verdicts.ts';

const quota = { verb: 'delete', resource: 'resourcequotas', namespace: 'shop', name: 'x' } as const;

testActs(quotaChange, {
  hits: [
    ['a quota lifted', quota, ['delete resourcequotas shop']],
    ['a range of limits changed', { ...quota, verb: 'patch', resource: 'limitranges' }, ['patch limitranges shop']],
  ],
  misses: [
    ['a quota set', { ...quota, verb: 'create' }],
    ['how much is used', { ...quota, verb: 'update', resource: 'resourcequotas/status' }],
    ['a quota read', { ...quota, verb: 'get' }],
  ],
});
