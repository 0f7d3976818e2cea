import { nodeChange } from '../../../lib/detectors/node-change.ts';
import { testActs } from './verdicts.ts';

const change = { verb: 'delete', resource: 'nodes', namespace: '', name: 'ip-10-0-0-1' } as const;

testActs(nodeChange, {
  hits: [
    ['a node removed', change, ['delete nodes ']],
    ['a node that joins', { ...change, verb: 'create', code: 201 }, ['create nodes ']],
  ],
  misses: [
    ['a node cordoned', { ...change, verb: 'patch' }],
    ['how it is', { ...change, verb: 'update', resource: 'nodes/status' }],
    ['another group\'s kind', { ...change, resource: 'metrics.k8s.io/nodes' }],
  ],
});
