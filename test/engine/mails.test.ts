import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { severityRank } from '../../lib/finding.ts';
import { startLocalRunner, type LocalRunner } from '../../lambdas/local/runner.ts';
import { payloadOf } from './payloads.ts';
import { cluster, cut, readSample, slice } from './sample.ts';

let runner: LocalRunner;
let payloads: Buffer[];
beforeAll(async () => {
  const { learned, events } = await readSample(['2026-10-14T20:10']);
  payloads = cut(slice(events, '2026-10-14T20:10', 1_200_000), { milliseconds: 2000 }).map((some) => payloadOf(some.map((event) => JSON.stringify(event))));
  runner = await startLocalRunner();
  await learned.copy(runner.state);
});
afterAll(() => runner.stop());

test('each rise of an attack\'s severity is mailed once, however often the deliveries and the stream come', async () => {
  for (const payload of payloads) for (let time = 1; time <= 2; time++) await runner.ingest(payload);
  const [finding] = (await runner.findings.query({ cluster, limit: 10 })).filter(({ severity }) => severity === 'critical');
  const mails = (await runner.mails()).filter((mail) => mail.finding.id === finding?.id);
  expect(mails.length).toBeGreaterThan(1);
  // Two rises within one delivery are told together.
  const severities = mails.map((mail) => severityRank(mail.finding.severity));
  expect(severities).toEqual([...new Set(severities)].sort((one, other) => one - other));
  expect(mails.at(-1)?.finding.pushedAt).toEqual(finding?.pushedAt);
  for (const payload of payloads) await runner.ingest(payload);
  expect(await runner.mails()).toEqual([]);
});
