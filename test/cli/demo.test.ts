import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { sampleFiles, sampleLabels, samplePayloads, sampleScenarios, type Label } from '../../cli/demo/sample.ts';
import { judge } from '../../cli/demo/verdict.ts';
import { finding } from '../lambdas/findings.ts';

describe('the sample', () => {
  test('every watched attack has events in the watched days, each event comes once', async () => {
    const { history, stream } = await sampleFiles('2026-10-14');
    expect([history.length, stream.length]).toEqual([7, 3]);
    const labels = await sampleLabels();
    const seen = new Set<string>();
    let records = 0;
    for await (const { bytes } of samplePayloads(stream)) {
      const { logEvents } = JSON.parse(gunzipSync(bytes).toString()) as { logEvents: { message: string }[] };
      records += logEvents.length;
      for (const { message } of logEvents) for (const label of labels.get((JSON.parse(message) as { auditID: string }).auditID) ?? []) seen.add(label.scenario);
    }
    expect(records).toBe(16_785);
    expect([...seen].sort()).toEqual((await sampleScenarios('2026-10-14')).map(({ id }) => id).sort());
  });
});

describe('the verdict', () => {
  const scenarios = ['theft', 'miner', 'shell'].map((id) => ({ id, title: id, start: '2026-03-01T09:00:00Z' }));
  const labels = new Map<string, Label[]>([
    ['t', [{ auditID: 't', scenario: 'theft', role: 'attack' }]],
    ['m', [{ auditID: 'm', scenario: 'miner', role: 'consequence' }]],
    ['s', [{ auditID: 's', scenario: 'shell', role: 'attack' }]],
  ]);
  const about = (...ids: string[]) => finding({ title: ids.join(), evidence: ids.map((auditId) => ({ auditId, time: '2026-03-01T09:00:00Z', request: '' })) });

  test('tells attacks, consequences and false alerts apart', () => {
    const low = { ...about('s'), severity: 'low' as const };
    const { scenarios: judged, consequences, falseAlerts } = judge([about('t', 'x'), about('m'), low, about('x'), about('t', 'x', 'x', 'x', 'x')], scenarios, labels);
    expect(judged.map(({ finding: found, recorded }) => [found?.title, recorded])).toEqual([['t,x', true], [undefined, false], [undefined, true]]);
    expect(consequences.map(({ title }) => title)).toEqual(['m']);
    expect(falseAlerts.map(({ title }) => title)).toEqual(['x', 't,x,x,x,x']);
  });
});
