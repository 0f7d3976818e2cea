import { nodeChange } from '../../../lib/detectors/node-change.ts';
import { testActs } from './verdicts.ts';

const change = { verb: 'delete', resource: 'nodes', namespace: '', name: 'ip-10-0-0-1' } as const;

testActs(nodeChange, {
  hits: [
    ['a node removed', change, ['delete nodes ']],
    ['a node made by somebody else', { ...change, verb: 'create', code: 201 }, ['create nodes ']],
    ['a node that makes another', { ...change, verb: 'create', code: 201, username: 'system:node:ip-10-0-0-2' }, ['create nodes ']],
  ],
  misses: [
    ['a node that joins', { ...change, verb: 'create', code: 201, username: 'system:node:ip-10-0-0-1' }],
    ['a node that joins, as its body says', { ...change, verb: 'create', name: '', code: 201, username: 'system:node:ip-10-0-0-1', body: { metadata: { name: 'ip-10-0-0-1' } } }],
    ['a node cordoned', { ...change, verb: 'patch' }],
    ['how it is', { ...change, verb: 'update', resource: 'nodes/status' }],
    ['another group\'s kind', { ...change, resource: 'metrics.k8s.io/nodes' }],
  ],
});
