import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { filterPattern } from '../../infra/filter-pattern.ts';
import { resourcesOf } from './synthesis.ts';

const docs = await readFile('docs/deploy.md', 'utf8');

describe('docs/deploy.md', () => {
  test('shows the example that is checked and run', async () => {
    const example = await readFile('test/infra/example/own-app.ts', 'utf8');
    expect(docs).toContain(`\`\`\`ts\n${example.replace('../../../infra/', './tidemark/infra/')}\`\`\`\n`);
    process.env['CDK_CONTEXT_JSON'] = '{"aws:cdk:bundling-stacks":[]}';
    await expect(import('./example/own-app.ts')).resolves.toBeDefined();
  });

  test('names every alarm', () => {
    const alarms = Object.keys(resourcesOf({}, 'AWS::CloudWatch::Alarm')).map((id) => id.slice('TidemarkAlarms'.length, -8));
    for (const alarm of alarms) expect(docs).toMatch(new RegExp(`^\\| [\\w, ]*\\b${alarm}\\b`, 'm'));
    expect(docs).toContain(`8 alarms`);
    expect(alarms).toHaveLength(8);
  });

  test('names every health check that the filter drops', () => {
    for (const [path] of filterPattern.matchAll(/\/\w+z(?=\*)/g)) expect(docs).toContain(`\`${path}\``);
  });

  test('counts the metrics that are paid for', async () => {
    const files = (await readdir('lambdas')).filter((name) => name.endsWith('.ts'));
    const code = await Promise.all(files.map((name) => readFile(`lambdas/${name}`, 'utf8')));
    const metrics = new Set(code.flatMap((text) => [...text.matchAll(/addMetric\('(\w+)'/g)].map(([, name]) => name)));
    expect(docs).toContain(`| ${String(metrics.size)} metrics |`);
    expect(docs).toContain(`= $${(1 + 8 * 0.1 + metrics.size * 0.3).toFixed(2)}\n`);
  });
});
