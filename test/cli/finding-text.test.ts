import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { writeFinding, writeFindings, writeJsonLines } from '../../cli/finding-text.ts';
import { wrap, type Output } from '../../cli/terminal.ts';
import { findingSchema, type Finding } from '../../lib/finding.ts';
import { anyFinding, finding } from '../lambdas/findings.ts';

function printed(write: (output: Output) => void, colour = false): string {
  let text = '';
  write({ write: (more) => { text += more; }, colour, columns: 100 });
  return text;
}

describe('for people', () => {
  test('a finding says what, who, when, why and what to check', () => {
    expect(printed((output) => { writeFinding(finding(), output); })).toBe(`HIGH     system:serviceaccount:shop:cart read secrets in 9 namespaces
  system:serviceaccount:shop:cart
  2026-03-01 08:58:00 to 2026-03-01 09:00:00 UTC · raised 2026-03-01 09:00:00
  credential-abuse · ATT&CK T1552.007, T1078.004 · cluster prod · 0123456789abcdef01234567

  The cart service account read secrets it had never read, from an address never seen before.

  Why it is unusual
  - never read secrets in 62 days

  What to check
  - Ask the owners of shop whether they know of this
  - Look at what runs in the pod

  Evidence (1 of 14 events)
  2026-03-01 09:00:00  get secrets/database in payments from 203.0.113.9  b7f0a9c2

`);
  });

  test('findings stand under their days, low ones in short', () => {
    const later = finding({ raisedAt: '2026-03-02T10:00:00Z', severity: 'low', status: 'resolved' });
    const text = printed((output) => { writeFindings([finding(), finding(), later], output); });
    expect(text.match(/^2026-.*day$/gm)).toEqual(['2026-03-01 Sunday', '2026-03-02 Monday']);
    expect(text.match(/What to check/g)).toHaveLength(2);
    expect(text).toContain('resolved');
  });

  test('what to do first stands before why, with its commands in one piece, and what honest thing looks the same after it', () => {
    const step = `See what it can do: kubectl auth can-i --list --as=system:serviceaccount:shop:${'cart-'.repeat(20)} -n shop`;
    const text = printed((output) => { writeFinding(finding({ firstSteps: [step], innocent: 'A new release.', tally: [{ what: 'list secrets', count: 6 }] }), output); });
    expect(text).toContain(`  What to do first\n  - ${step}\n\n  Why it is unusual\n`);
    expect(text).toContain('  It may be innocent: A new release.\n\n  Evidence (1 of 14 events)\n');
    expect(text).toContain('\n  The first 1: 6 × list secrets\n');
  });

  test('colours are used only when the output has them', () => {
    expect(printed((output) => { writeFinding(finding(), output); }, true)).toContain('\u001b[31mHIGH');
    expect(printed((output) => { writeFinding(finding(), output); })).not.toContain('\u001b');
  });

  test('whatever a finding holds, nothing that a terminal obeys is printed', () => {
    fc.assert(fc.property(anyFinding, (one: Finding) => {
      expect(printed((output) => { writeFinding(one, output); })).not.toMatch(/[^\P{C}\n]|[\p{Zl}\p{Zp}]/u);
    }));
  });
});

describe('for programs', () => {
  test('each line is the finding itself, without characters that a terminal obeys', () => {
    fc.assert(fc.property(fc.array(anyFinding, { maxLength: 4 }), (findings: Finding[]) => {
      const text = printed((output) => { writeJsonLines(findings, output); });
      expect(text.split('\n').slice(0, -1).map((line) => findingSchema.parse(JSON.parse(line)))).toEqual(findings);
      expect(text).not.toMatch(/[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/u);
    }));
  });
});

test('wrapped lines keep all words and the width, where words allow it', () => {
  fc.assert(fc.property(fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1 }), fc.integer({ min: 12, max: 40 }), (words, width) => {
    const lines = wrap(words.join(' '), width);
    expect(lines.join(' ')).toBe(words.join(' '));
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
  }));
});
