import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { identityOf, kindOfName, shortName } from '../../lib/identity.ts';
import { alice, auditEvent, cart, nobody, node, stranger } from './requests.ts';

type Row = readonly [title: string, user: Record<string, unknown>, id: string, kind: string];

const roleArn = (role: string, session: string) => `arn:aws:sts::123456789012:assumed-role/${role}/${session}`;

/** A caller of a role, as EKS's authenticator tells of it; access entries put the session's name into the user's. */
function assumed(role: string, session: string, username = roleArn(role, session)): Record<string, unknown> {
  return { username, groups: ['system:authenticated'], extra: { arn: [roleArn(role, session)], sessionName: [session], accessKeyId: ['ASIA0000000000000000'] } };
}

const identityFor = (user: Record<string, unknown>, address = '203.0.113.9') => identityOf(auditEvent({ user, sourceIPs: [address] }));
const sso = 'AWSReservedSSO_Admin_0123456789abcdef';
const iamUser = 'arn:aws:iam::123456789012:user/bob';

const people: Row[] = [
  ['of Identity Center', assumed(sso, 'alice@example.com', 'sso:alice-example.com'), roleArn(sso, 'alice@example.com'), 'person'],
  ['of Identity Center with numbers in the name', assumed(sso, 'u12345678'), roleArn(sso, 'u12345678'), 'person'],
  ['of IAM', { username: 'bob', extra: { arn: [iamUser] } }, iamUser, 'person'],
  ['with a role and a session named for them', assumed('Admin', 'alice.smith'), roleArn('Admin', 'alice.smith'), 'person'],
  ['federated with a mail address', assumed('Developers', 'bob@example.com'), roleArn('Developers', 'bob@example.com'), 'person'],
  ['with a role in a path', assumed('team/shop/Admin', 'alice.smith'), roleArn('team/shop/Admin', 'alice.smith'), 'person'],
];

const machines: Row[] = [
  ...['GitHubActions', 'botocore-session-1767225600', 'gitlab-4711-99', 'EKSGetTokenAuth', 'i-0123456789abcdef0', 'aws-go-sdk-1767225600000000000', 'terraform-run', '0123456789abcdef'].map(
    (session): Row => [`with sessions such as ${session}`, assumed('deployer', session), roleArn('deployer', '*'), 'role']),
  ['whose user name is a template', assumed('deployer', 'botocore-session-1', 'ci:botocore-session-1:eu'), 'ci:*:eu', 'role'],
  ['whose user name is fixed', assumed('deployer', 'botocore-session-1', 'deployer'), 'deployer', 'role'],
  ['with a session too short to look for', assumed('deployer', 'k8s', 'k8s-deployer'), 'k8s-deployer', 'role'],
];

const others: Row[] = [
  ['a node by its instance role', assumed('nodes', 'i-0123456789abcdef0', 'system:node:ip-10-0-0-1.ec2.internal'), 'system:node:ip-10-0-0-1.ec2.internal', 'node'],
  ['a node by a certificate', { username: 'system:node:ip-10-0-0-2' }, 'system:node:ip-10-0-0-2', 'node'],
  ['a workload', { username: 'system:serviceaccount:shop:cart', groups: ['system:serviceaccounts'] }, 'system:serviceaccount:shop:cart', 'service-account'],
  ['a workload named as a controller', { username: 'system:serviceaccount:shop:node-controller' }, 'system:serviceaccount:shop:node-controller', 'service-account'],
  ['a built-in controller', { username: 'system:serviceaccount:kube-system:node-controller' }, 'system:serviceaccount:kube-system:node-controller', 'control-plane'],
  ['another workload of the system', { username: 'system:serviceaccount:kube-system:coredns' }, 'system:serviceaccount:kube-system:coredns', 'service-account'],
  ['a part of EKS', { username: 'eks:addon-manager' }, 'eks:addon-manager', 'control-plane'],
  ['the scheduler', { username: 'system:kube-scheduler' }, 'system:kube-scheduler', 'control-plane'],
  ['nobody', { username: 'system:anonymous', groups: ['system:unauthenticated'] }, 'system:anonymous', 'anonymous'],
  ['nobody by another name', { username: 'x', groups: ['system:unauthenticated'] }, 'system:anonymous', 'anonymous'],
  ['a token that is not valid', {}, 'failed authentication from 203.0.113.9', 'failed-authentication'],
  ['a user of another identity provider', { username: 'oidc:carol' }, 'oidc:carol', 'user'],
  ['an ARN that is empty', { username: 'carol', extra: { arn: [''] } }, 'carol', 'user'],
  ['an ARN that is none', { username: 'carol', extra: { arn: ['x'] } }, 'x', 'person'],
];

describe('knows', () => {
  test.each(people)('a person %s', (_, user, id, kind) => { expect(identityFor(user)).toMatchObject({ id, kind }); });
  test.each(machines)('as one role all callers %s', (_, user, id, kind) => { expect(identityFor(user)).toMatchObject({ id, kind }); });
  test.each(others)('%s', (_, user, id, kind) => { expect(identityFor(user)).toMatchObject({ id, kind }); });
});

describe('keeps one identity', () => {
  test('of a person over sessions, keys and addresses', () => {
    const extra = { arn: [roleArn(sso, 'alice@example.com')], sessionName: ['alice@example.com'] };
    const sessions = ['ASIA1', 'ASIA2'].map((key, index) => identityFor({ username: 'alice', extra: { ...extra, accessKeyId: [key] } }, `203.0.113.${String(index)}`));
    expect(sessions[1]).toEqual(sessions[0]);
  });

  test('of somebody who acts as somebody else', () => {
    expect(identityOf(auditEvent({ impersonatedUser: { username: 'system:masters' } })).id).toBe('system:serviceaccount:shop:cart');
  });

  test('of a pipeline over its runs', () => {
    const runs = fc.integer({ min: 1e9, max: 2e9 }).map((time) => identityFor(assumed('deployer', `botocore-session-${String(time)}`)).id);
    fc.assert(fc.property(runs, (id) => { expect(id).toBe(roleArn('deployer', '*')); }));
  });
});

describe('takes as peers', () => {
  test('people with one role, workloads of one name, and nodes', () => {
    expect(identityFor(assumed(sso, 'alice@example.com')).peerGroup).toBe(identityFor(assumed(sso, 'bob@example.com')).peerGroup);
    expect(identityFor({ username: 'system:serviceaccount:a:cart' }).peerGroup).toBe(identityFor({ username: 'system:serviceaccount:b:cart' }).peerGroup);
    expect(identityFor({ username: 'system:node:a' }).peerGroup).toBe(identityFor({ username: 'system:node:b' }).peerGroup);
  });

  test('nobody of another role or another account', () => {
    const groups = ['arn:aws:sts::123456789012:assumed-role/One/alice.a', 'arn:aws:sts::123456789012:assumed-role/Two/alice.a', 'arn:aws:sts::210987654321:assumed-role/One/alice.a'];
    expect(new Set(groups.map((arn) => identityFor({ username: 'x', extra: { arn: [arn] } }).peerGroup)).size).toBe(3);
  });
});

test('gives a bounded, whole, non-empty name to anything', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constant('\ud800'), fc.constant('x'.repeat(10_000)), fc.constant('arn:aws:sts::1:assumed-role/a/\u0000'));
  const lists = fc.option(fc.array(text, { maxLength: 2 }), { nil: undefined });
  fc.assert(fc.property(text, lists, lists, (username, arn, sessionName) => {
    const event = { ...auditEvent(), user: { username, extra: { ...(arn && { arn }), ...(sessionName && { sessionName }) } }, sourceIPs: [username] };
    const { id, peerGroup } = identityOf(event);
    expect(id.length > 0 && id.length <= 500 && peerGroup.length <= 500).toBe(true);
    expect(id.isWellFormed() && peerGroup.isWellFormed()).toBe(true);
  }));
});

test.each([
  [alice.id, 'alice@example.com', 'person'],
  ['arn:aws:iam::1:user/team/anna', 'anna', 'person'],
  ['arn:aws:sts::1:assumed-role/deploy/*', 'role deploy', 'role'],
  ['github-deploy', 'github-deploy', 'role'],
  [cart.id, 'service account shop/cart', 'service-account'],
  [node.id, 'node ip-10-0-0-1.ec2.internal', 'node'],
  ['system:kube-scheduler', 'system:kube-scheduler', 'control-plane'],
  [nobody.id, 'an anonymous caller', 'anonymous'],
  [stranger.id, 'a caller from 203.0.113.9', 'failed-authentication'],
])('in a sentence %s is %s, and by its name a %s', (identity, name, kind) => {
  expect([shortName(identity), kindOfName(identity)]).toEqual([name, kind]);
});
