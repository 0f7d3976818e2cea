import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { resourcesOf, withStreamAndAllLogs } from './synthesis.ts';

const folder = 'docs/run-books';
const headings = ['What it means', 'What is lost meanwhile', 'How to look', 'How to mend it', 'When it ends'];
const alarms = new Map(Object.entries(resourcesOf(withStreamAndAllLogs, 'AWS::CloudWatch::Alarm')).map(([id, { Properties }]) => [id.slice('TidemarkAlarms'.length, -8), String(Properties['AlarmDescription'])]));
const files = (await readdir(folder)).filter((name) => name !== 'README.md');

test('there is a page for each alarm, and an alarm for each page', () => {
  expect(files.map((name) => name.replace('.md', '')).sort()).toEqual([...alarms.keys()].sort());
});

test.each([...alarms])('the alarm %s says what is wrong, what to do first, and where its page is', (name, description) => {
  const sentences = description.split(/(?<=\.) /);
  expect(sentences.length).toBeGreaterThanOrEqual(3);
  expect(sentences[0]).toMatch(/^Tidemark: [A-Z]/);
  expect(sentences.at(-1)).toBe(`${folder}/${name}.md says more.`);
  // CloudWatch takes no more. Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
  expect(description.length).toBeLessThanOrEqual(1024);
});

describe.each(files)('the page %s', (name) => {
  test('says all that is asked when an alarm is on, with a command to look by', async () => {
    const page = await readFile(`${folder}/${name}`, 'utf8');
    expect(page.split('\n')[0]).toBe(`# ${name.replace('.md', '')}`);
    const sections = page.split(/^## /m).slice(1);
    expect(sections.map((section) => section.split('\n')[0])).toEqual(headings);
    for (const section of sections) expect(section.split(/\s+/).length).toBeGreaterThan(8);
    expect(sections[headings.indexOf('How to look')]).toMatch(/```sh\n(aws|npm) /);
  });

  test('leads only to what is there', async () => {
    const page = await readFile(`${folder}/${name}`, 'utf8');
    for (const [, file = '', anchor] of page.matchAll(/\]\(([^)#]+)(?:#([^)]+))?\)/g)) {
      const text = await readFile(`${folder}/${file}`, 'utf8');
      if (anchor !== undefined) expect([...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading.toLowerCase().replace(/[^\w ]/g, '').replace(/ /g, '-'))).toContain(anchor);
    }
  });
});
