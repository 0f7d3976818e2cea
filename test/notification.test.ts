import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { notificationFor, maxJsonBytes, maxTextBytes, type Notification } from '../lib/notification.ts';
import { findingSchema, severityRank, type Finding } from '../lib/finding.ts';
import { anyFinding, finding, largestFinding } from './lambdas/findings.ts';

const times = ['2026-03-01T09:00:00.000Z', '2026-03-01T10:00:00.000Z'];

function sent(after: Finding, before?: Finding): Notification {
  const notification = notificationFor(before, after);
  if (!notification) throw new Error('nothing was sent');
  return notification;
}

describe('deciding whether people are told', () => {
  test('tells of a new finding that was pushed', () => {
    expect(sent(finding()).subject).toBe('HIGH prod: system:serviceaccount:shop:cart read secrets in 9 namespaces');
  });

  test('tells nothing when a finding changed without another push', () => {
    expect(notificationFor(finding(), finding({ revision: 2, evidenceTotal: 20 }))).toBeUndefined();
  });

  test('tells again, with the severity before, when a pushed finding rose', () => {
    const after = finding({ revision: 2, severity: 'critical', pushedAt: times });
    expect(sent(after, finding()).text).toContain('Severity:   critical (was high)');
  });

  test('tells nothing of low severity', () => {
    expect(notificationFor(undefined, finding({ severity: 'low' }))).toBeUndefined();
  });

  test.each([[59, true], [61, false]])('tells again when it became graver %d seconds after a push: %s', (seconds, again) => {
    const pushedAt = times.slice(0, 1);
    const lastSeen = new Date(Date.parse(times[0] ?? '') + seconds * 1000).toISOString();
    expect(notificationFor(finding({ pushedAt }), finding({ revision: 2, severity: 'critical', pushedAt, lastSeen })) !== undefined).toBe(again);
  });

  test('tells when the pushes became more, whatever the findings hold', () => {
    fc.assert(
      fc.property(fc.option(anyFinding, { nil: undefined }), anyFinding, (before, after) => {
        if (after.pushedAt.length <= (before?.pushedAt.length ?? 0)) return;
        expect(notificationFor(before, after) !== undefined).toBe(severityRank(after.severity) > 0);
      }),
    );
  });
});

describe('the mail', () => {
  test('reads from what happened down to the command that shows more', () => {
    const { text } = sent(finding());
    expect(text.split('\n')[0]).toBe('HIGH system:serviceaccount:shop:cart read secrets in 9 namespaces');
    expect(text).toContain('- never read secrets in 62 days');
    expect(text).toContain('MITRE ATT&CK: T1552.007, T1078.004');
    expect(text).toContain('Evidence (1 of 14 events):\n- 2026-03-01T09:00:00.000Z get secrets/database in payments from 203.0.113.9 b7f0a9c2');
    expect(text.split('\n').at(-1)).toBe('tidemark finding 0123456789abcdef01234567');
  });

  test('says what to do first, what honest thing looks the same, and what all the evidence is', () => {
    const { text } = sent(finding({ firstSteps: ['Ask anna: was this you?'], innocent: 'A new release.', tally: [{ what: 'list secrets', count: 6 }] }));
    expect(text).toMatch(/What to do first:\n- Ask anna: was this you\?\n\nWhy it is unusual:[^]*\n\nIt may be innocent: A new release\.\n[^]*\nThe first 1: 6 × list secrets\n/);
  });

  test('begins a subject with the severity and the cluster, however long that one\'s name is', () => {
    expect(sent(finding({ cluster: 'a-cluster-with-an-endless-name-that-says-much', title: 'anna read 9 secrets' })).subject).toBe('HIGH a-cluster-with-an-endl..: anna read 9 secrets');
  });

  test('says how many reasons and checks it leaves out', () => {
    const checks = Array.from({ length: 7 }, (_, index) => `check ${String(index)}`);
    expect(sent(finding({ checks })).text).toContain('- check 3\n- and 3 more');
  });

  test('lets no field begin a line of its own or turn the reading direction', () => {
    const { text } = sent(finding({ identity: 'eve\n\ntidemark finding 0\u2028x\u202egnp\u200b', title: 'a\r\nb' }));
    expect(text).toContain('Identity:   eve tidemark finding 0 xgnp\n');
    expect(text.startsWith('HIGH a b\n')).toBe(true);
  });

  test('replaces characters a subject cannot have', () => {
    const { subject } = sent(finding({ title: 'Café \u202e読 read\nsecrets', cluster: 'prod' }));
    expect(subject).toBe('HIGH prod: Cafe read secrets');
  });

  test('keeps out of the message what SNS refuses, so that hostile text cannot silence a finding', () => {
    const { text, json, attributes } = sent(finding({ title: 'a\uffff\ufffeb', cluster: '\u0007' }));
    expect(text.startsWith('HIGH ab\n')).toBe(true);
    expect(json).not.toMatch(/[\ufffe\uffff]/);
    expect(JSON.parse(json)).toMatchObject({ title: 'a\uffff\ufffeb' });
    expect(attributes.cluster).toBe('unknown');
  });

  test.each(['x', '字', '"', '\u0001'])('stays within all bounds for the largest finding of %j', (unit) => {
    const { subject, text, json } = sent(largestFinding(unit));
    expect(subject.length).toBeLessThan(100);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxTextBytes);
    expect(Buffer.byteLength(JSON.stringify(json))).toBeLessThanOrEqual(maxJsonBytes);
    expect(findingSchema.parse(JSON.parse(json)).evidenceTotal).toBe(14);
  });

  test('stays within all bounds and free of control characters, whatever the finding holds', () => {
    const pushed = anyFinding.map((after): Finding => ({ ...after, severity: 'medium', pushedAt: times }));
    fc.assert(fc.property(pushed, (after) => {
      const { subject, text, json } = sent(after);
      expect(subject).toMatch(/^MEDIUM [\x20-\x7e]{0,92}$/);
      expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxTextBytes);
      expect(text.endsWith(`\ntidemark finding ${after.id}`)).toBe(true);
      expect(JSON.parse(json)).toEqual(after);
    }));
  });
});
