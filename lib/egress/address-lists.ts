import { readAwsRanges, UnreadableRangesError, type AwsRanges } from './aws-ranges.ts';
import { bundleOf } from './stix.ts';
import { ThreatList } from './threat-list.ts';

/** What somebody has told of addresses and domains beforehand. */
export interface AddressLists {
  /** AWS's own ranges. */
  readonly awsRanges?: AwsRanges | undefined;
  /** What is known to be bad. */
  readonly threats?: ThreatList | undefined;
}

/** A function keeps its lists in memory. */
const maxListLength = 20 * 1024 * 1024;

/** Says what is wrong with AWS's list of its address ranges, `ip-ranges.json`; `undefined` when nothing is. */
export function awsRangesProblem(text: string): string | undefined {
  try {
    readAwsRanges(text);
    return undefined;
  } catch (error) {
    if (error instanceof UnreadableRangesError) return error.message;
    throw error;
  }
}

/**
 * Says why nothing of a threat list could be used at a time (milliseconds since the epoch), or why it is too much; `undefined`
 * when it is of use, also when some of its entries are not.
 */
export function threatListProblem(text: string, at: number): string | undefined {
  if (text.length > maxListLength) return `the list has more than ${String(maxListLength / 1024 / 1024)} MB`;
  if (text.trimStart().startsWith('{') && !bundleOf(text)) return 'the list begins as JSON and is no STIX 2.1 bundle';
  const list = new ThreatList();
  list.add(text, at);
  return list.size > 0 ? undefined : 'the list has no address, range or domain that can be used';
}
