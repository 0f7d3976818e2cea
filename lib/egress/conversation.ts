import type { FlowRecord } from './flow-record.ts';

/** Who asks whom for which service, as far as a record tells. */
export interface Conversation {
  /** `true` when the record's source opened the connection, so that its bytes are a request; `false` when they are the answer. */
  readonly sourceIsClient: boolean;
  /** The port on the server's side; 0 where the protocol has none. */
  readonly servicePort: number;
}

/** SYN and ACK in TCP's flags; flow logs tell ACK only with SYN. */
const syn = 2;
const synAck = 18;

/**
 * Ports above 1023 that servers listen on.
 * Source: https://www.iana.org/assignments/service-names-port-numbers and the defaults of the named programs
 */
const servicePorts = new Set([
  1080, 1194, 1433, 1521, 2049, 2181, 2375, 2376, 2379, 2380, 3000, 3128, 3306, 3333, 3389, 4222, 4317, 4318, 4443, 5000, 5432, 5671, 5672, 5900,
  6379, 6443, 7000, 7001, 7777, 8000, 8008, 8080, 8081, 8086, 8088, 8090, 8123, 8200, 8333, 8443, 8500, 8545, 8883, 8888, 9000, 9042, 9090, 9092,
  9093, 9094, 9096, 9098, 9100, 9200, 9300, 9418, 9443, 10_250, 10_255, 11_211, 14_444, 15_010, 15_012, 15_017, 25_565, 26_379, 27_017, 27_018, 50_051, 51_820,
]);
/** What Linux gives to the side that opens a connection, `net.ipv4.ip_local_port_range`. */
const ephemeral = { from: 32_768, to: 60_999 };

/**
 * Tells who asks and who answers: by the flags that opened a TCP connection where the record has them, else by which
 * port is more a service's: a system port, a known one, one that no client is given. Where nothing tells, the source asks.
 * Source of the flags: https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-records-examples.html#flow-log-example-tcp-flag
 */
export function conversationOf({ sourcePort, destinationPort, tcpFlags }: FlowRecord): Conversation {
  const opening = (tcpFlags ?? 0) & synAck;
  if (opening === syn) return { sourceIsClient: true, servicePort: destinationPort };
  if (opening === synAck) return { sourceIsClient: false, servicePort: sourcePort };
  const [source, destination] = [rankOf(sourcePort), rankOf(destinationPort)];
  const isAnswer = source < destination || (source === destination && source !== rank.ephemeral && sourcePort < destinationPort);
  return isAnswer ? { sourceIsClient: false, servicePort: sourcePort } : { sourceIsClient: true, servicePort: destinationPort };
}

const rank = { system: 0, known: 1, other: 2, ephemeral: 3 };

function rankOf(port: number): number {
  if (servicePorts.has(port)) return rank.known;
  if (port >= ephemeral.from && port <= ephemeral.to) return rank.ephemeral;
  return port < 1024 ? rank.system : rank.other;
}
