import * as z from 'zod';

/** Severities in rising order. `low` is only recorded; the others are sent to people. */
export const severities = ['low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** What a finding is about; the words of the findings contract (docs/findings.md). */
export const categories = [
  'credential-abuse',
  'mass-discovery',
  'exfil-egress',
  'privilege-escalation',
  'persistence',
  'defense-evasion',
  'execution',
  'lateral-movement',
  'impact',
] as const;
export type Category = (typeof categories)[number];

/** The tactics of MITRE ATT&CK that an audit log can show, in ATT&CK's order. Source: https://attack.mitre.org/tactics/enterprise/ */
export const tactics = [
  'execution',
  'persistence',
  'privilege-escalation',
  'defense-evasion',
  'credential-access',
  'discovery',
  'lateral-movement',
  'exfiltration',
  'impact',
] as const;
export type Tactic = (typeof tactics)[number];

/** What a person has decided about a finding. Tidemark itself only ever writes `open`. */
export const statuses = ['open', 'acknowledged', 'resolved'] as const;
export type Status = (typeof statuses)[number];

/** At most so many events are kept as evidence of one finding; `evidenceTotal` counts all. */
export const maxEvidence = 64;
/** Findings of older releases have up to so many. */
const mostEvidence = 200;

const isoTime = z.iso.datetime();

/** At most so many other identities are named; of further ones it is not said who they are. */
export const maxOthers = 8;

/** Who acted, where that was not the finding's identity: the place in `others`. */
const other = z.int().min(0).max(maxOthers - 1).optional();

/** What went from where to where, from a time on: of a flow record or several. */
const flowFields = {
  srcAddr: z.string().max(45),
  dstAddr: z.string().max(45),
  /** Seconds since the epoch. */
  start: z.int().min(0),
  bytes: z.number().min(0),
  /** Who sent it, as `NAMESPACE/KIND/NAME`, `node/NAME` or `address/ADDRESS`. */
  workload: z.string().max(320),
};

/** Who called AWS from where, of a call that CloudTrail recorded. */
const callFields = {
  /** CloudTrail's `eventID`. */
  eventId: z.string().max(64),
  sourceAddress: z.string().max(64),
  userAgent: z.string().max(100),
};

const evidenceSchema = z.object({
  /** Empty where the evidence is traffic or a call of AWS and no request to a cluster. */
  auditId: z.string().max(128),
  ...z.object(flowFields).partial().shape,
  ...z.object(callFields).partial().shape,
  time: isoTime,
  /** The request in a few words, cleaned of control characters and of anything secret. */
  request: z.string().max(300),
  other,
});

const stageSchema = z.object({
  tactic: z.enum(tactics),
  words: z.string().max(120),
  other,
});

const tallySchema = z.object({
  /** A sort of evidence in a few words: `list secrets (refused)`. */
  what: z.string().max(100),
  count: z.int().min(1),
});

const reasonSchema = z.object({
  detector: z.string().max(64),
  words: z.string().max(500),
  score: z.number().min(0),
});

/**
 * One episode of one identity's out-of-character behaviour: the findings contract, as written to the table,
 * sent to subscribers and printed by the command line. docs/findings.md describes every field. Fields that it does not
 * know are left out when it reads, so that an older release can read what a newer one wrote (docs/upgrades.md).
 */
export const findingSchema = z.object({
  schemaVersion: z.literal(1),
  id: z.string().regex(/^[0-9a-f]{24}$/),
  cluster: z.string().min(1).max(256),
  identity: z.string().min(1).max(512),
  category: z.enum(categories),
  severity: z.enum(severities),
  status: z.enum(statuses),
  /** Rises by one with each change of the finding; an older revision never overwrites a newer one. */
  revision: z.int().min(1),
  score: z.number().min(0),
  raisedAt: isoTime,
  pushedAt: z.array(isoTime).max(severities.length),
  firstSeen: isoTime,
  lastSeen: isoTime,
  title: z.string().max(200),
  summary: z.string().max(2000),
  checks: z.array(z.string().max(500)).max(12),
  /** What honest thing looks the same as the first thing in the title; empty where nothing is known. */
  innocent: z.string().max(200).default(''),
  /** What to do first: how to find out whether it was the owner, and how to cut it off. */
  firstSteps: z.array(z.string().max(400)).max(4).default([]),
  techniques: z.array(z.string().regex(/^T\d{4}(\.\d{3})?$/)).max(24),
  /** How far it got: what was done, in the order of ATT&CK's tactics. */
  stages: z.array(stageSchema).max(12).default([]),
  /** Others whose acts are a part of it. */
  others: z.array(z.string().max(512)).max(maxOthers).default([]),
  reasons: z.array(reasonSchema).max(24),
  evidence: z.array(evidenceSchema).max(mostEvidence),
  evidenceTotal: z.int().min(1),
  /** What the evidence is, by sorts, the most frequent first; of more than is kept, what is kept. */
  tally: z.array(tallySchema).max(8).default([]),
});
export type Finding = z.infer<typeof findingSchema>;
export type Evidence = Finding['evidence'][number];
export type FlowEvidence = { readonly [Field in keyof typeof flowFields]: z.infer<(typeof flowFields)[Field]> };

/** What was decided about a finding holds until it becomes graver or people are told of it again: that was not decided about. */
export function statusAfter(before: Finding, after: Finding): Status {
  const isMore = after.pushedAt.length > before.pushedAt.length || severityRank(after.severity) > severityRank(before.severity);
  return isMore ? 'open' : before.status;
}

/** @returns a number that is higher for a graver severity (`low` is 0). */
export function severityRank(severity: Severity): number {
  return severities.indexOf(severity);
}
