import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { DynamoFindingStore } from '../../lambdas/dynamodb-finding-store.ts';
import { DynamoStateStore } from '../../lambdas/dynamodb-state-store.ts';
import { createTables } from '../../lambdas/local/create-tables.ts';
import { startEmbeddedAws } from '../../lambdas/local/embedded-aws.ts';
import { environment } from '../../lambdas/tables.ts';
import { hasJava, startDynamoLocal } from '../lambdas/dynamodb-local.ts';
import type { AuditEvent } from '../../lib/audit/event.ts';
import type { FindingStore, StateStore } from '../../lib/store.ts';
import { outcomeOf, process, run, type Outcome } from './runs.ts';
import { cut, readSample, type Sample } from './sample.ts';

interface Tables {
  readonly state: StateStore;
  readonly findings: FindingStore;
  stop(): Promise<void>;
}

async function embedded(): Promise<Tables> {
  const aws = await startEmbeddedAws();
  const { dynamo, variables } = aws;
  return { state: new DynamoStateStore(dynamo, variables[environment.stateTable] ?? ''), findings: new DynamoFindingStore(dynamo, variables[environment.findingsTable] ?? ''), stop: () => aws.stop() };
}

async function dynamoLocal(): Promise<Tables> {
  const local = await startDynamoLocal();
  const { client } = local;
  await createTables(client, { state: 'state', findings: 'findings' });
  return { state: new DynamoStateStore(client, 'state'), findings: new DynamoFindingStore(client, 'findings'), stop: () => local.stop() };
}

const javaNote = hasJava ? '' : ' (skipped: java is not on the PATH)';

let sample: Sample;
let deliveries: AuditEvent[][];
let clean: Outcome;
beforeAll(async () => {
  sample = await readSample(['2026-10-14T20:10', '2026-10-15T16:05', '2026-10-16T09:25']);
  deliveries = cut(sample.events, { milliseconds: 60_000 });
  clean = await run(sample.learned, deliveries);
});

describe('the same findings, state and number of writes as in memory', () => {
  let tables: Tables | undefined;
  afterEach(async () => { await tables?.stop(); });

  async function runIn(started: Tables): Promise<Outcome> {
    tables = started;
    const stores = { state: await sample.learned.copy(started.state), findings: started.findings };
    await process(stores, deliveries);
    return await outcomeOf(stores);
  }

  test('come from the embedded DynamoDB', async () => {
    expect(await runIn(await embedded())).toEqual(clean);
  });

  (hasJava ? test : test.skip)(`come from Amazon's DynamoDB Local${javaNote}`, async () => {
    expect(await runIn(await dynamoLocal())).toEqual(clean);
  });
});
