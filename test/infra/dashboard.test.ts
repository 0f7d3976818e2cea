import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import type { TidemarkProps } from '../../infra/tidemark.ts';
import { resourceOf, resourcesOf, short, withAllLogs, withStream, withStreamAndAllLogs } from './synthesis.ts';

interface Widget {
  readonly type: string;
  readonly properties: { readonly title?: string; readonly markdown?: string; readonly alarms?: readonly string[]; readonly metrics?: readonly (readonly unknown[])[] };
}

/** The page as CloudWatch gets it. */
function widgetsOf(props: Partial<TidemarkProps> = {}): readonly Widget[] {
  return (JSON.parse(short(resourceOf('AWS::CloudWatch::Dashboard', '', props).Properties['DashboardBody'])) as { widgets: Widget[] }).widgets;
}

const metricsOf = (props: Partial<TidemarkProps>, title: string): readonly (readonly unknown[])[] => widgetsOf(props).find(({ properties }) => properties.title === title)?.properties.metrics ?? [];
const expressionOf = (props: Partial<TidemarkProps>, title: string): string => metricsOf(props, title).flatMap(([first]) => { const { expression } = first as { expression?: string }; return expression ?? []; }).join();

describe('the dashboard', () => {
  test('shows what is asked of it', () => {
    expect(widgetsOf().map(({ properties }) => properties.title ?? '')).toEqual([
      'Alarms: docs/run-books has a page for each',
      'Events', 'Lag from event to score (ms)', 'Identities in a delivery',
      'Findings by severity, as each was reached', 'Dead letters that wait', 'Failed and throttled calls',
      'Write units', 'Write units per event', 'Estimated cost of a day (US dollars, list prices)',
      '',
    ]);
  });

  test('shows every alarm and every dead-letter queue that there is', () => {
    for (const props of [{}, withAllLogs]) {
      expect(widgetsOf(props)[0]?.properties.alarms).toHaveLength(Object.keys(resourcesOf(props, 'AWS::CloudWatch::Alarm')).length);
      const queues = Object.values(resourcesOf(props, 'AWS::SQS::Queue')).filter(({ Properties }) => !('RedrivePolicy' in Properties));
      expect(metricsOf(props, 'Dead letters that wait')).toHaveLength(queues.length);
    }
  });

  test('asks only for metrics that functions send, by names that are few', async () => {
    const code = (await Promise.all(['ingest', 'flows', 'notify', 'watch'].map((name) => readFile(`lambdas/${name}.ts`, 'utf8')))).join();
    const own = widgetsOf(withAllLogs).flatMap(({ properties }) => properties.metrics ?? []).filter(([namespace]) => namespace === 'Tidemark');
    expect(own.length).toBeGreaterThan(10);
    for (const [, name, ...dimensions] of own) {
      expect(code).toContain(`addMetric('${String(name)}'`);
      expect(dimensions.filter((_, index) => index % 2 === 0 && index < dimensions.length - 1)).toEqual(name === 'FindingsRaised' ? ['service', 'severity'] : ['service']);
    }
  });

  test('has no more metrics than a page has that is one of the three free ones', () => {
    const metrics = widgetsOf().flatMap(({ properties }) => properties.metrics ?? []).filter(([namespace]) => typeof namespace === 'string');
    expect(new Set(metrics.map((metric) => JSON.stringify(metric.filter((part) => typeof part === 'string')))).size).toBeLessThanOrEqual(50);
  });

  test('divides all write units by all that came in', () => {
    expect(expressionOf({}, 'Write units per event')).toBe('(FILL(state, 0) + FILL(findings, 0) + FILL(index0, 0) + FILL(index1, 0) + FILL(index2, 0)) / (FILL(records, 0))');
    expect(expressionOf(withAllLogs, 'Write units per event')).toContain('/ (FILL(records, 0) + FILL(flowRecords, 0) + FILL(lookUps, 0))');
  });

  test('reckons the cost as docs/deploy.md does', async () => {
    const fixed = Number(/^fixed .* = \$(\d+\.\d\d)$/m.exec(await readFile('docs/deploy.md', 'utf8'))?.[1]);
    const terms = expressionOf({}, 'Estimated cost of a day (US dollars, list prices)').split(' + ');
    expect(Number(terms[0]) * (365 / 12)).toBeCloseTo(fixed, 1);
    expect(terms).toEqual(expect.arrayContaining(['FILL(ingestMs, 0) * 0.0000000133334', 'FILL(watchCalls, 0) * 0.0000002', 'FILL(notifyLog, 0) * 0.0000000005']));
    expect(terms.filter((term) => term.endsWith(') * 0.000000625'))).toHaveLength(1);
    for (const props of [{}, withAllLogs]) expect(expressionOf(props, 'Estimated cost of a day (US dollars, list prices)').length).toBeLessThanOrEqual(1024);
  });

  test('shows a stream: how far behind it is read, what goes through it, what it refused, and what it costs', () => {
    const titles = (props: Partial<TidemarkProps>) => widgetsOf(props).map(({ properties }) => properties.title ?? '');
    expect(titles(withStream).filter((title) => !titles({}).includes(title))).toEqual(['How long deliveries wait in the stream (ms)', 'Bytes through the stream', 'What the stream refused for a while']);
    expect(metricsOf(withStream, 'How long deliveries wait in the stream (ms)')[0]?.slice(0, 3)).toEqual(['AWS/Lambda', 'IteratorAge', 'FunctionName']);
    const terms = (props: Partial<TidemarkProps>) => expressionOf(props, 'Estimated cost of a day (US dollars, list prices)').split(' + ');
    // An hour of the stream is $0.04, and its alarm $0.10 a month.
    expect(Number(terms(withStream)[0]) - Number(terms({})[0])).toBeCloseTo(24 * 0.04 + 0.1 / (365 / 12), 3);
    expect(terms(withStream).filter((term) => !terms({}).includes(term)).slice(1)).toEqual(['FILL(streamBytes, 0) * 0.00000000012']);
    expect(expressionOf(withStreamAndAllLogs, 'Estimated cost of a day (US dollars, list prices)').length).toBeLessThanOrEqual(1024);
  });

  test('may be left out, and nothing else with it', () => {
    const without = Object.keys(resourcesOf({ dashboard: false }));
    expect(Object.keys(resourcesOf()).filter((id) => !without.includes(id))).toEqual([expect.stringMatching('^TidemarkDashboard')]);
  });
});

test('calls are traced, unless that is turned off', () => {
  const modes = (props: Partial<TidemarkProps>) => Object.values(resourcesOf(props, 'AWS::Lambda::Function')).map(({ Properties }) => (Properties['TracingConfig'] as { Mode: string } | undefined)?.Mode);
  expect(modes(withAllLogs)).toEqual(['Active', 'Active', 'Active', 'Active', 'Active']);
  expect(modes({ tracing: false })).toEqual([undefined, undefined, undefined, undefined]);
});
