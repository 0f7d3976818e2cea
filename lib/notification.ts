import type { Finding } from './finding.ts';

/** What goes to SNS for one push of one finding. */
export interface Notification {
  /** At most 100 printable ASCII characters, as SNS demands of a mail's subject. */
  readonly subject: string;
  /** The mail's text. */
  readonly text: string;
  /** The finding as JSON, for subscribers that are programs. */
  readonly json: string;
  /** Message attributes for subscription filter policies. */
  readonly attributes: { readonly severity: string; readonly category: string; readonly cluster: string };
}

/**
 * Decides whether a change of a finding is to be told to people, and in what words: when it was pushed once more than
 * before. `before` is the finding as it was, if there was one.
 * @returns the notification, or `undefined` when nobody is to be told.
 */
export function notificationFor(before: Finding | undefined, after: Finding): Notification | undefined {
  void before;
  void after;
  throw new Error('written next');
}
