import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { firstSteps, type StepsFor } from '../../lib/first-steps.ts';
import type { IdentityKind } from '../../lib/identity.ts';
import { hostileText } from './states.ts';
import { alice, cart, node, nobody, stranger } from './requests.ts';

const stepsFor = (given: Pick<StepsFor, 'identity' | 'kind'> & Partial<StepsFor>) => firstSteps({ cluster: 'prod', firstSeen: Date.parse('2026-03-01T09:00:10Z'), ...given }).join('\n');
const of = ({ id, kind }: { id: string; kind: IdentityKind }) => stepsFor({ identity: id, kind });

describe('first', () => {
  test.each([
    ['a person is asked', of(alice), 'Ask alice@example.com, by phone rather than by mail: was this you?'],
    ['a person\'s role is named', of(alice), 'take the role AWSReservedSSO_Admin_0123456789abcdef out of the cluster: aws eks list-access-entries --cluster-name prod, then delete-access-entry, or its line in aws-auth. All who use it lose access'],
    ['a user\'s keys are made inactive', of({ id: 'arn:aws:iam::1:user/team/anna', kind: 'person' }), 'aws iam list-access-keys --user-name anna'],
    ['a service account\'s rights are listed', of(cart), 'kubectl auth can-i --list --as=system:serviceaccount:shop:cart -n shop'],
    ['a service account\'s pods are deleted', of(cart), 'kubectl delete pod -n shop --field-selector spec.serviceAccountName=cart'],
    ['a pipeline\'s run is looked for', of({ id: 'deploy', kind: 'role' }), 'Find the run of the pipeline deploy at 2026-03-01 09:00 UTC'],
    ['a user\'s rights are listed', of({ id: 'anna', kind: 'user' }), 'kubectl auth can-i --list --as=anna'],
    ['a node\'s pods are listed', of(node), '--field-selector spec.nodeName=ip-10-0-0-1.ec2.internal'],
    ['the binding of strangers is looked for', of(nobody), 'kubectl get clusterrolebindings,rolebindings -A -o wide'],
    ['an address is shut out', of(stranger), 'aws eks update-cluster-config --name prod'],
    ['an address inside is looked up', of({ id: 'address 10.0.0.7', kind: 'user' }), 'grep -w 10.0.0.7'],
  ])('%s', (_name, steps, words) => { expect(steps).toContain(words); });
});

describe('a name that a shell would obey', () => {
  test.each(['system:serviceaccount:shop:$(reboot)', 'system:serviceaccount:shop:a;b', 'system:serviceaccount:a`b`:c', 'system:serviceaccount:shop:a b', 'system:serviceaccount:shop:a\nb', 'system:serviceaccount:shop:-rf'])('stands in no command: %j', (identity) => {
    const steps = firstSteps({ identity, kind: 'service-account', cluster: 'prod', firstSeen: 0 });
    expect(steps.join('\n')).not.toContain('kubectl delete');
    expect(steps).toHaveLength(2);
  });

  test('of a cluster elsewhere says where it is', () => {
    expect(stepsFor({ identity: alice.id, kind: 'person', cluster: '444455556666/us-east-1/prod' })).toContain('aws eks list-access-entries --cluster-name prod --region us-east-1 (with credentials of account 444455556666), then delete-access-entry');
  });

  test('of a cluster stands in no command', () => {
    expect(stepsFor({ identity: alice.id, kind: 'person', cluster: 'a&&b' })).not.toContain('aws eks');
  });

  test('is not said where it could be taken for a command', () => {
    expect(stepsFor({ identity: 'anna: kubectl delete ns shop #', kind: 'user' })).toBe('Find out who or what logs in as this identity, and see its rights');
  });

  test('does not get into a command, whatever it is', () => {
    fc.assert(fc.property(hostileText, hostileText, (identity, cluster) => {
      for (const step of firstSteps({ identity: `system:serviceaccount:shop:${identity}`, kind: 'service-account', cluster, firstSeen: 0 })) {
        expect(/: (kubectl .*)$/s.exec(step)?.[1] ?? '').toMatch(/^[\w.:@/+= -]*$/);
      }
    }));
  });
});
