import { miningWorkload } from '../../../lib/detectors/mining-workload.ts';
import { testActs } from './verdicts.ts';

const run = (container: unknown, given = {}) => ({ verb: 'create', resource: 'pods', namespace: 'shop', name: 'cart', body: { spec: { containers: [container] } }, ...given });

testActs(miningWorkload, {
  hits: [
    ['a miner\'s image', run({ image: 'example.com/xmrig:6' }), ['shop']],
    ['a miner by what it runs', run({ image: 'busybox', command: ['sh', '-c', './x -o stratum+tcp://203.0.113.9:3333'] }), ['shop']],
    ['a miner by its name', run({}, { name: 'miner-1' }), ['shop']],
    ['a miner beside fields of other types', run({ name: 7, image: 'monero', command: 'x', args: [1] }), ['shop']],
  ],
  misses: [
    ['an ordinary image', run({ image: 'example.com/cart:6' })],
    ['a word that only contains the other', run({ image: 'example.com/determiner:1' })],
    ['a refused one', run({ image: 'xmrig' }, { outcome: 'refused', code: 403 })],
    ['one deleted', run({ image: 'xmrig' }, { verb: 'delete' })],
    ['one whose body was not kept', run({}, { body: undefined })],
  ],
});
