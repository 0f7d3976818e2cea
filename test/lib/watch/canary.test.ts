import { describe, expect, test } from '@jest/globals';
import { readSubscription } from '../../../lib/audit/subscription.ts';
import type { Finding } from '../../../lib/finding.ts';
import { Ingest } from '../../../lib/ingest.ts';
import { MemoryDeadLetters, MemoryFindingStore, MemoryStateStore } from '../../../lib/memory-stores.ts';
import type { StateStore } from '../../../lib/store.ts';
import { canaryCluster, canaryPayload, canaryPorts, noteCanary } from '../../../lib/watch/canary.ts';
import { readHeartbeat } from '../../../lib/watch/heartbeat.ts';

const start = Date.parse('2026-03-01T09:00:00Z');
const quarter = 15 * 60_000;

/** Lets canaries fly through one deployment's ports, and notes what is written. */
function deployment() {
  const changes: Finding[] = [];
  const written = new Map<string, number | undefined>();
  const memory = new MemoryStateStore();
  const write: StateStore['write'] = (key, bytes, version, expiresAt) => { written.set(key, expiresAt); return memory.write(key, bytes, version); };
  const state: StateStore = { read: (keys) => memory.read(keys), write };
  const ports = { state, findings: new MemoryFindingStore((_, after) => { changes.push(after); }), deadLetters: new MemoryDeadLetters() };
  return { ports, changes, written, fly: (time: number) => new Ingest(canaryPorts(ports, time)).subscription(canaryPayload(time)) };
}

describe('a canary', () => {
  test('comes as a delivery of a cluster that nobody can have', () => {
    expect(readSubscription(canaryPayload(start))).toMatchObject({ cluster: canaryCluster, kind: 'audit' });
    expect(canaryCluster).toMatch(/ /);
  });

  test('is a finding that people would be sent, each time anew, for weeks', async () => {
    const { fly, changes, ports } = deployment();
    for (let count = 0; count < 500; count++) expect(await fly(start + count * quarter)).toMatchObject({ requests: 1, malformed: 0, findings: 1 });
    expect(changes).toHaveLength(500);
    expect(changes.every(({ severity, pushedAt, cluster }) => severity === 'high' && pushedAt.length === 1 && cluster === canaryCluster)).toBe(true);
    expect(await ports.findings.query({ limit: 10 })).toHaveLength(1);
  });

  test('leaves nothing that is not forgotten after a day', async () => {
    const { fly, written } = deployment();
    await fly(start);
    expect(written.size).toBeLessThan(5);
    for (const [key, expiresAt] of written) {
      expect(key).toMatch(/^canary\|/);
      expect(expiresAt).toBe(start / 1000 + 24 * 60 * 60);
    }
  });

  test('that is delivered again changes nothing', async () => {
    const { fly, changes } = deployment();
    for (let time = 0; time < 2; time++) await fly(start);
    expect(changes).toHaveLength(1);
  });

  test('is noted where it comes out, and no other finding is', async () => {
    const { fly, changes, ports } = deployment();
    await fly(start);
    const [finding] = changes as [Finding];
    expect(await noteCanary(ports.state, { ...finding, cluster: 'prod' }, start + 1000)).toBe(false);
    expect((await readHeartbeat(ports.state, canaryCluster)).heartbeat).toBeUndefined();
    expect(await noteCanary(ports.state, finding, start + 1000)).toBe(true);
    expect((await readHeartbeat(ports.state, canaryCluster)).heartbeat?.newest).toBe(start);
  });
});
