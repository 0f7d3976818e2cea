import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { auditEvent } from '../lambdas/deliveries.ts';

const start = Date.parse('2026-03-01T09:00:00.000Z');

/** An audit event as the API server writes it, so many seconds after the first. */
export function eventAt(auditID: string, seconds: number, username = 'system:serviceaccount:shop:cart'): string {
  const time = timeAt(seconds);
  const event = JSON.parse(auditEvent(auditID)) as Record<string, unknown>;
  return JSON.stringify({ ...event, user: { ...(event['user'] as object), username }, requestReceivedTimestamp: time, stageTimestamp: time });
}

/** A time as the API server writes it. */
export function timeAt(seconds: number): string {
  return new Date(start + Math.round(seconds * 1000)).toISOString().replace('Z', '000Z');
}

/** A record as `aws logs filter-log-events` has it in its array. */
export function logEvent(message: string, stream = 'kube-apiserver-audit-0a1b2c'): object {
  return { logStreamName: stream, timestamp: start, message, ingestionTime: start + 1000, eventId: '37' };
}

/** A directory that is gone after the test. */
export class TestDirectory {
  readonly path = mkdtempSync(path.join(tmpdir(), 'tidemark-'));

  /** Writes a file, making its folders, and gives its path. */
  write(name: string, content: string | Uint8Array): string {
    const file = path.join(this.path, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
