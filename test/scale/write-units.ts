import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { cutDeliveries } from '../../cli/deliveries.ts';
import { DynamoFindingStore } from '../../lambdas/dynamodb-finding-store.ts';
import { DynamoStateStore } from '../../lambdas/dynamodb-state-store.ts';
import { createTables } from '../../lambdas/local/create-tables.ts';
import type { AuditEvent } from '../../lib/audit/event.ts';
import { Engine } from '../../lib/engine/engine.ts';
import { countUnits } from './consumed-units.ts';

/** What a log costs in a table. */
export interface MeasuredUnits {
  readonly events: number;
  readonly deliveries: number;
  readonly writesPer1000Events: number;
  readonly writeUnitsPer1000Events: number;
  readonly readUnitsPer1000Events: number;
}

const delivery = { milliseconds: 60_000, events: Infinity } as const;
let tables = 0;

/** Takes a log in, in deliveries of 60 seconds, with both tables in a store that says what it consumes. */
export async function measureUnits(client: DynamoDBClient, events: readonly AuditEvent[]): Promise<MeasuredUnits> {
  const names = { state: `state-${String(++tables)}`, findings: `findings-${String(tables)}` };
  await createTables(client, names);
  const units = countUnits(client);
  const engine = new Engine({ state: new DynamoStateStore(client, names.state), findings: new DynamoFindingStore(client, names.findings) });
  let deliveries = 0;
  for await (const one of cutDeliveries(events, 'measured', delivery)) {
    await engine.process(one);
    deliveries += 1;
  }
  client.middlewareStack.remove('countUnits');
  const per1000 = (count: number): number => (count / events.length) * 1000;
  return {
    events: events.length,
    deliveries,
    writesPer1000Events: per1000(units.writes),
    writeUnitsPer1000Events: per1000(units.writeUnits),
    readUnitsPer1000Events: per1000(units.readUnits),
  };
}
