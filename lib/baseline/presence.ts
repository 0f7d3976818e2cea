/** Windows that are remembered one by one, the latest among them. */
const remembered = 16;
const mask = 2 ** remembered - 1;

/**
 * In which windows something was seen: how many, the first and the latest, and which of the latest sixteen. Adding a
 * window twice, or windows in another order (within the remembered ones), gives the same.
 */
export interface Presence {
  first: number;
  last: number;
  count: number;
  /** Bit n is set when it was seen in window `last − n`. */
  recent: number;
}

/** Gives the presence of something seen in one window. */
export function presenceIn(window: number): Presence {
  return { first: window, last: window, count: 1, recent: 1 };
}

/** Adds a window. `true` when that changed anything. */
export function addWindow(presence: Presence, window: number): boolean {
  const back = presence.last - window;
  if (back < 0) {
    presence.recent = -back >= remembered ? 1 : ((presence.recent << -back) | 1) & mask;
    presence.last = window;
  } else if (back < remembered) {
    if ((presence.recent & (1 << back)) !== 0) return false;
    presence.recent |= 1 << back;
    presence.first = Math.min(presence.first, window);
  } else {
    // Too long ago to know whether it was counted, unless it is before all that was.
    if (window >= presence.first) return false;
    presence.first = window;
  }
  presence.count += 1;
  return true;
}

/** Counts the windows before `end`; exact when `end` is among the remembered windows or after them. */
export function countBefore(presence: Presence, end: number): number {
  if (presence.first >= end) return 0;
  const back = presence.last - end;
  if (back < 0) return presence.count;
  const after = back + 1 >= remembered ? presence.recent : presence.recent & (2 ** (back + 1) - 1);
  return Math.max(1, presence.count - bitCount(after));
}

function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}
