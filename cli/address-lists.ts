import { readFile } from 'node:fs/promises';
import { threatListProblem, type AddressLists } from '../lib/egress/address-lists.ts';
import { readAwsRanges, UnreadableRangesError } from '../lib/egress/aws-ranges.ts';
import { ThreatList } from '../lib/egress/threat-list.ts';
import { UnreadableFileError } from './errors.ts';
import { reasonOf } from './reading/list-files.ts';

/** Which files tell of addresses and domains beforehand. */
export interface AddressListOptions {
  /** AWS's `ip-ranges.json`. */
  readonly ipRanges?: string;
  readonly threatList?: readonly string[];
}

/**
 * Reads lists of addresses and domains from files; of STIX indicators those that are valid at a time (milliseconds since the epoch).
 * @throws {UnreadableFileError} when one cannot be read or holds nothing that could be used.
 */
export async function readAddressLists({ ipRanges, threatList }: AddressListOptions, at: number): Promise<AddressLists> {
  const awsRanges = ipRanges === undefined ? undefined : rangesIn(ipRanges, await textOf(ipRanges));
  if (!threatList) return { awsRanges };
  const threats = new ThreatList();
  for (const file of threatList) {
    const text = await textOf(file);
    const problem = threatListProblem(text, at);
    if (problem !== undefined) throw new UnreadableFileError(file, problem);
    threats.add(text, at);
  }
  return { awsRanges, threats };
}

function rangesIn(file: string, text: string): AddressLists['awsRanges'] {
  try {
    return readAwsRanges(text);
  } catch (cause) {
    if (cause instanceof UnreadableRangesError) throw new UnreadableFileError(file, cause.message, { cause });
    throw cause;
  }
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new UnreadableFileError(file, reasonOf(cause), { cause });
  }
}
