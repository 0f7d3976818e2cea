import { findingSchema, severityRank, type Finding, type Severity } from './finding.ts';
import { settleMs } from './scoring/episode.ts';
import { tallyWords } from './tally.ts';
import { cleanLine } from './text.ts';

/** What goes to SNS for one push of one finding. */
export interface Notification {
  /** At most 99 printable ASCII characters, as SNS demands of a mail's subject. */
  readonly subject: string;
  /** The mail's text, at most `maxTextBytes` in UTF-8. */
  readonly text: string;
  /** The finding as JSON, for subscribers that are programs; evidence is left out when it would be too large. */
  readonly json: string;
  /** Message attributes for subscription filter policies. */
  readonly attributes: { readonly severity: string; readonly category: string; readonly cluster: string };
}

/** A mail's text is at most so many bytes. */
export const maxTextBytes = 4096;

/** The JSON, escaped once more as SNS wants it inside its message, is at most so many bytes (SNS takes 256 KB in all). */
export const maxJsonBytes = 220 * 1024;

const maxSubjectLength = 99;
const shownEvidence = 3;
const shownItems = 4;
const maxItemLength = 240;
const maxStepLength = 400;
/** In a subject a phone shows little more than what stands before the words. */
const maxClusterLength = 24;

/**
 * Decides whether changes of a finding are to be told to people, and in what words: when by one of them it was pushed once more than
 * before, or became graver while the last push had not settled, which is a part of that push that came too late for
 * its mail. `before` is the finding as it was, if there was one; the others are how it was after each change. It is told as it was after the last.
 * @returns the notification, or `undefined` when nobody is to be told.
 */
export function notificationFor(before: Finding | undefined, ...changes: readonly [Finding, ...Finding[]]): Notification | undefined {
  const after = changes.at(-1) ?? changes[0];
  if (!changes.some((change, index) => isToBeTold(index === 0 ? before : changes[index - 1], change))) return undefined;
  return {
    subject: subjectOf(after),
    text: textOf(after, before?.severity),
    json: jsonOf(after),
    attributes: { severity: after.severity, category: after.category, cluster: clean(after.cluster, 256) || 'unknown' },
  };
}

function isToBeTold(before: Finding | undefined, after: Finding): boolean {
  return after.severity !== 'low' && (isPushedAgain(before, after) || isGraverAtOnce(before, after));
}

function isPushedAgain(before: Finding | undefined, { pushedAt }: Finding): boolean {
  return pushedAt.length > (before?.pushedAt.length ?? 0);
}

function isGraverAtOnce(before: Finding | undefined, { severity, pushedAt, lastSeen }: Finding): boolean {
  const last = pushedAt.at(-1);
  if (!before || !last || severityRank(severity) <= severityRank(before.severity)) return false;
  return Date.parse(lastSeen) <= Date.parse(last) + settleMs;
}

function subjectOf(finding: Finding): string {
  const cluster = clean(finding.cluster, 256);
  const words = `${finding.severity.toUpperCase()} ${cluster.length <= maxClusterLength ? cluster : `${cluster.slice(0, maxClusterLength - 2)}..`}: ${finding.title}`;
  const ascii = clean(words, 1000).normalize('NFKD').replace(/[^\x20-\x7e]+/g, '').replace(/ +/g, ' ').trim();
  return ascii.length <= maxSubjectLength ? ascii : `${ascii.slice(0, maxSubjectLength - 3)}...`;
}

function textOf(finding: Finding, severityBefore: Severity | undefined): string {
  const last = `\n\ntidemark finding ${finding.id}`;
  const sections = [
    `${finding.severity.toUpperCase()} ${clean(finding.title, 200)}`,
    factsOf(finding, severityBefore),
    clean(finding.summary, 600),
    listOf('What to do first', finding.firstSteps, maxStepLength),
    listOf('Why it is unusual', finding.reasons.map((reason) => reason.words)),
    listOf('What to check', finding.checks),
    finding.innocent === '' ? '' : `It may be innocent: ${clean(finding.innocent, 200)}`,
    stagesOf(finding),
    finding.techniques.length > 0 ? `MITRE ATT&CK: ${finding.techniques.join(', ')}` : '',
    evidenceOf(finding),
  ];
  const body = sections.filter((section) => section !== '').join('\n\n');
  return clipBytes(body, maxTextBytes - last.length) + last;
}

function factsOf(finding: Finding, severityBefore: Severity | undefined): string {
  const rose = severityBefore !== undefined && severityBefore !== finding.severity;
  return [
    `Severity:   ${finding.severity}${rose ? ` (was ${severityBefore})` : ''}`,
    `Category:   ${finding.category}`,
    `Cluster:    ${clean(finding.cluster, 100)}`,
    `Identity:   ${clean(finding.identity, 200)}`,
    `First seen: ${finding.firstSeen}`,
    `Last seen:  ${finding.lastSeen}`,
    ...(finding.others.length > 0 ? [`With:       ${finding.others.map((other) => clean(other, 100)).join(', ')}`] : []),
  ].join('\n');
}

/** Where an attack shows several of ATT&CK's tactics, how far it got. */
function stagesOf({ stages }: Finding): string {
  const tactics = new Set(stages.map(({ tactic }) => tactic));
  return tactics.size < 2 ? '' : `How far it got: ${[...tactics].join(', ')}`;
}

function listOf(heading: string, items: readonly string[], maxLength = maxItemLength): string {
  if (items.length === 0) return '';
  const shown = items.slice(0, shownItems).map((item) => `- ${clean(item, maxLength)}`);
  const more = items.length > shownItems ? [`- and ${String(items.length - shownItems)} more`] : [];
  return [`${heading}:`, ...shown, ...more].join('\n');
}

function evidenceOf(finding: Finding): string {
  const shown = finding.evidence.slice(0, shownEvidence);
  const lines = shown.map(({ time, auditId, request }) => `- ${time} ${clean(request, 120)} ${clean(auditId, 64)}`.trimEnd());
  const tally = finding.evidenceTotal > shown.length ? tallyWords(finding) : '';
  return [`Evidence (${String(shown.length)} of ${String(finding.evidenceTotal)} events):`, ...lines, ...(tally === '' ? [] : [clean(tally, 400)])].join('\n');
}

/** The whole finding, with as much of its evidence as SNS can carry; `evidenceTotal` still counts all. */
function jsonOf(finding: Finding): string {
  let kept = finding.evidence.length;
  let json = JSON.stringify(findingSchema.parse(finding));
  while (kept > 0 && escapedBytes(json) > maxJsonBytes) {
    kept = Math.floor(kept / 2);
    json = JSON.stringify({ ...finding, evidence: finding.evidence.slice(0, kept) });
  }
  // SNS refuses a message with these two, and an attacker must not be able to silence a finding.
  return json.replace(/[\uFFFE\uFFFF]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`);
}

/** JSON within JSON: each quote and backslash grows, so only the escaped size counts. */
function escapedBytes(json: string): number {
  return Buffer.byteLength(JSON.stringify(json));
}

/** Text from audit events is hostile, and SNS refuses some characters. */
function clean(text: string, maxLength: number): string {
  const line = cleanLine(text);
  return line.length <= maxLength ? line : `${line.slice(0, maxLength - 1).replace(/\p{Cs}$/u, '')}…`;
}

function clipBytes(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= maxBytes) return text;
  // A cut character decodes to U+FFFD, which goes too.
  return `${bytes.subarray(0, maxBytes - 3).toString().replace(/\uFFFD+$/, '')}…`;
}
