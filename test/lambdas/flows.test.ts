import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { defaultFields, UnusableFlowFormatError } from '../../lib/egress/flow-fields.ts';
import { UnknownSourceError } from '../../lib/flow-ingest.ts';
import type { Ports } from '../../lib/ingest.ts';
import { MemoryDeadLetters, MemoryFindingStore, MemoryStateStore } from '../../lib/memory-stores.ts';
import type { StateStore } from '../../lib/store.ts';
import { listFiles } from '../../lambdas/address-lists.ts';
import { UnknownEventError } from '../../lambdas/event.ts';
import { createFlowsHandler, handler, type FlowPorts } from '../../lambdas/flows.ts';
import { createIngestHandler } from '../../lambdas/ingest.ts';
import { startEmbeddedAws, type EmbeddedAws } from '../../lambdas/local/embedded-aws.ts';
import { drain } from '../../lambdas/local/queue.ts';
import { contextOf } from '../../lambdas/local/runner.ts';
import { addressLists, ConfigurationError, flowSources, ingestOptions, ingestPorts, type Variables } from '../../lambdas/ports.ts';
import { s3Reader, type ReadObject } from '../../lambdas/s3-objects.ts';
import { lettersOf, partOf } from '../../lambdas/sqs-dead-letters.ts';
import { environment } from '../../lambdas/tables.ts';
import { createTelemetry, silentTelemetry } from '../../lambdas/telemetry.ts';
import { created as podCreated, monday, pod, running } from '../lib/egress/address-events.ts';
import { subscriptionPayload } from './deliveries.ts';

const context = contextOf('flows');
const logGroupName = '/vpc/flow-logs';
const sources = [{ cluster: 'prod', logGroupName }];
const usual = '198.51.100.7';
const hour = 60 * 60;

const away = () => Promise.reject(new Error('bucket is away'));

function memoryPorts(objects?: Readonly<Record<string, Uint8Array>>): FlowPorts & { deadLetters: MemoryDeadLetters } {
  const readObject: ReadObject = (bucketName, key) => {
    const bytes = objects?.[`${bucketName}/${key}`];
    return bytes ? Promise.resolve(bytes) : away();
  };
  return { state: new MemoryStateStore(), findings: new MemoryFindingStore(), deadLetters: new MemoryDeadLetters(), readObject };
}

/** What CloudWatch Logs calls the function with. */
function delivery(messages: readonly string[], logGroup = logGroupName) {
  const logEvents = messages.map((message, index) => ({ id: String(index), timestamp: 0, message }));
  const message = { messageType: 'DATA_MESSAGE', owner: '123456789012', logGroup, logStream: 'eni-0a1b-all', subscriptionFilters: ['tidemark'], logEvents };
  return { awslogs: { data: gzipSync(JSON.stringify(message)).toString('base64') } };
}

/** A line of the default format: what the pod, or another address, sent in a minute so many seconds after Monday's events. */
function line(seconds: number, destination = usual, bytes = 1_000_000, source = pod.address): string {
  const start = monday + seconds;
  return `2 123456789012 eni-0a1b ${source} ${destination} 40000 443 6 900 ${String(bytes)} ${String(start)} ${String(start + 59)} ACCEPT OK`;
}

/** Each hour of eight days the same, then twenty gigabytes to an address never seen. */
const habit = Array.from({ length: 8 * 24 }, (_, index) => line(60 + index * hour));
/** Where lines of the log group are from. */
const ofLog = { kind: 'log', owner: '123456789012', logGroup: logGroupName, logStream: 'eni-0a1b-all', subscriptionFilters: ['tidemark'] };
const theft = line(8 * 24 * hour, '203.0.113.9', 20_000_000_000);

/** A look-up of the pod as a query log has it, so many seconds after Monday's events. */
function lookUp(seconds: number, name: string, srcaddr = pod.address): string {
  return JSON.stringify({ version: '1.100000', account_id: '123456789012', region: 'eu-west-1', vpc_id: 'vpc-0a1b', query_timestamp: new Date((monday + seconds) * 1000).toISOString(), query_name: `${name}.`, query_type: 'A', query_class: 'IN', rcode: 'NOERROR', answers: [{ Rdata: '192.0.2.80', Type: 'A', Class: 'IN' }], srcaddr, srcport: '40000', transport: 'UDP', srcids: {} });
}

/** Each hour of eight days the same vendor, then a server of a mining pool. */
const usualNames = Array.from({ length: 8 * 24 }, (_, index) => lookUp(60 + index * hour, 'api.vendor.example'));
const pool = lookUp(8 * 24 * hour, 'xmr.pool.minergate.com');

/** Tells ingest, deployed with flow logs unless said otherwise, which pod has which address. */
async function learnAddresses(ports: Ports, variables = { LEARNS_ADDRESSES: 'true' } as Variables): Promise<void> {
  const data = subscriptionPayload([podCreated(0), running(5)].map((event) => JSON.stringify(event))).toString('base64');
  await createIngestHandler(ports, silentTelemetry(), ingestOptions(variables, { sqs: new SQSClient() }))({ awslogs: { data } }, context);
}

describe('flow logs from CloudWatch Logs', () => {
  test('are counted, lines without a flow apart', async () => {
    const counts = new Map<string, number>();
    const noData = '2 123456789012 eni-0a1b - - - - - - - 1790000000 1790000060 - NODATA';
    await createFlowsHandler(memoryPorts(), sources, silentTelemetry(counts))(delivery([line(60), noData, 'no record']), context);
    expect(Object.fromEntries(counts)).toEqual({ FlowRecords: 1, UnknownSenders: 1, Malformed: 1, Findings: 0 });
  });

  test('are read in the format of their log group', async () => {
    const counts = new Map<string, number>();
    const ports = memoryPorts();
    const custom = [{ cluster: 'prod', logGroupName, format: '${bytes} ${start} ${pkt-srcaddr} ${pkt-dstaddr}' }, { cluster: 'prod', logGroupName: 'other' }];
    const flows = createFlowsHandler(ports, custom, silentTelemetry(counts));
    await flows(delivery([`900 ${String(monday)} ${pod.address} ${usual}`]), context);
    await flows(delivery([line(60)], 'other'), context);
    expect(counts.get('FlowRecords')).toBe(2);
    expect(ports.deadLetters.letters).toEqual([]);
  });

  test('of a network with two clusters are looked at for each of them', async () => {
    const counts = new Map<string, number>();
    const ports = memoryPorts();
    await learnAddresses(ports);
    const both = [...sources, { cluster: 'staging', logGroupName }];
    await createFlowsHandler(ports, both, silentTelemetry(counts))(delivery([line(60)]), context);
    expect(Object.fromEntries(counts)).toMatchObject({ FlowRecords: 1, UnknownSenders: 1 });
  });

  test.each([[{ LEARNS_ADDRESSES: 'true' }, 0], [{}, 1]])('are of senders that ingest has learned with %j', async (variables, unknown) => {
    const counts = new Map<string, number>();
    const ports = memoryPorts();
    await learnAddresses(ports, variables);
    await createFlowsHandler(ports, sources, silentTelemetry(counts))(delivery([line(60)]), context);
    expect(counts.get('UnknownSenders')).toBe(unknown);
  });

  test('put lines that cannot be read with the dead letters, whole, one letter for what is wrong with them', async () => {
    const ports = memoryPorts();
    await createFlowsHandler(ports, sources, silentTelemetry())(delivery(['too few', line(60), 'fields also', line(60, 'nowhere')]), context);
    const source = `${logGroupName}/eni-0a1b-all`;
    expect(ports.deadLetters.letters).toEqual([
      { reason: 'the record has too few fields', source, record: 'too few\nfields also', origin: ofLog },
      { reason: 'an address of the record is none', source, record: line(60, 'nowhere'), origin: ofLog },
    ]);
  });

  test('put a payload that cannot be read with the dead letters', async () => {
    const ports = memoryPorts();
    await createFlowsHandler(ports, sources, silentTelemetry())({ awslogs: { data: 'no base64 at all: %%%' } }, context);
    expect(ports.deadLetters.letters).toHaveLength(1);
  });

  test('answer what CloudWatch Logs sends to see whether it may', async () => {
    const control = { messageType: 'CONTROL_MESSAGE', owner: 'CloudwatchLogs', logGroup: '', logStream: '', subscriptionFilters: [], logEvents: [{ id: '', timestamp: 0, message: 'CWL CONTROL MESSAGE: Checking health of destination Lambda function.' }] };
    const counts = new Map<string, number>();
    await createFlowsHandler(memoryPorts(), sources, silentTelemetry(counts))({ awslogs: { data: gzipSync(JSON.stringify(control)).toString('base64') } }, context);
    expect([...counts.values()]).toEqual([0, 0, 0, 0]);
  });
});

/** What the queue of files calls the function with. */
function fileCreated(key: string) {
  const event = { source: 'aws.s3', 'detail-type': 'Object Created', detail: { bucket: { name: 'network-logs' }, object: { key, size: 1 } } };
  return { Records: [{ messageId: '1', eventSource: 'aws:sqs', body: JSON.stringify(event) }] };
}

const bucket = [{ cluster: 'prod', bucketName: 'network-logs', prefix: 'AWSLogs/' }];

describe('query logs', () => {
  const withPod = async (objects?: Readonly<Record<string, Uint8Array>>) => {
    const ports = memoryPorts(objects);
    await learnAddresses(ports);
    return ports;
  };
  const told = async (ports: Ports) => (await ports.findings.query({ limit: 9 })).map(({ identity, title }) => `${identity}: ${title}`);

  test('from a log group tell of a name by its workload, malformed lines whole apart', async () => {
    const counts = new Map<string, number>();
    const ports = await withPod();
    await createFlowsHandler(ports, sources, silentTelemetry(counts))(delivery([...usualNames, pool, '{"query_name":7}', lookUp(60, 'api.vendor.example', '10.0.200.1')]), context);
    expect(Object.fromEntries(counts)).toEqual({ FlowRecords: 0, LookUps: usualNames.length + 2, UnknownSenders: 1, Malformed: 1, Findings: 1 });
    expect(await told(ports)).toEqual([expect.stringMatching(/^system:serviceaccount:shop:cart: .*xmr\.pool\.minergate\.com/)]);
    expect(ports.deadLetters.letters).toEqual([{ reason: "the query's field query_timestamp is missing or of another kind", source: `${logGroupName}/eni-0a1b-all`, record: '{"query_name":7}', origin: ofLog }]);
  });

  test.each([['gzip of text', gzipSync([...usualNames, pool, ''].join('\n'))], ['text', Buffer.from([...usualNames, pool].join('\n'))]])('from S3 are read as %s', async (_, bytes) => {
    const counts = new Map<string, number>();
    const ports = await withPod({ 'network-logs/AWSLogs/a.log.gz': bytes });
    await createFlowsHandler(ports, bucket, silentTelemetry(counts))(fileCreated('AWSLogs/a.log.gz'), context);
    expect(counts.get('LookUps')).toBe(usualNames.length + 1);
    expect(await told(ports)).toHaveLength(1);
  });

  test('may share their place with flow logs, whatever the format of these, and count once for a cluster named twice', async () => {
    const counts = new Map<string, number>();
    const ports = await withPod();
    const both = [{ cluster: 'prod', logGroupName }, { cluster: 'prod', logGroupName, format: '${bytes} ${start} ${srcaddr} ${dstaddr}' }];
    await createFlowsHandler(ports, both, silentTelemetry(counts))(delivery([`900 ${String(monday + 60)} ${pod.address} ${usual}`, lookUp(60, 'api.vendor.example')]), context);
    expect(Object.fromEntries(counts)).toEqual({ FlowRecords: 1, LookUps: 1, UnknownSenders: 0, Malformed: 0, Findings: 0 });
  });

  test('keep what is no ASCII in a line whole', async () => {
    const line = '{"query_name":"\u00fc\u4e16'.repeat(30_000);
    const ports = memoryPorts({ 'network-logs/AWSLogs/a': gzipSync(line) });
    await createFlowsHandler(ports, bucket, silentTelemetry())(fileCreated('AWSLogs/a'), context);
    expect(ports.deadLetters.letters.map(({ record }) => record === line)).toEqual([true]);
  });
});

describe('flow logs from S3', () => {
  const text = [defaultFields.join(' '), line(60), 'no record', line(120), ''].join('\n');

  test.each([['text', Buffer.from(text)], ['gzip of text', gzipSync(text)], ['gzip of text without a header', gzipSync([line(60), 'no record', line(120)].join('\n'))]])('are read as %s, malformed lines whole apart', async (_, bytes) => {
    const counts = new Map<string, number>();
    const ports = memoryPorts({ 'network-logs/AWSLogs/a b.log.gz': bytes });
    await createFlowsHandler(ports, bucket, silentTelemetry(counts))(fileCreated('AWSLogs/a b.log.gz'), context);
    expect(Object.fromEntries(counts)).toEqual({ FlowRecords: 2, UnknownSenders: 2, Malformed: 1, Findings: 0 });
    expect(ports.deadLetters.letters).toEqual([{ reason: 'the record has too few fields', source: 's3://network-logs/AWSLogs/a b.log.gz', record: 'no record', origin: { kind: 'file', bucketName: 'network-logs', key: 'AWSLogs/a b.log.gz' } }]);
  });

  test('are read as Parquet, of which the rows that cannot be read are named', async () => {
    const counts = new Map<string, number>();
    const columns = { srcaddr: ['10.0.1.5', 'nowhere'], dstaddr: [usual, usual], bytes: [1000, 1000], start: [monday, monday] };
    const file = parquetWriteBuffer({ columnData: Object.entries(columns).map(([name, data]) => ({ name, data, type: typeof data[0] === 'string' ? 'STRING' : 'INT32' })) });
    const ports = memoryPorts({ 'network-logs/AWSLogs/a.parquet': new Uint8Array(file) });
    await createFlowsHandler(ports, bucket, silentTelemetry(counts))(fileCreated('AWSLogs/a.parquet'), context);
    expect(counts.get('FlowRecords')).toBe(1);
    expect(ports.deadLetters.letters).toEqual([{ reason: 'an address of the record is none', source: 's3://network-logs/AWSLogs/a.parquet', record: 'row 2', origin: { kind: 'file', bucketName: 'network-logs', key: 'AWSLogs/a.parquet' } }]);
  });

  test.each([['damaged gzip', gzipSync(text).subarray(0, 40)], ['damaged Parquet', Buffer.from('PAR1 and no more')], ['one endless line', Buffer.alloc(2_000_000, 'a')], ['a header without what egress needs', Buffer.from('version srcaddr dstaddr\n')]])('that are %s are named in the dead letters', async (_, bytes) => {
    const ports = memoryPorts({ 'network-logs/AWSLogs/a': bytes });
    await createFlowsHandler(ports, bucket, silentTelemetry())(fileCreated('AWSLogs/a'), context);
    expect(ports.deadLetters.letters.map(({ record }) => record)).toEqual(['s3://network-logs/AWSLogs/a']);
  });

  test('fail whole while the bucket is away, and when nobody said the cluster of', async () => {
    await expect(createFlowsHandler(memoryPorts(), bucket, silentTelemetry())(fileCreated('AWSLogs/a'), context)).rejects.toThrow('bucket is away');
    const ports = memoryPorts({ 'network-logs/others/a': Buffer.from(text) });
    await expect(createFlowsHandler(ports, bucket, silentTelemetry())(fileCreated('others/a'), context)).rejects.toThrow(UnknownSourceError);
  });
});

describe('lists of addresses', () => {
  let folder: string;
  beforeAll(async () => { folder = await mkdtemp(path.join(tmpdir(), 'tidemark-')); });
  afterAll(() => rm(folder, { recursive: true }));
  const at = (monday + 9 * 24 * hour) * 1000;

  test('that are deployed tell of an address and of a name that are on them, however little goes there', async () => {
    await writeFile(path.join(folder, listFiles.ipRanges), '{"prefixes":[{"ip_prefix":"203.0.113.0/24","region":"eu-west-1","service":"S3"}]}');
    await writeFile(path.join(folder, listFiles.threatList(0)), '203.0.113.9\n');
    await writeFile(path.join(folder, listFiles.threatList(1)), 'evil.example\n');
    const ports = memoryPorts();
    await learnAddresses(ports);
    const flows = createFlowsHandler(ports, sources, silentTelemetry(), addressLists({ ADDRESS_LISTS: folder }, at));
    await flows(delivery([...habit, ...usualNames]), context);
    expect(await ports.findings.query({ limit: 9 })).toEqual([]);
    await flows(delivery([line(8 * 24 * hour, '203.0.113.9', 900), lookUp(8 * 24 * hour, 'www.evil.example')]), context);
    const [finding] = await ports.findings.query({ limit: 9 });
    expect(finding?.reasons.map(({ detector }) => detector)).toEqual(expect.arrayContaining(['listed-destination', 'listed-name']));
  });

  test('are none where none are named, and fail at the start where they are named and not there', () => {
    expect(addressLists({}, at)).toEqual({});
    expect(() => addressLists({ ADDRESS_LISTS: path.join(folder, 'nowhere') }, at)).toThrow('ENOENT');
  });
});

describe('failures', () => {
  test('of a port fail the delivery whole, and given again it is taken in', async () => {
    const ports = memoryPorts();
    await learnAddresses(ports);
    let isAway = true;
    const state: StateStore = { read: (keys) => (isAway ? Promise.reject(new Error('table is away')) : ports.state.read(keys)), write: ports.state.write.bind(ports.state) };
    const flows = createFlowsHandler({ ...ports, state }, sources, silentTelemetry());
    await expect(flows(delivery([...habit, theft]), context)).rejects.toThrow('table is away');
    isAway = false;
    await flows(delivery([...habit, theft]), context);
    expect(await ports.findings.query({ limit: 9 })).toHaveLength(1);
  });

  test('are what nobody said the cluster of', async () => {
    await expect(createFlowsHandler(memoryPorts(), sources, silentTelemetry())(delivery([line(60)], '/vpc'), context)).rejects.toThrow(UnknownSourceError);
  });

  test.each([[{}], [null], [{ Records: [] }], [{ awslogs: { data: 7 } }]])('are events of unknown shape as %j', async (event) => {
    await expect(createFlowsHandler(memoryPorts(), sources, silentTelemetry())(event, context)).rejects.toThrow(UnknownEventError);
  });

  test('are formats without what egress cannot be told without', () => {
    expect(() => createFlowsHandler(memoryPorts(), [{ cluster: 'prod', logGroupName, format: 'srcaddr dstaddr' }])).toThrow(UnusableFlowFormatError);
  });

  test('name the missing variable of a deployment without one', async () => {
    await expect(handler({}, context)).rejects.toThrow(ConfigurationError);
    expect(() => flowSources({})).toThrow('FLOW_SOURCES');
  });
});

test('logs and metrics tell counts and never content', async () => {
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    await createFlowsHandler(memoryPorts(), sources, createTelemetry('flows'))(delivery([line(60), 'secret-token']), context);
    const written = write.mock.calls.map(([text]) => String(text)).join('');
    expect(written).toContain('"FlowRecords":1');
    expect(written).toContain('"service":"flows"');
    expect(written).not.toMatch(/secret-token|10\.0\.1\.5|198\.51/);
  } finally {
    write.mockRestore();
  }
});

describe('with real stores', () => {
  let aws: EmbeddedAws;
  let ports: FlowPorts;
  let s3: S3Client;
  beforeAll(async () => {
    aws = await startEmbeddedAws();
    s3 = new S3Client({ region: 'eu-west-1', endpoint: aws.variables['AWS_ENDPOINT_URL_SQS'] ?? '', forcePathStyle: true, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } });
    ports = { ...ingestPorts(aws.variables, aws), readObject: s3Reader(s3) };
  });
  afterAll(async () => {
    s3.destroy();
    await aws.stop();
  });

  test('a workload that sends gigabytes to where it never sent is found by its name, once however often the delivery comes', async () => {
    await learnAddresses(ports);
    const flows = createFlowsHandler(ports, sources, silentTelemetry());
    for (const event of [delivery(habit), delivery([theft])]) await flows(event, context);
    const found = await ports.findings.query({ limit: 9 });
    expect(found).toMatchObject([{ cluster: 'prod', identity: 'system:serviceaccount:shop:cart', evidence: [{ srcAddr: pod.address, dstAddr: '203.0.113.9', bytes: 20_000_000_000, workload: 'shop/Deployment/cart' }] }]);
    const again = createFlowsHandler(ports, sources, silentTelemetry());
    for (const event of [delivery([theft]), delivery(habit), delivery([theft])]) await again(event, context);
    expect(await ports.findings.query({ limit: 9 })).toEqual(found);
  });

  test('a workload that looks up a mining pool is found by its name, once however often and from wherever the look-ups come', async () => {
    const before = await ports.findings.query({ limit: 9 });
    const file = { 'network-logs/AWSLogs/a': gzipSync([...usualNames, pool].join('\n')) };
    const flows = createFlowsHandler({ ...ports, readObject: memoryPorts(file).readObject }, [...sources, ...bucket], silentTelemetry());
    for (const event of [delivery(usualNames), delivery([pool])]) await flows(event, context);
    const found = await ports.findings.query({ limit: 9 });
    expect(JSON.stringify(found)).toContain('xmr.pool.minergate.com');
    expect(JSON.stringify(before)).not.toContain('xmr.pool.minergate.com');
    for (const event of [delivery([pool]), fileCreated('AWSLogs/a'), delivery(usualNames)]) await flows(event, context);
    expect(await ports.findings.query({ limit: 9 })).toEqual(found);
  });

  test('lines that cannot be read are whole in the queue', async () => {
    await createFlowsHandler(ports, sources, silentTelemetry())(delivery(['no record', line(9 * 24 * hour)]), context);
    const messages = await drain(aws.sqs, aws.variables[environment.deadLetters] ?? '');
    expect(lettersOf(messages.map(partOf)).map(({ record }) => record)).toEqual(['no record']);
  });

  test('a file is read from its bucket', async () => {
    await s3.send(new CreateBucketCommand({ Bucket: 'network-logs' }));
    await s3.send(new PutObjectCommand({ Bucket: 'network-logs', Key: 'a b.gz', Body: gzipSync(line(9 * 24 * hour)) }));
    expect(await ports.readObject('network-logs', 'a b.gz')).toEqual(new Uint8Array(gzipSync(line(9 * 24 * hour))));
    await expect(ports.readObject('network-logs', 'none')).rejects.toThrow();
  });
});
