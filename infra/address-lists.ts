import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { FileSystem } from 'aws-cdk-lib';
import { Code, LayerVersion } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { listFiles } from '../lambdas/address-lists.ts';

/** Files on this machine. */
export interface AddressListsProps {
  readonly ipRanges: string | undefined;
  readonly threatLists: readonly string[];
}

const folderInLayer = 'address-lists';

/** Lists of addresses and domains, as files that come with a function: it needs no permission for them and cannot start without. */
export class AddressLists extends LayerVersion {
  /** Where the function finds them. */
  readonly folder = `/opt/${folderInLayer}`;

  constructor(scope: Construct, id: string, { ipRanges, threatLists }: AddressListsProps) {
    const folder = FileSystem.mkdtemp('tidemark-lists-');
    const inLayer = path.join(folder, folderInLayer);
    mkdirSync(inLayer);
    if (ipRanges !== undefined) copyFileSync(ipRanges, path.join(inLayer, listFiles.ipRanges));
    for (const [index, file] of threatLists.entries()) copyFileSync(file, path.join(inLayer, listFiles.threatList(index)));
    super(scope, id, { code: Code.fromAsset(folder), description: 'Tidemark: ranges of AWS and threat lists' });
  }
}
