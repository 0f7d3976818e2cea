import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AuditEvent } from '../../../lib/audit/event.ts';
import { addressFactsOf, type AddressFact, type PodFact, type Sighting } from '../../../lib/egress/address-facts.ts';
import { bound, called, created, deleted, eventAt, finished, listed, monday, pod, podObject, running, tokenAsked } from './address-events.ts';

const key = 'shop/cart-678ccd5cd7-ndglg/0e73ddeb';
const isPod = (fact: AddressFact): fact is PodFact => fact.kind === 'pod';
const isSighting = (fact: AddressFact): fact is Sighting => fact.kind === 'sighting';
/** All that is told of the pod in one. */
const told = (event: AuditEvent) => Object.assign({}, ...addressFactsOf(event).filter(isPod).map((fact) => Object.fromEntries(Object.entries(fact).filter(([, value]) => value !== undefined)))) as Partial<PodFact>;
const seen = (event: AuditEvent) => addressFactsOf(event).filter(isSighting).map(({ place, holder, isCertain }) => `${place} ${holder}${isCertain ? '' : ' perhaps'}`);

describe('learns', () => {
  test('from its creation what a pod is', () => {
    expect(told(created(0))).toMatchObject({ pod: key, time: monday, serviceAccount: 'cart', workload: 'Deployment/cart', isOnHostNetwork: false });
  });

  test('from the scheduler where it runs', () => {
    expect(told(bound(0))).toMatchObject({ pod: key, node: pod.node });
    expect(seen(bound(0))).toEqual([`node/${pod.node} ${key}`]);
  });

  test('from its kubelet the addresses of the pod and of the node', () => {
    expect(told(running(5))).toMatchObject({ pod: key, time: monday + 5, node: pod.node, addresses: ['10.0.1.5'] });
    expect(seen(running(5))).toEqual([`10.0.9.1 node/${pod.node} perhaps`, `10.0.1.5 ${key}`, `node/${pod.node} ${key}`, `10.0.9.1 node/${pod.node}`]);
  });

  test('IPv6 addresses in the one way', () => {
    const event = running(0, pod, { requestObject: { metadata: { uid: pod.uid }, status: { podIP: '2600:1F18:0:1::5', podIPs: [{ ip: '2600:1f18:0:1::5' }] } } });
    expect(told(event).addresses).toEqual(['2600:1f18:0:1::5']);
  });

  test('that a pod on the host\'s network has no address of its own', () => {
    const event = running(0, { ...pod, address: '10.0.9.1' });
    expect(told(event)).toMatchObject({ isOnHostNetwork: true, addresses: [] });
    expect(seen(event)).not.toContain(`10.0.9.1 ${key}`);
    expect(told(created(0, pod, { responseObject: podObject(pod, { spec: { hostNetwork: true } }) })).isOnHostNetwork).toBe(true);
  });

  test('when a pod is gone', () => {
    expect(told(finished(60)).ended).toBe(monday + 60);
    expect(told(deleted(60))).toMatchObject({ ended: monday + 60, addresses: ['10.0.1.5'] });
    expect(told(deleted(60, pod, 30)).ended).toBe(monday + 90);
    const missing = { verb: 'delete', user: { username: `system:node:${pod.node}` }, objectRef: { resource: 'pods', namespace: 'shop', name: pod.name }, responseStatus: { code: 404 }, requestObject: { preconditions: { uid: pod.uid } } };
    expect(told(eventAt(60, missing))).toMatchObject({ pod: key, ended: monday + 60 });
    expect(addressFactsOf(eventAt(60, { ...missing, user: { username: 'mallory' } }))).toEqual([]);
  });

  test('from token requests the service account of a pod made long ago', () => {
    expect(told(tokenAsked(0))).toMatchObject({ pod: key, serviceAccount: 'cart', node: pod.node });
  });

  test('from Endpoints and their slices', () => {
    expect(seen(listed(0))).toEqual([`10.0.1.5 ${key}`, `node/${pod.node} ${key}`]);
    const slice = listed(0, [], { objectRef: { resource: 'endpointslices', apiGroup: 'discovery.k8s.io', namespace: 'shop', name: 'cart-x' }, user: { username: 'system:serviceaccount:kube-system:endpointslice-controller' }, requestObject: { endpoints: [{ addresses: ['10.0.1.5'], targetRef: { kind: 'Pod', namespace: 'shop', name: pod.name, uid: pod.uid } }] } });
    expect(seen(slice)).toEqual([`10.0.1.5 ${key}`]);
  });

  test('from Endpoints also of pods that are not ready', () => {
    const notReady = listed(0, [], { requestObject: { subsets: [{ notReadyAddresses: [{ ip: '10.0.1.5', targetRef: { kind: 'Pod', namespace: 'shop', name: pod.name, uid: pod.uid } }] }] } });
    expect(seen(notReady)).toEqual([`10.0.1.5 ${key}`]);
  });

  test('from its own requests, not for certain, and not from public addresses', () => {
    expect(told(called(0))).toMatchObject({ pod: key, serviceAccount: 'cart', node: pod.node, callsFrom: '10.0.1.5' });
    expect(seen(called(0))).toContain(`10.0.1.5 ${key} perhaps`);
    expect(told(called(0, pod, '203.0.113.9')).callsFrom).toBeUndefined();
    expect(seen(called(0, pod, '203.0.113.9'))).toEqual([`node/${pod.node} ${key}`]);
  });

  test('from a node\'s status its address', () => {
    const event = eventAt(0, { verb: 'patch', user: { username: 'system:node:n1' }, objectRef: { resource: 'nodes', name: 'n1', subresource: 'status' }, sourceIPs: [], requestObject: { status: { addresses: [{ type: 'InternalIP', address: '10.0.9.1' }, { type: 'Hostname', address: 'n1' }] } } });
    expect(seen(event)).toEqual(['10.0.9.1 node/n1']);
  });
});

describe('does not believe', () => {
  test('who says that a controller made his pod', () => {
    expect(told(created(0, pod, { user: { username: 'mallory' } })).workload).toBe('Pod/cart-*-ndglg');
  });

  test.each<[string, AuditEvent]>([
    ['Endpoints that others write', listed(0, [pod], { user: { username: 'system:serviceaccount:shop:cart' } })],
    ['a status that others write', running(0, pod, { user: { username: 'mallory' } })],
    ['a status that was refused', running(0, pod, { responseStatus: { code: 403 }, sourceIPs: [] })],
    ['a request that has only come', { ...running(0), stage: 'RequestReceived' }],
    ['an impersonator', { ...called(0), impersonatedUser: { username: 'x' } }],
    ['a deletion that is only tried', eventAt(0, { verb: 'delete', objectRef: { resource: 'pods', namespace: 'shop', name: pod.name }, responseStatus: { code: 403 }, responseObject: { kind: 'Status' } })],
    ['a node about another node', eventAt(0, { verb: 'patch', user: { username: 'system:node:n2' }, sourceIPs: [], objectRef: { resource: 'nodes', name: 'n1', subresource: 'status' }, requestObject: { status: { addresses: [{ type: 'InternalIP', address: '10.0.9.1' }] } } })],
  ])('%s', (_, event) => { expect(addressFactsOf(event)).toEqual([]); });

  test('addresses and names that are none', () => {
    const status = (podIP: unknown) => running(0, pod, { sourceIPs: [], requestObject: { metadata: { uid: pod.uid }, status: { podIP, phase: 5 } } });
    for (const podIP of ['', 'x', 5, null, '10.0.0.256', '1'.repeat(1000)]) expect(seen(status(podIP))).toEqual([`node/${pod.node} ${key}`]);
    expect(addressFactsOf(created(0, pod, { responseObject: podObject(pod, { metadata: { name: '../\u0000' } }) }))).toEqual([]);
  });
});

test('says nothing of other events, and breaks on no body', () => {
  expect(addressFactsOf(eventAt(0, {}))).toEqual([]);
  const events = [created(0), running(0), deleted(0), bound(0), tokenAsked(0), listed(0)];
  fc.assert(fc.property(fc.constantFrom(...events), fc.jsonValue(), fc.constantFrom('requestObject', 'responseObject'), (event, body, field) => {
    expect(Array.isArray(addressFactsOf({ ...event, [field]: body }))).toBe(true);
  }));
});
