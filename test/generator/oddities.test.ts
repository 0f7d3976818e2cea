import { expect, test } from '@jest/globals';
import { oddities } from './oddities/catalogue.ts';
import { findingsAbout } from './oddity-alerts.ts';

/**
 * Innocent oddities about which nobody must be told, and a seed whose cluster shows each.
 * `node test/evaluate-generated.ts --oddities --seeds 301-303` shows all in three clusters.
 */
const silent: readonly (readonly [kind: string, seed: number])[] = [
  ['new-joiner', 301], ['traveller', 303], ['new-laptop', 301], ['new-client', 301], ['on-call-night', 301], ['auditor', 301],
  ['cluster-upgrade', 301], ['node-pool-replacement', 301], ['hourly-nodes', 301], ['scale-test', 301],
  ['preview-namespaces', 301], ['backup-with-previews', 303], ['tenant-a-day', 301],
  ['daily-backup', 302], ['pipeline-moved', 301], ['weekend-release', 302], ['operator-bursts', 301],
  ['namespace-rename', 303], ['new-operator', 301],
];

/** Those that people are still told of. One that begins to pass stays silent by now, and belongs above. */
const speaking: readonly (readonly [kind: string, seed: number])[] = [
  // Its new place and what else is unusual of somebody's first day there.
  ['office-move', 303],
  // Where an image is among what moves that nobody was seen to start.
  ['namespace-rename', 301],
];

async function toldOf(kind: string, seed: number): Promise<readonly object[]> {
  const findings = await findingsAbout(kind, seed);
  return findings.map(({ identity, severity, reasons }) => ({ identity, severity, reasons: reasons.map(({ words }) => words) }));
}

test.each(silent)('%s stays silent', async (kind, seed) => {
  expect(await toldOf(kind, seed)).toEqual([]);
});

test.failing.each(speaking)('%s stays silent', async (kind, seed) => {
  expect(await toldOf(kind, seed)).toEqual([]);
});

test('every oddity is tried', () => {
  expect([...new Set([...silent, ...speaking].map(([kind]) => kind))].sort()).toEqual(Object.keys(oddities).sort());
});
