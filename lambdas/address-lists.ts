import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { AddressLists } from '../lib/egress/address-lists.ts';
import { readAwsRanges } from '../lib/egress/aws-ranges.ts';
import { ThreatList } from '../lib/egress/threat-list.ts';

export { awsRangesProblem, threatListProblem } from '../lib/egress/address-lists.ts';

/** How the files are named that are deployed with the function. */
export const listFiles = {
  ipRanges: 'ip-ranges.json',
  threatList: (index: number): string => `threat-list-${String(index)}`,
} as const;

/**
 * Reads the lists in a folder. They were looked at when they were deployed; of STIX indicators those are taken that are valid at a
 * time (milliseconds since the epoch).
 * @throws when the folder is not there, or a file cannot be read.
 */
export function addressListsIn(folder: string, at: number): AddressLists {
  const names = readdirSync(folder);
  const textOf = (name: string): string => readFileSync(path.join(folder, name), 'utf8');
  const threatLists = names.filter((name) => name !== listFiles.ipRanges);
  const threats = new ThreatList();
  for (const name of threatLists) threats.add(textOf(name), at);
  return { ...(names.includes(listFiles.ipRanges) ? { awsRanges: readAwsRanges(textOf(listFiles.ipRanges)) } : {}), ...(threatLists.length > 0 ? { threats } : {}) };
}
