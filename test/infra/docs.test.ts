import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { filterPattern } from '../../lambdas/filter-pattern.ts';
import { flowFieldsOf } from '../../lib/egress/flow-fields.ts';
import { readFields } from '../../lib/egress/flow-log.ts';
import { watchedCalls } from '../../lib/trail/watched-calls.ts';
import { resourcesOf, withAllLogs, withStreamAndAllLogs } from './synthesis.ts';

const docs = await readFile('docs/deploy.md', 'utf8');

test('docs/blindness.md names every call that is told', async () => {
  const blindness = await readFile('docs/blindness.md', 'utf8');
  for (const { name } of watchedCalls) expect(blindness).toMatch(new RegExp(`^\\|.*\`${name}\``, 'm'));
});

describe('docs/deploy.md', () => {
  test('shows the example that is checked and run', async () => {
    const example = await readFile('test/infra/example/own-app.ts', 'utf8');
    expect(docs).toContain(`\`\`\`ts\n${example.replace('../../../infra/', './tidemark/infra/')}\`\`\`\n`);
    process.env['CDK_CONTEXT_JSON'] = '{"aws:cdk:bundling-stacks":[]}';
    await expect(import('./example/own-app.ts')).resolves.toBeDefined();
  });

  test('names every alarm', () => {
    const alarmsWith = (props: typeof withAllLogs) => Object.keys(resourcesOf(props, 'AWS::CloudWatch::Alarm')).map((id) => id.slice('TidemarkAlarms'.length, -8));
    const alarms = alarmsWith(withAllLogs);
    for (const alarm of alarmsWith(withStreamAndAllLogs)) expect(docs).toMatch(new RegExp(`^\\| [\\w, ]*\\b${alarm}\\b`, 'm'));
    expect(docs).toContain('14 alarms, 18 with flow logs or query logs, 19 with files of them');
    expect(alarms).toHaveLength(19);
    expect(Object.keys(resourcesOf({}, 'AWS::CloudWatch::Alarm'))).toHaveLength(14);
  });

  test('names every health check that the filter drops', () => {
    for (const [path] of filterPattern.matchAll(/\/\w+z(?=\*)/g)) expect(docs).toContain(`\`${path}\``);
  });

  test('gives a format of flow logs with all fields that are read, twice the same', () => {
    const formats = docs.match(/\$\{interface-id\}[^'"]*/g) ?? [];
    expect(formats).toHaveLength(2);
    for (const format of formats) expect([...flowFieldsOf(format)].sort()).toEqual([...readFields].sort());
  });

  test('counts the metrics that are paid for', async () => {
    const files = (await readdir('lambdas')).filter((name) => name.endsWith('.ts'));
    // CloudWatch counts a metric of one name once for each function. That of findings raised is sent in few hours.
    const countOf = async (names: readonly string[]) => {
      const code = await Promise.all(names.map((name) => readFile(`lambdas/${name}`, 'utf8')));
      return code.reduce((sum, text) => sum + new Set([...text.matchAll(/addMetric\('(\w+)'/g)].map(([, name]) => name).filter((name) => name !== 'FindingsRaised')).size, 0);
    };
    // The canary is a cluster more to the watch.
    const canary = 1;
    const [always, ofFlows] = await Promise.all([countOf(files.filter((name) => name !== 'flows.ts')).then((count) => count + canary), countOf(['flows.ts'])]);
    expect(docs).toContain(`| ${String(always)} metrics, ${String(always + ofFlows - 1)} with flow logs, ${String(always + ofFlows)} with query logs |`);
    expect(docs).toContain(`= $${(1 + 14 * 0.1 + always * 0.3 + 3).toFixed(2)}\n`);
    expect(docs).toContain(`= $${(4 * 0.1 + ofFlows * 0.3).toFixed(2)}\n`);
  });
});
