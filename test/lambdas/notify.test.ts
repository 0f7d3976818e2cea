import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Finding } from '../../lib/finding.ts';
import { MemoryFindingStore, MemoryStateStore } from '../../lib/memory-stores.ts';
import { UnknownEventError } from '../../lambdas/event.ts';
import { findingOf, itemOf } from '../../lambdas/finding-item.ts';
import { startEmbeddedAws, type EmbeddedAws } from '../../lambdas/local/embedded-aws.ts';
import { contextOf, startLocalRunner, type LocalRunner } from '../../lambdas/local/runner.ts';
import { createNotifyHandler, UnknownFindingError, type NotifyHandler } from '../../lambdas/notify.ts';
import { notifyPorts } from '../../lambdas/ports.ts';
import { createTelemetry, silentTelemetry } from '../../lambdas/telemetry.ts';
import { canaryCluster } from '../../lib/watch/canary.ts';
import { finding, largestFinding } from './findings.ts';

const context = contextOf('notify');
const second = '2026-03-01T10:00:00.000Z';

function recordOf(SequenceNumber: string, before: Finding | undefined, after: Finding) {
  const images = { ...(before ? { OldImage: itemOf(before, 0) } : {}), NewImage: itemOf(after, 0) };
  return { eventID: SequenceNumber, eventName: before ? 'MODIFY' : 'INSERT', dynamodb: { SequenceNumber, Keys: { id: { S: after.id } }, ...images } };
}

describe('mail by a real topic', () => {
  let aws: EmbeddedAws;
  let runner: LocalRunner;
  let notify: NotifyHandler;
  beforeAll(async () => {
    aws = await startEmbeddedAws();
    runner = await startLocalRunner(aws);
    notify = createNotifyHandler(notifyPorts(aws.variables, aws), silentTelemetry());
  });
  afterAll(() => runner.stop());

  test('carries a push to subscribers, once however often the record comes', async () => {
    const event = { Records: [recordOf('1', undefined, finding())] };
    for (let time = 1; time <= 3; time++) expect(await notify(event, context)).toEqual({ batchItemFailures: [] });
    const mails = await runner.mails();
    expect(mails).toHaveLength(1);
    expect(mails[0]).toMatchObject({
      subject: 'HIGH prod: system:serviceaccount:shop:cart read secrets in 9 namespaces',
      finding: finding(),
      attributes: { severity: 'high', category: 'credential-abuse', cluster: 'prod' },
    });
  });

  test('comes again when the severity rose, and not when a person decided', async () => {
    const id = 'a'.repeat(24);
    await runner.findings.put(finding({ id }));
    await runner.findings.setStatus(id, 'acknowledged');
    await runner.findings.put(finding({ id, revision: 2, severity: 'critical', pushedAt: [second, second] }));
    await runner.findings.put(finding({ id, revision: 3, severity: 'critical', pushedAt: [second, second], evidenceTotal: 99 }));
    expect((await runner.mails()).map((mail) => mail.finding.severity)).toEqual(['high', 'critical']);
  });

  test.each(['字', '"', '\u0001'])('fits the topic for the largest finding of %j', async (unit) => {
    const id = `${String(unit.charCodeAt(0)).padStart(24, '0')}`;
    await runner.findings.put(largestFinding(unit, { id }));
    expect((await runner.mails()).map((mail) => mail.finding.id)).toEqual([id]);
  });

  test('is sent once more when somebody asks for it, as the finding now is', async () => {
    const id = 'd'.repeat(24);
    await runner.findings.put(finding({ id }));
    await runner.findings.put(finding({ id, revision: 2, evidenceTotal: 99 }));
    await runner.mails();
    expect(await notify({ tellAgain: [id] }, context)).toEqual({ batchItemFailures: [] });
    expect((await runner.mails()).map((mail) => [mail.finding.id, mail.finding.evidenceTotal])).toEqual([[id, 99]]);
  });

  test('cannot be asked for of a finding that is gone, nor of what is no finding', async () => {
    await expect(notify({ tellAgain: ['e'.repeat(24)] }, context)).rejects.toThrow(UnknownFindingError);
    for (const tellAgain of [[], ['x'], 'e'.repeat(24)]) await expect(notify({ tellAgain }, context)).rejects.toThrow(UnknownEventError);
    expect(await runner.mails()).toEqual([]);
  });

  test('is published through clients that take their endpoints from the environment', async () => {
    const before = { ...process.env };
    Object.assign(process.env, aws.variables, { POWERTOOLS_METRICS_DISABLED: 'true' });
    try {
      const { handler } = await import('../../lambdas/notify.ts');
      await handler({ Records: [recordOf('1', undefined, finding({ id: 'b'.repeat(24) }))] }, context);
    } finally {
      process.env = before;
    }
    expect(await runner.mails()).toHaveLength(1);
  });
});

describe('failures', () => {
  function failingFor(title: string): { notify: NotifyHandler; sent: string[] } {
    const sent: string[] = [];
    const publish = ({ text }: { text: string }) => {
      const first = text.split('\n')[0]?.replace(/^[A-Z]+ /, '') ?? '';
      if (first === title) return Promise.reject(new Error('topic is away'));
      sent.push(first);
      return Promise.resolve();
    };
    return { notify: createNotifyHandler({ state: new MemoryStateStore(), findings: new MemoryFindingStore(), publish }, silentTelemetry()), sent };
  }
  const records = ['one', 'two', 'three'].map((title, index) => recordOf(String(index), undefined, finding({ title, id: String(index).padStart(24, '0') })));

  test('are answered record by record, and the others are sent once only when the batch comes again', async () => {
    const { notify, sent } = failingFor('two');
    for (let time = 1; time <= 2; time++) expect(await notify({ Records: records }, context)).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }] });
    expect(sent).toEqual(['one', 'three']);
  });

  test('send changes of one finding that come together as one mail, and both again when it fails', async () => {
    const [first, last] = [finding({ title: 'one' }), finding({ title: 'one, and more', severity: 'critical', revision: 2 })];
    const event = { Records: [recordOf('1', undefined, first), recordOf('2', first, last)] };
    const { notify, sent } = failingFor('');
    expect(await notify(event, context)).toEqual({ batchItemFailures: [] });
    expect(sent).toEqual(['one, and more']);
    expect(await failingFor('one, and more').notify(event, context)).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }] });
  });

  test('do not hide that a finding became graver at once behind what else came of it later', async () => {
    const [first, graver, later] = [finding({ title: 'one', severity: 'medium' }), finding({ title: 'two', severity: 'high', revision: 2 }), finding({ title: 'three', severity: 'high', revision: 3, lastSeen: second })];
    const { notify, sent } = failingFor('');
    await notify({ Records: [recordOf('1', undefined, first)] }, context);
    await notify({ Records: [recordOf('2', first, graver), recordOf('3', graver, later)] }, context);
    expect(sent).toEqual(['one', 'three']);
  });

  test('include images that hold no finding', async () => {
    const { notify, sent } = failingFor('');
    const unreadable = { eventName: 'INSERT', dynamodb: { SequenceNumber: '9', Keys: { id: { S: 'x' } }, NewImage: { id: { S: 'x' } } } };
    expect(await notify({ Records: [unreadable, records[0]] }, context)).toEqual({ batchItemFailures: [{ itemIdentifier: '9' }] });
    expect(sent).toEqual(['one']);
  });

  test('do not include a push that another call of the function is sending', async () => {
    const { notify } = failingFor('');
    const event = { Records: [records[0]] };
    expect(await Promise.all([notify(event, context), notify(event, context)])).toEqual([{ batchItemFailures: [] }, { batchItemFailures: [] }]);
  });

  test('include a push that could not be marked as sent', async () => {
    const write = () => Promise.reject(new Error('table is away'));
    const state = { read: () => Promise.resolve(new Map()), write };
    const notify = createNotifyHandler({ state, findings: new MemoryFindingStore(), publish: () => Promise.resolve() }, silentTelemetry());
    expect(await notify({ Records: [records[0]] }, context)).toEqual({ batchItemFailures: [{ itemIdentifier: '0' }] });
  });

  test('do not include an old image of another schema', async () => {
    const { notify, sent } = failingFor('');
    const after = recordOf('1', finding({ title: 'one' }), finding({ title: 'one', revision: 2, pushedAt: [second, second] }));
    const event = { Records: [{ ...after, dynamodb: { ...after.dynamodb, OldImage: { schemaVersion: { N: '0' } } } }] };
    expect(await notify(event, context)).toEqual({ batchItemFailures: [] });
    expect(sent).toEqual(['one']);
  });

  test('are all that the function has no time left for', async () => {
    const sent: unknown[] = [];
    const patience = { get isOver() { return sent.length === 1; } };
    const publish = (notification: unknown) => Promise.resolve(void sent.push(notification));
    const notify = createNotifyHandler({ state: new MemoryStateStore(), findings: new MemoryFindingStore(), publish, patience }, silentTelemetry());
    expect(await notify({ Records: records }, context)).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }, { itemIdentifier: '2' }] });
  });

  test('do not include findings that were removed', async () => {
    const removed = { eventName: 'REMOVE', dynamodb: { SequenceNumber: '1', OldImage: itemOf(finding(), 0) } };
    expect(await failingFor('').notify({ Records: [removed] }, context)).toEqual({ batchItemFailures: [] });
  });

  test('refuse an event of unknown shape', async () => {
    await expect(failingFor('').notify({ Records: [{ kinesis: {} }] }, context)).rejects.toThrow(UnknownEventError);
  });
});

test('findings are counted by the severity that each reached, once, and canaries are not', async () => {
  const written: string[] = [];
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => { written.push(String(text)); return true; });
  try {
    const notify = createNotifyHandler({ state: new MemoryStateStore(), findings: new MemoryFindingStore(), publish: () => Promise.resolve() }, createTelemetry('notify'));
    const [low, high, more] = [finding({ severity: 'low', pushedAt: [] }), finding({ revision: 2 }), finding({ revision: 3, score: 99 })];
    await notify({ Records: [recordOf('1', undefined, low)] }, context);
    await notify({ Records: [recordOf('2', low, high)] }, context);
    await notify({ Records: [recordOf('3', high, more), recordOf('4', undefined, finding({ id: 'c'.repeat(24), cluster: canaryCluster }))] }, context);
  } finally {
    write.mockRestore();
  }
  const lines = written.flatMap((text) => text.split('\n')).filter((line) => line.includes('"FindingsRaised"')).map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.map(({ service, severity, FindingsRaised }) => [service, severity, FindingsRaised])).toEqual([['notify', 'low', 1], ['notify', 'high', 1]]);
});

describe('items', () => {
  test('hold what DynamoDB would refuse in a form it takes', () => {
    const stored = findingOf(itemOf(finding({ title: 'half \ud800 pair', score: 1e300 }), 0));
    expect(stored).toMatchObject({ title: 'half \ufffd pair', score: Number.MAX_SAFE_INTEGER });
    expect(findingOf(itemOf(finding({ score: 1e-200 }), 0)).score).toBe(0);
  });
});
