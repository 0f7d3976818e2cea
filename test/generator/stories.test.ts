import { describe, expect, test } from '@jest/globals';
import { parseAuditEvent } from '../../lib/audit/event.ts';
import { requestsOf, type ApiRequest } from '../../lib/audit/request.ts';
import { stories } from './attacks/stories.ts';
import type { AuditJson } from './audit.ts';
import { generateCluster } from './generate.ts';

const kinds = Object.keys(stories);
const { events, labels } = generateCluster(301, { days: 11, attacks: kinds, oddities: [] });
const scenarioOf = new Map(labels.filter(({ role }) => role === 'attack').map(({ auditID, scenario }) => [auditID, scenario.replace(/-\d+$/, '')]));
const logged = Map.groupBy(events, ({ auditID }) => scenarioOf.get(auditID) ?? '');

/** What a detector gets to see of a story. */
function requests(kind: string): ApiRequest[] {
  return requestsOf((logged.get(kind) ?? []).map((event) => parseAuditEvent(JSON.stringify(event))));
}

function issued(event: AuditJson): string | undefined {
  return (event['annotations'] as Record<string, string> | undefined)?.['authentication.kubernetes.io/issued-credential-id'];
}

describe('an attack of several identities', () => {
  test.each(kinds)('%s is seen under at least two names', (kind) => {
    expect(new Set(requests(kind).map(({ identity }) => identity.id)).size).toBeGreaterThanOrEqual(2);
  });

  test.each(['token-minted-then-used', 'account-bound-then-used', 'impersonation-chain'])('%s uses the token that was given out', (kind) => {
    const given = new Set((logged.get(kind) ?? []).map(issued).filter(Boolean));
    const used = new Set(requests(kind).map(({ credential }) => credential));
    expect(given.size).toBeGreaterThan(0);
    expect([...given].filter((id) => !used.has(id ?? ''))).toEqual([]);
  });

  test('a pod says its name as the log knows it from its start', () => {
    const names = (logged.get('workload-with-account') ?? []).map(({ user }) => (user as { extra?: Record<string, string[]> }).extra?.['authentication.kubernetes.io/pod-name']?.[0]);
    const bound = events.filter((event) => (event['objectRef'] as { subresource?: string } | undefined)?.subresource === 'binding');
    const started = new Set(bound.map(({ objectRef }) => (objectRef as { name?: string }).name));
    expect(names.filter(Boolean).length).toBeGreaterThan(0);
    expect(names.filter((name) => name !== undefined && !started.has(name))).toEqual([]);
  });

  test('a key that comes under another name is the same key', () => {
    expect(new Set(requests('one-key-two-names').map(({ credential }) => credential)).size).toBe(1);
  });
});
