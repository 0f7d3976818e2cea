import type { ActDetector } from './detector.ts';

/** Programs made to attack or audit clusters, by what they say of themselves. Source: https://github.com/SigmaHQ/sigma (rules/application/kubernetes/audit) and the tools' own sources. */
const tool = /access.?matrix|kubi-?scan|who-can|kube-?hunter|peirates|kubesploit|rakkess|trufflehog|azurehound|kubeletctl|kdigger|kubebot|kubestriker|kube-bench|kubescape|nuclei|nmap|masscan|zgrab|sqlmap|gobuster|dirbuster|ffuf|feroxbuster|nikto|wpscan|hydra|metasploit|kali/i;

/** Those that some clusters run on purpose, to audit themselves. */
const auditor = /access.?matrix|kubi-?scan|who-can|rakkess|kube-bench|kubescape/i;

/** A request by a program that is made to attack. */
export const attackTool: ActDetector = {
  kind: 'act',
  id: 'attack-tool',
  category: 'mass-discovery',
  techniques: ['T1613', 'T1595'],
  check: 'Ask whether a test is under way; if not, take the credential as stolen',
  innocent: 'A security audit that was agreed on, or a scanner in the pipeline.',
  detect({ agent, identity }) {
    // The internet scans whatever it can reach: that is no news. Whoever is let in is told of anyway.
    if (identity.kind === 'anonymous' || identity.kind === 'failed-authentication') return [];
    const [name] = tool.exec(agent.text) ?? [];
    return name === undefined ? [] : [{ value: name.toLowerCase(), prior: auditor.test(name) ? 0.005 : 0.0005, words: `used a tool that is made to ${auditor.test(name) ? 'audit' : 'attack'} clusters (${name})` }];
  },
};
