import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Tidemark, type TidemarkProps } from '../../infra/tidemark.ts';
import type { Home } from '../../lib/cluster.ts';

/** A construct in a stack of a fresh app, without the functions' code unless asked for, in a named account and region when they are given. */
export function createTidemark(props: Partial<TidemarkProps> = {}, { bundled = false, outdir, env }: { bundled?: boolean; outdir?: string; env?: Home } = {}) {
  const app = new App({ ...(outdir === undefined ? {} : { outdir }), context: bundled ? {} : { 'aws:cdk:bundling-stacks': [] } });
  const stack = new Stack(app, 'Stack', env ? { env } : {});
  const tidemark = new Tidemark(stack, 'Tidemark', { clusters: ['prod'], mailAddresses: ['team@shop.example'], ...props });
  return { app, stack, tidemark };
}

/** Props with flow logs of two clusters: a network of their own, and one that they share. */
export const withFlowLogs: Partial<TidemarkProps> = {
  clusters: ['prod', 'staging'],
  flowLogs: [
    { cluster: 'prod', logGroupName: '/vpc/prod', format: '${version} ${srcaddr} ${dstaddr} ${bytes} ${start}' },
    { cluster: 'prod', logGroupName: '/vpc/shared' },
    { cluster: 'staging', logGroupName: '/vpc/shared' },
  ],
};

/** Props with flow logs in S3, besides: a bucket of a network that two clusters share, and all of another. */
export const withFlowLogFiles: Partial<TidemarkProps> = {
  ...withFlowLogs,
  flowLogs: [
    ...(withFlowLogs.flowLogs ?? []),
    { cluster: 'prod', bucketName: 'network-logs', prefix: 'AWSLogs/' },
    { cluster: 'staging', bucketName: 'network-logs', prefix: 'AWSLogs/' },
    { cluster: 'staging', bucketName: 'staging-logs' },
  ],
};

/** Props with query logs of two clusters that share a network. */
export const withResolverLogs: Partial<TidemarkProps> = {
  clusters: ['prod', 'staging'],
  resolverLogs: [
    { cluster: 'prod', logGroupName: '/dns/shared' },
    { cluster: 'staging', logGroupName: '/dns/shared' },
  ],
};

/** Props with query logs in S3 only. */
export const withResolverLogFiles: Partial<TidemarkProps> = { resolverLogs: [{ cluster: 'prod', bucketName: 'dns-logs', prefix: 'prod/' }] };

/** Props with all that there can be; flow logs and query logs share a log group and a place in a bucket. */
export const withAllLogs: Partial<TidemarkProps> = {
  ...withFlowLogFiles,
  resolverLogs: [...(withResolverLogs.resolverLogs ?? []), ...(withResolverLogFiles.resolverLogs ?? []), { cluster: 'prod', logGroupName: '/vpc/prod' }, { cluster: 'prod', bucketName: 'network-logs', prefix: 'AWSLogs/' }],
};

/** A file with a list, to be thrown away. */
export function listFile(text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'tidemark-')), 'list');
  writeFileSync(file, text);
  return file;
}

const s3Range = '{"prefixes":[{"ip_prefix":"203.0.113.0/24","region":"eu-west-1","service":"S3"}]}';

/** Props with lists of addresses, besides. */
export const withLists: Partial<TidemarkProps> = { ...withResolverLogs, ipRanges: listFile(s3Range), threatLists: [listFile('203.0.113.9\n'), listFile('evil.example\n')] };

/** All combinations of logs of the network. */
export const logCombinations: readonly (readonly [string, Partial<TidemarkProps>])[] = [
  ['no logs of the network', {}],
  ['flow logs', withFlowLogs],
  ['flow logs in S3', withFlowLogFiles],
  ['query logs', withResolverLogs],
  ['query logs in S3', withResolverLogFiles],
  ['both', { ...withFlowLogs, ...withResolverLogs }],
  ['both in S3', { ...withFlowLogFiles, ...withResolverLogFiles }],
  ['all of them', withAllLogs],
  ['lists of addresses', withLists],
];

/** Props with audit logs that come through a stream. */
export const withStream: Partial<TidemarkProps> = { intake: 'stream' };

/** Props with all that there can be, and audit logs that come through a stream. */
export const withStreamAndAllLogs: Partial<TidemarkProps> = { ...withAllLogs, ...withStream };

/** Props with every cluster of the account and region. */
export const withEveryCluster: Partial<TidemarkProps> = { clusters: ['*'] };

/** Props with accounts, and an organization, that send. */
export const withSenders: Partial<TidemarkProps> = { senders: { accounts: ['444455556666', '777788889999'], organization: 'o-abcdefghij', regions: ['eu-west-1', 'us-east-1'] } };

/** A resource of a template. */
export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** To make a template takes a while, so each is made once. */
const templates = new WeakMap<Partial<TidemarkProps>, Record<string, Resource>>();
const noProps: Partial<TidemarkProps> = {};

/** The resources of a construct's template by logical id, of one type when it is given. */
export function resourcesOf(props: Partial<TidemarkProps> = noProps, type?: string): Record<string, Resource> {
  const key = Object.keys(props).length === 0 ? noProps : props;
  const resources = templates.get(key) ?? (Template.fromStack(createTidemark(key).stack).toJSON() as { Resources: Record<string, Resource> }).Resources;
  templates.set(key, resources);
  return Object.fromEntries(Object.entries(resources).filter(([, resource]) => type === undefined || resource.Type === type));
}

/** The one resource of a type whose logical id begins like this. */
export function resourceOf(type: string, start = '', props: Partial<TidemarkProps> = {}): Resource {
  const found = Object.entries(resourcesOf(props, type)).filter(([id]) => id.startsWith(`Tidemark${start}`));
  if (found.length !== 1) throw new Error(`${String(found.length)} resources of ${type} begin with ${start}`);
  return (found[0] as [string, Resource])[1];
}

/** A value of a template in one line: what it refers to without the hash of its id, a joined text as it will read. */
export function short(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if ('Ref' in value) return named(String(value.Ref));
  if ('Fn::GetAtt' in value) return (value['Fn::GetAtt'] as string[]).map(named).join('.');
  if ('Fn::Join' in value) return (value['Fn::Join'] as [string, unknown[]])[1].map(short).join('');
  return Array.isArray(value) ? value.map(short).join(', ') : Object.entries(value).map(([name, one]) => `${name} ${short(one)}`).join(' ');
}

function named(id: string): string {
  return id.startsWith('AWS::') ? id.slice(5).toLowerCase() : id.replace(/^Tidemark(?=.)/, '').replace(/[0-9A-F]{8}$/, '');
}

interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource?: unknown;
  readonly Principal?: unknown;
  readonly Condition?: Readonly<Record<string, Record<string, unknown>>>;
}

/** One line of a policy for each action on each resource: what may be done, to what, on what condition. */
export function linesOf(policy: Resource): string[] {
  const { PolicyDocument: ofTable } = (policy.Properties['ResourcePolicy'] ?? {}) as { PolicyDocument?: unknown };
  const { Statement } = (policy.Properties['PolicyDocument'] ?? policy.Properties['AssumeRolePolicyDocument'] ?? policy.Properties['KeyPolicy'] ?? ofTable ?? policy.Properties) as { Statement: Statement | Statement[] };
  return [Statement].flat().flatMap(({ Effect, Action, Resource, Condition, Principal }) =>
    [Action].flat().flatMap((action) =>
      [Resource].flat().map((resource) => [
        ...(Effect === 'Allow' ? [] : [Effect]),
        ...(Principal === undefined ? [] : [`${short(Principal)}:`]),
        action,
        short(resource),
        ...Object.entries(Condition ?? {}).map(([operator, keys]) => `if ${Object.entries(keys).map(([key, value]) => `${key} ${operator} ${short(value)}`).join()}`),
      ].join(' ')),
    ),
  ).sort();
}
