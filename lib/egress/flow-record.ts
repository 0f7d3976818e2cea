import { hash53 } from '../hash.ts';

/** What one network interface saw of one flow in one capture window, as a VPC flow log has it. */
export interface FlowRecord {
  /** Empty when the format leaves it out. */
  readonly interfaceId: string;
  /** Who sent the packets: the packet's own source where the log has it, which sees past secondary addresses and NAT. */
  readonly sourceAddress: string;
  readonly destinationAddress: string;
  /** 0 where the protocol has no ports or the format leaves them out. */
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** IANA's number: 6 is TCP, 17 UDP. 0 when the format leaves it out. */
  readonly protocol: number;
  readonly packets: number;
  readonly bytes: number;
  /** First and last moment of the capture window, in seconds since the epoch. */
  readonly start: number;
  readonly end: number;
  /** `false` when a security group or network ACL refused it: then it was only tried. */
  readonly accepted: boolean;
  /** As the interface sees it; `undefined` when the log does not say. */
  readonly direction: 'ingress' | 'egress' | undefined;
  /** TCP flags seen in the window, or-ed; `undefined` when the log does not say. */
  readonly tcpFlags: number | undefined;
  /** The EC2 instance of the interface; empty when not told. */
  readonly instanceId: string;
}

/** A flow record cannot be read. Its message says what is wrong, never the content. */
export class MalformedFlowRecordError extends Error {
  override readonly name = 'MalformedFlowRecordError' as const;
}

/**
 * Whether a record says what its source sent. One that an interface saw coming in says so too, but the sender's own
 * interface has told it already.
 */
export function isSent({ direction }: FlowRecord): boolean {
  return direction !== 'ingress';
}

/** Gives a 53-bit hash that a record has in common with none but itself delivered again. */
export function flowRecordHash({ interfaceId, sourceAddress, destinationAddress, sourcePort, destinationPort, ...rest }: FlowRecord): number {
  const { protocol, packets, bytes, start, end, accepted, direction } = rest;
  const ports = `${String(sourcePort)} ${String(destinationPort)} ${String(protocol)}`;
  return hash53(`${interfaceId} ${sourceAddress} ${destinationAddress} ${ports} ${String(packets)} ${String(bytes)} ${String(start)} ${String(end)} ${String(accepted)} ${direction ?? ''}`);
}
