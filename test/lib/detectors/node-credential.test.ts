import { userAgentOf } from '../../../lib/audit/user-agent.ts';
import { nodeCredential } from '../../../lib/detectors/node-credential.ts';
import { node } from '../requests.ts';
import { testActs } from './verdicts.ts';

const by = (header: string | undefined) => ({ identity: node, agent: userAgentOf(header) });

testActs(nodeCredential, {
  hits: [
    ['kubectl', by('kubectl/v1.33.0 (linux/amd64) kubernetes/0000000'), ['kubectl (linux/amd64)']],
    ['a program that is only named like one', by('kubeletctl/1.12'), ['kubeletctl']],
    ['a program without a name', by(undefined), ['none']],
  ],
  misses: [
    ['the kubelet', by('kubelet/v1.33.0 (linux/amd64) kubernetes/0000000')],
    ['the node\'s proxy', by('kube-proxy/v1.33.0 (linux/amd64)')],
    ['kubectl of a workload', { agent: userAgentOf('kubectl/v1.33.0') }],
  ],
});
