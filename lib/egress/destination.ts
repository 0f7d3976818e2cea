import ipaddr from 'ipaddr.js';
import { networkOf } from '../audit/network.ts';
import { awsServiceOf, isNamed, type AwsRanges, type AwsService } from './aws-ranges.ts';
import { PrefixTable } from './prefix-table.ts';

/**
 * Where an address is:
 * - `inside`: the cluster, its VPC, networks joined to it; it is not routed on the internet, or was given as the cluster's own
 * - `metadata`: what gives an instance or a pod its AWS credentials
 * - `resolver`: the VPC's own DNS and time servers on link-local addresses
 * - `aws-service`: a service that AWS runs, where its ranges are known
 * - `internet`: all else, also what customers of AWS run
 */
export type Place = 'inside' | 'metadata' | 'resolver' | 'aws-service' | 'internet' | 'unknown';

/** What an address tells by itself. */
export interface Destination {
  readonly place: Place;
  /** Its /24, or /48 of IPv6; `unknown` for what is no address. */
  readonly block: string;
  /**
   * What it counts as for whoever sends there: a service of AWS in a region (`S3 us-east-1`), which has many blocks and
   * answers from any; else its block.
   */
  readonly name: string;
  /** Whose ranges of AWS it lies in, where they are known. */
  readonly aws: AwsService | undefined;
}

/**
 * Link-local servers of AWS: instance metadata, credentials of ECS tasks and of EKS Pod Identity; the resolver and the time service.
 * Sources: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html,
 * https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html,
 * https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
 */
const linkLocalServers = new Map<string, Place>([
  ['169.254.169.254', 'metadata'], ['fd00:ec2::254', 'metadata'], ['169.254.170.2', 'metadata'], ['169.254.170.23', 'metadata'], ['fd00:ec2::23', 'metadata'],
  ['169.254.169.253', 'resolver'], ['fd00:ec2::253', 'resolver'], ['169.254.169.123', 'resolver'], ['fd00:ec2::123', 'resolver'],
]);

/** Ranges of AWS in which anybody can put a server of his own; to send there is to send to the internet. */
const customersRanges = new Set(['EC2', 'CLOUDFRONT', 'GLOBALACCELERATOR', 'API_GATEWAY']);

/** Ranges that never leave the network they are sent in, by ipaddr.js's names. */
const neverRouted = new Set(['multicast', 'broadcast', 'unspecified']);

const cacheSize = 50_000;

/** What is known of addresses beforehand. */
export interface KnownRanges {
  /** AWS's published ranges; without them its services are the internet. */
  readonly aws?: AwsRanges | undefined;
  /** Ranges of the cluster and its company, as CIDR, that are routed on the internet; private ones need not be given. */
  readonly inside?: readonly string[];
}

/** Tells where addresses are. */
export class Destinations {
  readonly #aws: AwsRanges | undefined;
  readonly #inside = new PrefixTable<true>();
  readonly #cache = new Map<string, Destination>();

  /** @throws {RangeError} when a range that was given is none. */
  constructor({ aws, inside = [] }: KnownRanges = {}) {
    this.#aws = aws;
    for (const range of inside) if (!this.#inside.add(range, true)) throw new RangeError(`${JSON.stringify(range.slice(0, 60))} is no range of addresses`);
  }

  /** Tells where an address is. */
  of(address: string): Destination {
    const cached = this.#cache.get(address);
    if (cached) return cached;
    if (this.#cache.size >= cacheSize) this.#cache.clear();
    const destination = this.#read(address);
    this.#cache.set(address, destination);
    return destination;
  }

  #read(address: string): Destination {
    const { block, scope } = networkOf(address);
    if (scope === 'unknown') return { place: 'unknown', block, name: block, aws: undefined };
    const parsed = behindTranslation(ipaddr.process(address));
    const text = parsed.toString();
    const own = parsed.kind() === 'ipv4' ? text.replace(/\d+$/, '0/24') : block;
    const place = this.#insidePlace(parsed, text);
    if (place) return { place, block: own, name: own, aws: undefined };
    const aws = this.#aws && awsServiceOf(this.#aws, text);
    if (!aws || customersRanges.has(aws.service)) return { place: 'internet', block: own, name: own, aws };
    return { place: 'aws-service', block: own, name: isNamed(aws) ? `${aws.service} ${aws.region}` : own, aws };
  }

  #insidePlace(parsed: ipaddr.IPv4 | ipaddr.IPv6, text: string): Place | undefined {
    const isInside = networkOf(text).scope === 'private' || neverRouted.has(parsed.range()) || this.#inside.find(text).length > 0;
    return linkLocalServers.get(text) ?? (isInside ? 'inside' : undefined);
  }
}

/** NAT64 and DNS64 give an IPv4 server an address in 64:ff9b::/96, of which the last four bytes are its own. */
function behindTranslation(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 {
  return address.range() === 'rfc6052' ? new ipaddr.IPv4(address.toByteArray().slice(12)) : address;
}
