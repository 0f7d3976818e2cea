import { expect, test } from '@jest/globals';
import { userAgentOf } from '../../../lib/audit/user-agent.ts';
import { attackTool } from '../../../lib/detectors/attack-tool.ts';
import { apiRequest } from '../requests.ts';
import { testActs } from './verdicts.ts';

const by = (header: string | undefined) => ({ agent: userAgentOf(header) });

testActs(attackTool, {
  hits: [
    ['a hunter', by('kube-hunter/0.6.8'), ['kube-hunter']],
    ['a scanner, however it is written', by('Nuclei - Open-source project (github.com/projectdiscovery/nuclei)'), ['nuclei']],
    ['a distribution made for attacks', by('kubectl/v1.33.0 (kali/amd64)'), ['kali']],
    ['a build made for attacks', by('kubectl/v1.33.2+kali (linux/amd64)'), ['kali']],
  ],
  misses: [
    ['kubectl', by('kubectl/v1.33.0 (linux/amd64) kubernetes/0000000')],
    ['a kubelet', by('kubelet/v1.33.0 (linux/amd64) kubernetes/0000000')],
    ['no header', by(undefined)],
    ['a header of a megabyte', by('x'.repeat(1_000_000))],
    ['a header of control characters', by('\u0000\ud800')],
  ],
});

test('takes an auditor for less grave than a tool of attackers', () => {
  const likely = (header: string) => attackTool.detect(apiRequest(by(header)))[0]?.prior ?? 0;
  expect(likely('kubescape/3.0')).toBeGreaterThan(likely('peirates/1.1'));
});
