declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** Makes a DynamoDB server that keeps its tables in memory; it is not listening yet. */
  export default function dynalite(options?: { createTableMs?: number }): Server;
}
