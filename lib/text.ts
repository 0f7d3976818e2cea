/**
 * Makes text from audit events safe to show anywhere: one line, without control, bidirectional, invisible, private-use,
 * unassigned or broken characters.
 */
export function cleanLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').replace(/\p{C}+/gu, '').trim();
}

/** Reads JSON; `undefined` when the text is none, as no JSON is. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
