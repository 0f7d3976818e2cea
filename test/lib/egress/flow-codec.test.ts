import { describe, expect, test } from '@jest/globals';
import { maxItemBytes, pack } from '../../../lib/baseline/codec.ts';
import { advanceFlows, learnFlow, newFlowBaseline, sentIn, type FlowBaseline, type FlowFact } from '../../../lib/egress/flow-baseline.ts';
import { decodeFlows, encodeFlows } from '../../../lib/egress/flow-codec.ts';
import { seeded } from '../states.ts';

const begin = 3_000_000;

function fact(window: number, hash: number, given: Partial<FlowFact> = {}): FlowFact {
  return { window, hash, bytes: 2_000_000, destination: '203.0.113.0/24', address: '203.0.113.9', port: 443, service: undefined, leadsFurther: false, accepted: true, ...given };
}

function learned(facts: readonly FlowFact[]): FlowBaseline {
  const baseline = newFlowBaseline();
  for (const one of facts) {
    advanceFlows(baseline, one.window);
    learnFlow(baseline, one);
  }
  return baseline;
}

const usual = () => learned(Array.from({ length: 2000 }, (_, index) => fact(begin + index, index, { isAnswer: index % 3 === 0 })));

describe('the baseline of a workload\'s traffic', () => {
  test('is read as it was written', () => {
    expect(decodeFlows(encodeFlows(usual()))).toEqual(usual());
  });

  test('of the first release is read, and learned on', () => {
    const { inHour, open, destinations, ports, services, raised, ...rest } = usual();
    expect(inHour.size).toBeGreaterThan(100);
    const first = open.map(({ answered: _answered, ...one }) => one);
    const read = decodeFlows(pack({ ...rest, open: first, destinations: [...destinations], ports: [...ports], services: [...services], raised: [...raised] }));
    expect(read.inHour).toEqual(new Map());
    expect(read.inWindow).toEqual(rest.inWindow);
    for (const isAnswer of [true, false]) expect(learnFlow(read, fact(begin + 1999, 9e9 + Number(isAnswer), { isAnswer, bytes: 20_000_000 }))).toBe(true);
    expect(read.open.map(sentIn).at(-1)).toBe(2_000_000 + 20_000_000 - 1_000_000);
  });

  test('stays within its size whatever a workload sends', () => {
    const random = seeded(3);
    const block = () => `2001:db8:${Math.floor(random() * 65_536).toString(16)}::/48`;
    const hostile = learned(Array.from({ length: 40_000 }, (_, index) => fact(begin + Math.floor(index / 200), Math.floor(random() * 2 ** 53), { destination: block(), isAnswer: index % 2 === 0, bytes: Math.floor(random() * 1e12), port: index })));
    expect(hostile.inHour.size).toBeLessThanOrEqual(168);
    expect(encodeFlows(hostile).length).toBeLessThanOrEqual(maxItemBytes);
  });
});
