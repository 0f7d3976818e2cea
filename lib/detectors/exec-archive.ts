import type { ActDetector } from './detector.ts';

/** The patterns look for several words in order, which takes long in a long text made for that. */
const maxCommand = 1000;

/** Packs files to standard output, as `kubectl cp` does, or sends them somewhere. */
const patterns: readonly [string, RegExp][] = [
  ['an archive written to standard output', /\b(tar\b.*\bc|tar\s+-?\w*c|zip\b.*\s-|cpio\s.*-o).*\s-(\s|$)|\btar\s+\w*c\w*f\s+-/],
  ['an upload', /\b(curl|wget)\b.*(\s-T\s?|--upload-file|--post-file|--data-binary\s+@|-F\s+\S+=@)|\b(aws\s+s3\s+(cp|mv|sync)|gsutil\s+(cp|rsync)|rclone\s+(copy|sync)|scp|rsync|sftp)\b/],
  ['a database dump', /\b(pg_dump(all)?|mysqldump|mongodump|redis-cli\s.*--rdb)\b/],
];

/** A command in a pod that takes data out of it. */
export const execArchive: ActDetector = {
  kind: 'act',
  id: 'exec-archive',
  category: 'exfil-egress',
  techniques: ['T1560', 'T1041'],
  check: 'Find out which data the pod holds and where it went',
  detect({ resource, namespace, query, outcome }) {
    if (resource !== 'pods/exec' || outcome !== 'ok') return [];
    const command = query.getAll('command').join(' ').slice(0, maxCommand);
    const found = patterns.find(([, pattern]) => pattern.test(command));
    return found ? [{ value: `${found[0]} in ${namespace}`, prior: 0.005, words: `ran a command in a pod of ${namespace} that looks like ${found[0]}` }] : [];
  },
};
