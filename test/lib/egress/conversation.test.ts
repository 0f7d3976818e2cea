import { describe, expect, test } from '@jest/globals';
import { conversationOf } from '../../../lib/egress/conversation.ts';
import type { FlowRecord } from '../../../lib/egress/flow-record.ts';

const record = (sourcePort: number, destinationPort: number, tcpFlags?: number): FlowRecord => ({
  interfaceId: '', sourceAddress: '10.0.0.1', destinationAddress: '203.0.113.9', sourcePort, destinationPort, protocol: 6, packets: 1, bytes: 1,
  start: 1790000000, end: 1790000060, accepted: true, direction: undefined, tcpFlags, instanceId: '',
});

describe('tells who asks by ports', () => {
  test.each([
    [40000, 443, true, 443],
    [443, 40000, false, 443],
    [31058, 443, true, 443],
    [40000, 5432, true, 5432],
    [5432, 40000, false, 5432],
    [40000, 3333, true, 3333],
    [1050, 3306, true, 3306],
    [8080, 53, true, 53],
    [53, 8080, false, 53],
    [40000, 50051, true, 50051],
    [40000, 4444, true, 4444],
    [4444, 40000, false, 4444],
    [62000, 8444, true, 8444],
    [123, 123, true, 123],
    [0, 0, true, 0],
    [45000, 50000, true, 50000],
  ])('%d → %d', (source, destination, sourceIsClient, servicePort) => {
    expect(conversationOf(record(source, destination))).toEqual({ sourceIsClient, servicePort });
  });
});

test('gives both directions the same service', () => {
  for (const [one, other] of [[40000, 443], [40000, 6379], [2000, 3001], [61_000, 9999]] as const) {
    expect(conversationOf(record(one, other)).servicePort).toBe(conversationOf(record(other, one)).servicePort);
    expect(conversationOf(record(one, other)).sourceIsClient).not.toBe(conversationOf(record(other, one)).sourceIsClient);
  }
});

describe('believes flags more than ports', () => {
  test.each([
    ['SYN', [443, 45_000, 2], true, 45_000],
    ['SYN and FIN', [443, 45_000, 3], true, 45_000],
    ['SYN and ACK', [45_000, 443, 18], false, 45_000],
    ['SYN, ACK and FIN', [45_000, 443, 19], false, 45_000],
    ['only FIN', [443, 45_000, 1], false, 443],
    ['none', [40_000, 443, 0], true, 443],
  ] as const)('%s', (_, [source, destination, flags], sourceIsClient, servicePort) => {
    expect(conversationOf(record(source, destination, flags))).toEqual({ sourceIsClient, servicePort });
  });
});
