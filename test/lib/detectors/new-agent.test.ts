import { expect, test } from '@jest/globals';
import { newAgent } from '../../../lib/detectors/new-agent.ts';
import { userAgentOf } from '../../../lib/audit/user-agent.ts';
import { alice, apiRequest, cart } from '../requests.ts';
import { testOrigin } from './verdicts.ts';

const by = (header: string | undefined) => ({ agent: userAgentOf(header) });

testOrigin(newAgent, [
  ['a program', by('kubectl/v1.33.2 (darwin/arm64) kubernetes/abcdef0'), 'kubectl (darwin/arm64)'],
  ['the program\'s next version', by('kubectl/v1.34.0 (darwin/arm64) kubernetes/0123456'), 'kubectl (darwin/arm64)'],
  ['no header', by(undefined), 'none'],
  ['a header of blanks', by('   '), 'none'],
  ['a header of a megabyte', by('x'.repeat(1_000_000)), 'x'.repeat(60)],
]);

test('takes a program of people for less likely in the hands of a workload', () => {
  const prior = (identity: typeof alice, header: string) => newAgent.prior(apiRequest({ identity, ...by(header) }));
  expect(prior(cart, 'curl/8.5.0')).toBeLessThan(prior(cart, 'cart/1.0'));
  expect(prior(cart, 'curl/8.5.0')).toBeLessThan(prior(alice, 'curl/8.5.0'));
  expect(prior(cart, 'curlew/1.0')).toBe(prior(cart, 'cart/1.0'));
});
