declare module 'kinesalite' {
  import type { Server } from 'node:http';

  /** Makes a Kinesis server that keeps its streams in memory; it is not listening yet. */
  export default function kinesalite(options?: { createStreamMs?: number; deleteStreamMs?: number }): Server;
}
