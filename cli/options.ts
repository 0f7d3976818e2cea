import { InvalidArgumentError, Option } from 'commander';
import { severities, statuses } from '../lib/finding.ts';
import { dayMs, hourMs, minuteMs } from '../lib/time.ts';

const durations = { m: minuteMs, h: hourMs, d: dayMs } as const;

/** How a command prints findings. */
export type Format = 'text' | 'jsonl';

/** The option for how to print findings. */
export function formatOption(): Option {
  return new Option('--format <format>', 'text for people, jsonl for programs: one finding a line').choices(['text', 'jsonl']).default('text');
}

/** An option that takes a severity. */
export function severityOption(flags: string, description: string): Option {
  return new Option(flags, description).choices([...severities]);
}

/** An option that takes a finding's status. */
export function statusOption(flags: string, description: string): Option {
  return new Option(flags, description).choices([...statuses]);
}

/**
 * Reads a time: an ISO 8601 date or time, in UTC when it names no zone.
 * @returns milliseconds since the epoch.
 * @throws {InvalidArgumentError} when it is none.
 */
export function parseTime(text: string): number {
  const [, day, clock, zone] = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:\d\d)?)?$/.exec(text) ?? [];
  const time = Date.parse(`${day ?? ''}T${clock ?? '00:00'}${zone ?? 'Z'}`);
  if (day === undefined || Number.isNaN(time)) throw new InvalidArgumentError('Give a time such as 2026-03-01 or 2026-03-01T12:00Z.');
  return time;
}

/**
 * Reads a time or how long ago it was (`30m`, `24h`, `7d`).
 * @returns an ISO time.
 * @throws {InvalidArgumentError} when it is neither.
 */
export function parseSince(text: string): string {
  const [, count, unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  if (count === undefined) return new Date(parseTime(text)).toISOString();
  return new Date(Date.now() - Number(count) * durations[unit as keyof typeof durations]).toISOString();
}

/**
 * Reads a whole number from 1 on.
 * @throws {InvalidArgumentError} when it is none.
 */
export function parseLimit(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('Give a whole number from 1 to 999999.');
  return Number(text);
}
