import { newNetwork } from '../../../lib/detectors/new-network.ts';
import { networkOf } from '../../../lib/audit/network.ts';
import { testOrigin } from './verdicts.ts';

const from = (address: string | undefined) => ({ network: networkOf(address) });

testOrigin(newNetwork, [
  ['an address', from('203.0.113.9'), '203.0.113.0/24'],
  ['its neighbour', from('203.0.113.200'), '203.0.113.0/24'],
  ['an address within the company', from('10.1.2.3'), '10.1.0.0/16'],
  ['no address', from(undefined), 'unknown'],
  ['a text that is no address', from('203.0.113.9\u0000'), 'unknown'],
  ['a megabyte', from('1'.repeat(1_000_000)), 'unknown'],
]);
