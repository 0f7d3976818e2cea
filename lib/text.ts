/**
 * Makes text from audit events safe to show anywhere: one line, without control, bidirectional, invisible, private-use,
 * unassigned or broken characters.
 */
export function cleanLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').replace(/\p{C}+/gu, '').trim();
}
