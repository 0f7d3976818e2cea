import { newScope } from '../../../lib/detectors/new-scope.ts';
import { networkOf } from '../../../lib/audit/network.ts';
import { alice, cart } from '../requests.ts';
import { testOrigin } from './verdicts.ts';

testOrigin(newScope, [
  ['a workload within', { identity: cart, network: networkOf('10.1.2.3') }, 'private'],
  ['a workload from the internet', { identity: cart, network: networkOf('203.0.113.9') }, 'public'],
  ['a workload from an address that cannot be read', { identity: cart, network: networkOf('x') }, 'unknown'],
  ['a person at home', { identity: alice, network: networkOf('203.0.113.9') }, 'anywhere'],
  ['a person in the office', { identity: alice, network: networkOf('10.1.2.3') }, 'anywhere'],
]);
