import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeAddressShard, encodeAddressShard } from '../../../lib/egress/address-codec.ts';
import { AddressBook, interfaceFactsOf, type Holder } from '../../../lib/egress/address-book.ts';
import { addressFactsOf } from '../../../lib/egress/address-facts.ts';
import { addFact, newAddressShard, shardOfFact, type AddressShard } from '../../../lib/egress/address-shard.ts';
import type { FlowRecord } from '../../../lib/egress/flow-record.ts';
import { seeded } from '../states.ts';
import { bound, called, created, deleted, eventAt, finished, listed, monday, pod, podObject, running, tokenAsked, type TestPod } from './address-events.ts';
import { bookOf, holderAt, lifeOf, shardsOf } from './address-world.ts';

const other: TestPod = { ...pod, name: 'cart-678ccd5cd7-st2ln', uid: '6c86cb8e-b6aa-4478-ac8f-323ab741ba6f' };
const third: TestPod = { ...pod, name: 'search-646d9c954-h2wss', uid: 'aaaaaaaa-b6aa-4478-ac8f-323ab741ba6f', address: '10.0.1.7' };
const nameOf = (holder: Holder | undefined) => (holder?.kind === 'pod' ? holder.pod : holder && `${holder.kind} ${holder.name}`);

describe('in a cluster with constant churn', () => {
  const records = (seed: number, hours: number) => {
    const random = seeded(seed + 1);
    return lifeOf(seed, hours).truths.flatMap((truth) => Array.from({ length: 3 }, () => {
      const start = truth.from + Math.floor(random() * (truth.to - truth.from));
      return { truth, start, end: Math.min(truth.to, start + Math.floor(random() * 600)) };
    }));
  };
  const wrong = (book: AddressBook, seed: number, hours: number) => records(seed, hours).filter(({ truth, start, end }) => nameOf(holderAt(book, truth.pod.address, [start, end])) !== truth.pod.name);

  test('finds the holder for every record whose address had one during it, a day later too', () => {
    fc.assert(fc.property(fc.nat(), (seed) => {
      const shards = shardsOf(lifeOf(seed, 30).events.map(({ event }) => event));
      const kept = new Map([...shards].map(([index, shard]) => [index, decodeAddressShard(encodeAddressShard(shard))]));
      expect(records(seed, 30).length).toBeGreaterThan(1000);
      expect(wrong(new AddressBook(kept), seed, 30)).toEqual([]);
    }), { numRuns: 4 });
  });

  test('keeps the same, in any order within five minutes and with repeats', () => {
    fc.assert(fc.property(fc.nat(), (seed) => {
      const random = seeded(seed);
      const { events } = lifeOf(seed, 6);
      const shuffled = events.flatMap((one) => (random() < 0.2 ? [one, one] : [one])).map((one) => ({ ...one, at: one.at + random() * 300 })).sort((one, next) => one.at - next.at);
      const bytes = (list: readonly (typeof events)[number][]) => new Map([...shardsOf(list.map(({ event }) => event))].sort(([one], [next]) => one - next).map(([index, shard]) => [index, encodeAddressShard(shard)]));
      expect(bytes(shuffled)).toEqual(bytes(events));
    }), { numRuns: 8 });
  });

  test('says that nothing changed when all comes again', () => {
    const { events } = lifeOf(7, 6);
    const shards = shardsOf(events.map(({ event }) => event));
    const facts = events.flatMap(({ event }) => addressFactsOf(event));
    expect(facts.length).toBeGreaterThan(1000);
    expect(facts.filter((fact) => addFact(shards.get(shardOfFact(fact)) ?? newAddressShard(), fact))).toEqual([]);
  });
});

describe('tells who a pod is', () => {
  test('with its workload, service account and node', () => {
    expect(holderAt(bookOf(created(0), bound(1), running(3)), '10.0.1.5', [10, 20])).toEqual({ kind: 'pod', namespace: 'shop', pod: pod.name, workload: 'Deployment/cart', serviceAccount: 'cart', node: pod.node, isInferred: false });
  });

  test('when it was made before anything was seen of it', () => {
    expect(holderAt(bookOf(tokenAsked(0), listed(3)), '10.0.1.5', [10, 20])).toMatchObject({ workload: 'Deployment/cart', serviceAccount: 'cart', node: pod.node });
    expect(holderAt(bookOf(called(0)), '10.0.1.5', [10, 20])).toMatchObject({ workload: 'Deployment/cart', serviceAccount: 'cart' });
  });

  test('and not when nobody is known', () => {
    expect(holderAt(bookOf(), '10.0.1.5', [0, 1])).toBeUndefined();
    expect(holderAt(bookOf(running(1000)), '10.0.1.5', [0, 60])).toBeUndefined();
    expect(holderAt(bookOf(running(0), deleted(100)), '10.0.1.5', [400, 460])).toBeUndefined();
    expect(holderAt(bookOf(running(0), finished(100)), '10.0.1.5', [400, 460])).toBeUndefined();
  });

  test('and after a deletion of a collection until its kubelet says that it is gone', () => {
    const all = eventAt(100, { verb: 'deletecollection', user: { username: 'anna' }, objectRef: { resource: 'pods', namespace: 'shop' }, responseObject: { kind: 'PodList', items: [podObject(pod)] } });
    expect(nameOf(holderAt(bookOf(running(0), all), '10.0.1.5', [110, 120]))).toBe(pod.name);
    expect(nameOf(holderAt(bookOf(running(0), all, deleted(130)), '10.0.1.5', [110, 120]))).toBe(pod.name);
    expect(holderAt(bookOf(running(0), all, deleted(130)), '10.0.1.5', [400, 460])).toBeUndefined();
  });
});

describe('when an address changes hands', () => {
  const book = bookOf(running(0), deleted(100), running(140, other));

  test.each([[10, 60, pod.name], [0, 130, pod.name], [60, 400, other.name], [150, 150, other.name], [-3, -1, pod.name], [102, 104, pod.name], [137, 139, other.name]])('from %d to %d it was %s\'s', (from, to, name) => {
    expect(nameOf(holderAt(book, '10.0.1.5', [from, to]))).toBe(name);
  });

  test('the next holder ends a tenure whose end was not seen', () => {
    expect(nameOf(holderAt(bookOf(running(0), running(140, other)), '10.0.1.5', [150, 200]))).toBe(other.name);
  });

  test('a list that still has the one before changes nothing', () => {
    expect(nameOf(holderAt(bookOf(created(0), deleted(100), running(140, other), listed(150)), '10.0.1.5', [160, 200]))).toBe(other.name);
  });

  test('a pod whose network was made anew has its new address', () => {
    const moved = { ...pod, address: '10.0.1.6' };
    const again = bookOf(running(0), running(100, moved));
    expect(nameOf(holderAt(again, '10.0.1.6', [110, 120]))).toBe(pod.name);
    expect(holderAt(again, '10.0.1.5', [400, 420])).toBeUndefined();
  });

  test('a name that comes again is another pod', () => {
    const next = { ...pod, uid: 'bbbbbbbb-1111', address: '10.0.1.6' };
    const again = bookOf(running(0), deleted(100), running(140, next));
    expect(nameOf(holderAt(again, '10.0.1.6', [150, 160]))).toBe(pod.name);
    expect(holderAt(again, '10.0.1.5', [300, 360])).toBeUndefined();
  });
});

describe('where requests alone tell', () => {
  test('an address that speaks for many at once is nobody\'s', () => {
    expect(holderAt(bookOf(called(0), called(10, third, '10.0.1.5'), called(1300), called(1310, third, '10.0.1.5')), '10.0.1.5', [1320, 1330])).toBeUndefined();
  });

  test('an address that speaks for one after the other is theirs in turn', () => {
    const book = bookOf(called(0), called(1300), called(5000, third, '10.0.1.5'), called(9000, third, '10.0.1.5'));
    expect([[10, 20], [9000, 9010]].map(([from = 0, to = 0]) => nameOf(holderAt(book, '10.0.1.5', [from, to])))).toEqual([pod.name, third.name]);
  });

  test('a stolen token does not make its pod the holder of the thief\'s address', () => {
    expect(nameOf(holderAt(bookOf(running(0), running(0, third), called(10, third, pod.address)), pod.address, [20, 30]))).toBe(pod.name);
  });

  test('a node\'s stolen credentials do not make a pod\'s address the node\'s', () => {
    const thief = eventAt(50, { user: { username: `system:node:${pod.node}` }, sourceIPs: [pod.address] });
    expect(nameOf(holderAt(bookOf(running(0), thief), pod.address, [60, 70]))).toBe(pod.name);
  });
});

describe('of a node\'s own address', () => {
  const host: TestPod = { ...third, address: '10.0.9.1' };
  const book = bookOf(running(0), running(5, host), running(0, { ...other, node: 'ip-10-0-9-2.ec2.internal', address: '10.0.2.5' }));

  test('names the node and all its pods as candidates, those on the host\'s network first', () => {
    const holder = holderAt(book, '10.0.9.1', [10, 20]);
    expect(holder).toMatchObject({ kind: 'node', name: pod.node, isInferred: false });
    expect(holder?.kind === 'node' && holder.candidates.map((one) => one.pod)).toEqual([third.name, pod.name]);
  });

  test('names no pods that were gone', () => {
    const holder = holderAt(bookOf(running(0), finished(100), running(200, third)), '10.0.9.1', [400, 420]);
    expect(holder?.kind === 'node' && holder.candidates.map((one) => one.pod)).toEqual([third.name]);
  });

  test('is the node\'s though Endpoints name a pod on the host\'s network', () => {
    expect(nameOf(holderAt(bookOf(running(0), listed(5, [host])), '10.0.9.1', [10, 20]))).toBe(`node ${pod.node}`);
  });

  test('is nobody\'s when requests of several nodes come from it at once', () => {
    const from = (seconds: number, node: string) => eventAt(seconds, { user: { username: `system:node:${node}` }, sourceIPs: ['10.9.9.9'] });
    expect(nameOf(holderAt(bookOf(from(0, 'n1')), '10.9.9.9', [10, 20]))).toBe('node n1');
    expect(holderAt(bookOf(from(0, 'n1'), from(10, 'n2'), from(1300, 'n1'), from(1300, 'n2')), '10.9.9.9', [1310, 1320])).toBeUndefined();
  });
});

describe('by the interface', () => {
  const flow = (sourceAddress: string, seconds: number, direction: FlowRecord['direction'] = 'egress'): FlowRecord => ({
    interfaceId: 'eni-1', sourceAddress, destinationAddress: '203.0.113.9', sourcePort: 40_000, destinationPort: 443, protocol: 6, packets: 1, bytes: 1,
    start: monday + seconds, end: monday + seconds, accepted: true, direction, tcpFlags: undefined, instanceId: '',
  });

  /** A book that has seen flows, and what it says of each. */
  function seen(shards: Map<number, AddressShard>, flows: readonly FlowRecord[]): (Holder | undefined)[] {
    const book = new AddressBook(shards);
    return flows.map((record) => {
      const holder = book.holderAt({ address: record.sourceAddress, start: record.start, end: record.end, interfaceId: record.interfaceId });
      for (const fact of interfaceFactsOf(record, holder)) {
        const shard = shards.get(shardOfFact(fact)) ?? newAddressShard();
        shards.set(shardOfFact(fact), shard);
        addFact(shard, fact);
      }
      return holder;
    });
  }

  test('finds the one pod of its node whose address nothing tells', () => {
    const [before, known, after] = seen(shardsOf([running(0), tokenAsked(0, other)]), [flow('10.0.1.8', 5), flow('10.0.1.5', 10), flow('10.0.1.8', 20)]);
    expect(before).toBeUndefined();
    expect(known).toMatchObject({ pod: pod.name, isInferred: false });
    expect(after).toMatchObject({ kind: 'pod', pod: other.name, isInferred: true, workload: 'Deployment/cart' });
  });

  test('names all that can be, where there are several pods or several addresses', () => {
    const two = seen(shardsOf([running(0), tokenAsked(0, other), tokenAsked(0, third)]), [flow('10.0.1.5', 10), flow('10.0.1.8', 20)])[1];
    expect(two).toMatchObject({ kind: 'node', name: pod.node, isInferred: true });
    expect(two?.kind === 'node' && two.candidates.map((one) => one.pod)).toEqual([other.name, third.name]);
    expect(seen(shardsOf([running(0), tokenAsked(0, other)]), [flow('10.0.1.5', 10), flow('10.0.1.8', 20), flow('10.0.1.9', 30)])[2]).toMatchObject({ kind: 'node', isInferred: true });
  });

  test('counts no pods on the host\'s network', () => {
    const agent = { ...third, namespace: 'kube-system', name: 'kube-proxy-h4vkb' };
    const shards = shardsOf([running(0), tokenAsked(0, other), tokenAsked(0, agent, 'kube-proxy'), running(0, { ...third, address: '10.0.9.1' })]);
    expect(seen(shards, [flow('10.0.1.5', 10), flow('10.0.1.8', 20)])[1]).toMatchObject({ pod: other.name, isInferred: true });
  });

  test('learns nothing from what came in', () => {
    expect(interfaceFactsOf(flow('10.0.1.5', 0, 'ingress'), holderAt(bookOf(running(0)), '10.0.1.5', [0, 0]))).toEqual([]);
    expect(interfaceFactsOf(flow('10.0.1.5', 0), undefined)).toEqual([]);
  });
});

test('says which parts a look-up needs, and needs no others', () => {
  const whole = shardsOf([created(0), running(3), running(3, third), tokenAsked(5, other)]);
  for (const address of ['10.0.1.5', '10.0.9.1', '10.9.9.9']) {
    const some = new Map<number, AddressShard>();
    const book = new AddressBook(some);
    for (let round = 0; round < 5; round++) {
      for (const index of book.shardsFor({ address, start: monday, end: monday + 60 })) some.set(index, whole.get(index) ?? newAddressShard());
    }
    expect(holderAt(book, address, [10, 20])).toEqual(holderAt(new AddressBook(whole), address, [10, 20]));
  }
});

test('a whole pod in any answer tells its address', () => {
  const patched = eventAt(0, { verb: 'patch', user: { username: 'system:serviceaccount:kube-system:job-controller' }, objectRef: { resource: 'pods', namespace: 'shop', name: pod.name }, responseObject: podObject(pod, { spec: { nodeName: pod.node }, status: { podIP: pod.address } }) });
  expect(nameOf(holderAt(bookOf(patched), pod.address, [10, 20]))).toBe(pod.name);
});
