import { maxItemBytes, pack, unpack } from '../baseline/codec.ts';
import type { FlowBaseline, HourMost, OpenFlows } from './flow-baseline.ts';

type Packed = Omit<FlowBaseline, 'destinations' | 'ports' | 'services' | 'raised' | 'inHour'> & { readonly [Field in 'destinations' | 'ports' | 'services' | 'raised']: (readonly [string, unknown])[] } & {
  /** Not in items of the first release, as what destinations answered. */
  readonly inHour?: [number, HourMost][];
};

/** Writes the baseline of a workload's traffic. What is too large loses its latest records' hashes, then its oldest windows. */
export function encodeFlows(baseline: FlowBaseline): Uint8Array {
  for (;;) {
    const bytes = pack({ ...baseline, destinations: [...baseline.destinations], ports: [...baseline.ports], services: [...baseline.services], raised: [...baseline.raised], inHour: [...baseline.inHour] } satisfies Packed);
    if (bytes.length <= maxItemBytes || baseline.open.length === 0) return bytes;
    const most = baseline.open.reduce((one, other) => (other.records.length > one.records.length ? other : one));
    if (most.records.length > 0) most.records.splice(Math.floor(most.records.length / 2));
    else baseline.open.shift();
  }
}

/**
 * Reads the baseline of a workload's traffic.
 * @throws {UnreadableStateError} when the bytes are none.
 */
export function decodeFlows(bytes: Uint8Array): FlowBaseline {
  return unpack(bytes, ({ destinations, ports, services, raised, inHour, open, ...rest }: Packed) => ({ ...rest, open: open.map((one) => ({ ...one, answered: (one as Partial<OpenFlows>).answered ?? {} })), inHour: new Map(inHour), destinations: new Map(destinations), ports: new Map(ports), services: new Map(services), raised: new Map(raised) }) as FlowBaseline);
}
