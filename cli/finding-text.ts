import { cleanLine } from '../lib/text.ts';
import type { Finding, Severity } from '../lib/finding.ts';
import { tallyWords } from '../lib/tally.ts';
import { styled, wrap, type Output, type Style } from './terminal.ts';

const severityStyles: Record<Severity, Style> = { critical: 'magenta', high: 'red', medium: 'yellow', low: 'dim' };
const shownEvidence = 5;
const indent = '  ';

/** Writes findings for people, in the order given, under a heading for each day; low ones, which nobody is told of, in a line each. */
export function writeFindings(findings: readonly Finding[], output: Output): void {
  let day = '';
  for (const finding of findings) {
    const raised = finding.raisedAt.slice(0, 10);
    if (raised !== day) output.write(`${styled(output, 'bold', `${raised} ${weekday(raised)}`)}\n\n`);
    day = raised;
    if (finding.severity === 'low') output.write(`${headline(finding, output)}\n${indent}${factsOf(finding, output)}\n\n`);
    else writeFinding(finding, output);
  }
}

/** Writes one finding in full: what, who, when, what to do first, why, what to check and the first events of its evidence. */
export function writeFinding(finding: Finding, output: Output): void {
  const sections = [
    [`${indent}${factsOf(finding, output)}`],
    paragraph(finding.summary, output),
    stepsOf(finding, output),
    stagesOf(finding, output),
    listOf('Why it is unusual', finding.reasons.map((reason) => reason.words), output),
    listOf('What to check', finding.checks, output),
    finding.innocent === '' ? [] : paragraph(`It may be innocent: ${finding.innocent}`, output),
    evidenceOf(finding, output),
  ];
  output.write(`${headline(finding, output)}\n`);
  output.write(sections.filter((lines) => lines.length > 0).map((lines) => `${lines.join('\n')}\n`).join('\n'));
  output.write('\n');
}

/** Writes findings as JSON, one a line, exactly as the findings contract has them. */
export function writeJsonLines(findings: readonly Finding[], output: Output): void {
  for (const finding of findings) output.write(`${safeJson(finding)}\n`);
}

/** JSON leaves some characters as they are that a terminal obeys; escaped they mean the same. */
function safeJson(finding: Finding): string {
  return JSON.stringify(finding).replace(/[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    Array.from({ length: character.length }, (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`).join(''),
  );
}

function headline(finding: Finding, output: Output): string {
  const label = styled(output, severityStyles[finding.severity], finding.severity.toUpperCase().padEnd(8));
  return `${label} ${styled(output, 'bold', cleanLine(finding.title))}`;
}

function factsOf(finding: Finding, output: Output): string {
  const techniques = finding.techniques.length > 0 ? [`ATT&CK ${finding.techniques.join(', ')}`] : [];
  const status = finding.status === 'open' ? [] : [finding.status];
  const lines = [
    [finding.identity, ...finding.others].map(cleanLine).join(', with '),
    [`${timeOf(finding.firstSeen)} to ${timeOf(finding.lastSeen)} UTC`, `raised ${timeOf(finding.raisedAt)}`].join(' · '),
    [finding.category, ...techniques, `cluster ${cleanLine(finding.cluster)}`, ...status, finding.id].join(' · '),
  ];
  return lines.map((line, index) => styled(output, index === 0 ? 'cyan' : 'dim', line)).join(`\n${indent}`);
}

function paragraph(text: string, output: Output): string[] {
  const clean = cleanLine(text);
  return clean === '' ? [] : wrap(clean, output.columns - indent.length).map((line) => indent + line);
}

/** Only where there is more than one there is a way to show. */
function stagesOf({ stages }: Finding, output: Output): string[] {
  return new Set(stages.map(({ tactic }) => tactic)).size < 2 ? [] : listOf('How far it got', stages.map(({ tactic, words }) => `${tactic}: ${words}`), output);
}

/** Not broken into lines: commands in them are copied. */
function stepsOf({ firstSteps }: Finding, output: Output): string[] {
  return firstSteps.length === 0 ? [] : [`${indent}${styled(output, 'bold', 'What to do first')}`, ...firstSteps.map((step) => `${indent}- ${cleanLine(step)}`)];
}

function listOf(heading: string, items: readonly string[], output: Output): string[] {
  if (items.length === 0) return [];
  const lines = items.flatMap((item) =>
    wrap(cleanLine(item), output.columns - 2 * indent.length).map((line, index) => `${indent}${index === 0 ? '- ' : '  '}${line}`),
  );
  return [`${indent}${styled(output, 'bold', heading)}`, ...lines];
}

function evidenceOf(finding: Finding, output: Output): string[] {
  const shown = finding.evidence.slice(0, shownEvidence);
  if (shown.length === 0) return [];
  const heading = styled(output, 'bold', `Evidence (${String(shown.length)} of ${String(finding.evidenceTotal)} events)`);
  const lines = shown.map(({ time, request, auditId }) => `${indent}${timeOf(time)}  ${cleanLine(request)}  ${styled(output, 'dim', cleanLine(auditId))}`);
  return [indent + heading, ...lines, ...(finding.evidenceTotal > shown.length ? paragraph(tallyWords(finding), output) : [])];
}

function timeOf(iso: string): string {
  return iso.slice(0, 19).replace('T', ' ');
}

function weekday(day: string): string {
  return new Date(day).toLocaleDateString('en-GB', { weekday: 'long', timeZone: 'UTC' });
}
