import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startEmbeddedAws, type EmbeddedAws } from '../../lambdas/local/embedded-aws.ts';
import type { AuditEvent } from '../../lib/audit/event.ts';
import { auditEvent, monday } from '../lib/requests.ts';
import { densify } from './densify.ts';
import { measureUnits } from './write-units.ts';

const at = (seconds: number, auditID: string): AuditEvent => auditEvent({ auditID, requestReceivedTimestamp: new Date(monday + seconds * 1000).toISOString() });

describe('what is measured of a log', () => {
  let aws: EmbeddedAws;
  beforeAll(async () => { aws = await startEmbeddedAws(); });
  afterAll(() => aws.stop());

  test('is what the tables say, for 1,000 events', async () => {
    const once = await measureUnits(aws.dynamo, [at(0, 'a')]);
    expect(once).toMatchObject({ events: 1, deliveries: 1 });
    expect(once.writeUnitsPer1000Events).toBeGreaterThanOrEqual(1000);
    expect(once.readUnitsPer1000Events).toBeGreaterThan(0);
    const together = await measureUnits(aws.dynamo, [at(0, 'a'), at(1, 'b'), at(2, 'c'), at(3, 'd')]);
    expect(together.deliveries).toBe(1);
    expect(together.writeUnitsPer1000Events).toBe(once.writeUnitsPer1000Events / 4);
  });
});

describe('a log made dense', () => {
  test('has each event so many times, within five minutes and in the order of time', () => {
    const dense = densify([at(0, 'a'), at(60, 'b')], 3);
    expect(dense.map(({ auditID, requestReceivedTimestamp }) => [auditID, (Date.parse(requestReceivedTimestamp) - monday) / 1000])).toEqual([
      ['a', 0], ['b', 60], ['a-1', 100], ['b-1', 160], ['a-2', 200], ['b-2', 260],
    ]);
  });

  test('is the same when each comes once', () => {
    const log = [at(0, 'a'), at(60, 'b')];
    expect(densify(log, 1)).toEqual(log);
  });
});
