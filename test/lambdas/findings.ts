import fc from 'fast-check';
import { categories, findingSchema, maxEvidence, maxOthers, severities, statuses, tactics, type Finding } from '../../lib/finding.ts';

const sampleTime = '2026-03-01T09:00:00.000Z';

/** A finding that was pushed once, with some of its fields given. */
export function finding(given: Partial<Finding> = {}): Finding {
  return findingSchema.parse({
    schemaVersion: 1,
    id: '0123456789abcdef01234567',
    cluster: 'prod',
    identity: 'system:serviceaccount:shop:cart',
    category: 'credential-abuse',
    severity: 'high',
    status: 'open',
    revision: 1,
    score: 12.5,
    raisedAt: sampleTime,
    pushedAt: [sampleTime],
    firstSeen: '2026-03-01T08:58:00.000Z',
    lastSeen: sampleTime,
    title: 'system:serviceaccount:shop:cart read secrets in 9 namespaces',
    summary: 'The cart service account read secrets it had never read, from an address never seen before.',
    checks: ['Ask the owners of shop whether they know of this', 'Look at what runs in the pod'],
    techniques: ['T1552.007', 'T1078.004'],
    reasons: [{ detector: 'new-resource', words: 'never read secrets in 62 days', score: 7.5 }],
    evidence: [{ auditId: 'b7f0a9c2', time: sampleTime, request: 'get secrets/database in payments from 203.0.113.9' }],
    evidenceTotal: 14,
    ...given,
  });
}

/** As much as the contract allows in every field, of characters that take `unit` in JSON or UTF-8. */
export function largestFinding(unit: string, given: Partial<Finding> = {}): Finding {
  const full = (length: number) => unit.repeat(length).slice(0, length);
  return finding({
    cluster: full(256),
    identity: full(512),
    title: full(200),
    summary: full(2000),
    checks: Array.from({ length: 12 }, () => full(500)),
    techniques: Array.from({ length: 24 }, () => 'T1552.007'),
    reasons: Array.from({ length: 24 }, () => ({ detector: full(64), words: full(500), score: 1 })),
    innocent: full(200),
    firstSteps: Array.from({ length: 4 }, () => full(400)),
    tally: Array.from({ length: 8 }, () => ({ what: full(100), count: 1 })),
    stages: Array.from({ length: 12 }, () => ({ tactic: 'impact' as const, words: full(120), other: maxOthers - 1 })),
    others: Array.from({ length: maxOthers }, () => full(512)),
    evidence: Array.from({ length: maxEvidence }, () => ({ auditId: full(128), time: sampleTime, request: full(300), other: maxOthers - 1 })),
    ...given,
  });
}

const text = (maxLength: number) => fc.string({ unit: 'binary', maxLength }).map((value) => value.slice(0, maxLength).toWellFormed());
const time = fc
  .date({ min: new Date('2026-01-01T00:00:00Z'), max: new Date('2026-01-02T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString());
const nonNegative = fc.double({ min: 0, max: 1e6, noNaN: true }).map((value) => Math.round(value * 1000) / 1000);

/** Any finding the contract allows, with the hostile text that audit events can bring; names repeat often. */
export const anyFinding: fc.Arbitrary<Finding> = fc.record({
  schemaVersion: fc.constant(1 as const),
  id: fc.stringMatching(/^[0-9a-f]{24}$/),
  cluster: fc.constantFrom('prod', 'test', 'ünï\u202ecode'),
  identity: fc.constantFrom('anna', 'system:node:ip-10-0-0-1', 'a\nb'),
  category: fc.constantFrom(...categories),
  severity: fc.constantFrom(...severities),
  status: fc.constantFrom(...statuses),
  revision: fc.integer({ min: 1, max: 9 }),
  score: nonNegative,
  raisedAt: time,
  pushedAt: fc.array(time, { maxLength: severities.length }),
  firstSeen: time,
  lastSeen: time,
  title: text(200),
  summary: text(2000),
  checks: fc.array(text(500), { maxLength: 12 }),
  techniques: fc.array(fc.constantFrom('T1078', 'T1552.007'), { maxLength: 24 }),
  innocent: text(200),
  firstSteps: fc.array(text(400), { maxLength: 4 }),
  tally: fc.array(fc.record({ what: text(100), count: fc.integer({ min: 1, max: 200 }) }), { maxLength: 8 }),
  reasons: fc.array(fc.record({ detector: text(64), words: text(500), score: nonNegative }), { maxLength: 24 }),
  stages: fc.array(fc.record({ tactic: fc.constantFrom(...tactics), words: text(120), other: fc.nat(maxOthers - 1) }, { requiredKeys: ['tactic', 'words'] }), { maxLength: 12 }),
  others: fc.array(text(512), { maxLength: maxOthers }),
  evidence: fc.array(fc.record({ auditId: text(128), time, request: text(300), other: fc.nat(maxOthers - 1) }, { requiredKeys: ['auditId', 'time', 'request'] }), { maxLength: 20 }),
  evidenceTotal: fc.integer({ min: 1, max: 5000 }),
});
