import { userAgentOf } from '../../../lib/audit/user-agent.ts';
import { nodeCredential } from '../../../lib/detectors/node-credential.ts';
import { node } from '../requests.ts';
import { testActs } from './verdicts.ts';

const by = (header: string | undefined) => ({ identity: node, agent: userAgentOf(header) });
const kubelet = by('kubelet/v1.33.0 (linux/amd64) kubernetes/0000000');

testActs(nodeCredential, {
  hits: [
    ['kubectl', by('kubectl/v1.33.0 (linux/amd64) kubernetes/0000000'), ['kubectl (linux/amd64)']],
    ['a program that is only named like one', by('kubeletctl/1.12'), ['kubeletctl']],
    ['a program without a name', by(undefined), ['none']],
    ['a list of all pods', { ...kubelet, verb: 'list', resource: 'pods', namespace: 'shop' }, ['beyond: list pods']],
    ['a list of all secrets that was refused', { ...kubelet, verb: 'list', resource: 'secrets', outcome: 'refused' }, ['beyond: list secrets']],
  ],
  misses: [
    ['the kubelet', kubelet],
    ['a list of its own pods', { ...kubelet, verb: 'list', resource: 'pods', query: new URLSearchParams('fieldSelector=spec.nodeName%3Dip-10-0-0-1') }],
    ['the node\'s proxy', by('kube-proxy/v1.33.0 (linux/amd64)')],
    ['kubectl of a workload', { agent: userAgentOf('kubectl/v1.33.0') }],
  ],
});
