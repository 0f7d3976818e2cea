/** Milliseconds in a minute, an hour, a day. */
export const minuteMs = 60 * 1000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** A window's length: what one identity does within it is looked at together. */
export const windowMs = 10 * minuteMs;

/** Windows in a day. */
export const windowsPerDay = dayMs / windowMs;

/** Windows in an hour. */
export const windowsPerHour = windowsPerDay / 24;

/**
 * So many windows, a request's own among them, are the present: what was first seen in them is still new, and a
 * request that comes late by less than one of them changes nothing that was decided without it.
 */
export const presentWindows = 2;

/** What comes so many windows late is no longer waited for: by then a window is counted as it is. */
export const lateWindows = 4;

/** Gives the number of the window a time is in; `time` is in milliseconds since the epoch. */
export function windowOf(time: number): number {
  return Math.floor(time / windowMs);
}

/** Gives the first window that is no longer the past, as seen from a window. */
export function pastEnd(window: number): number {
  return window - presentWindows + 1;
}

/** Gives a time to the minute, for people: `2026-03-01 09:00`, in UTC. */
export function minuteText(time: number): string {
  return isoTime(time).slice(0, 16).replace('T', ' ');
}

/** Gives a time as ISO 8601 text, in UTC. */
export function isoTime(time: number): string {
  return new Date(time).toISOString();
}
