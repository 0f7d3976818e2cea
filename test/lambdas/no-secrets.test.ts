import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { MemoryDeadLetters, MemoryFindingStore, MemoryStateStore } from '../../lib/memory-stores.ts';
import type { Ports } from '../../lib/ingest.ts';
import { createFlowsHandler, handler as deployedFlows } from '../../lambdas/flows.ts';
import { itemOf } from '../../lambdas/finding-item.ts';
import { flowEnvironment } from '../../lambdas/flow-sources.ts';
import { createIngestHandler } from '../../lambdas/ingest.ts';
import { startEmbeddedAws, type EmbeddedAws } from '../../lambdas/local/embedded-aws.ts';
import { contextOf } from '../../lambdas/local/runner.ts';
import { createNotifyHandler } from '../../lambdas/notify.ts';
import { quiet, type Called } from '../../lambdas/quiet.ts';
import { createTelemetry } from '../../lambdas/telemetry.ts';
import { createWatchHandler } from '../../lambdas/watch.ts';
import { auditRecord } from '../lib/requests.ts';
import { delivered, detail, scope } from '../lib/trail/calls.ts';
import { subscriptionPayload } from './deliveries.ts';
import { finding } from './findings.ts';

/** Stands for a bearer token, a password, a secret's value: nowhere but in dead letters may it be seen. */
const secret = 'eyJhbGciOiJSUzI1NiJ9.c2VjcmV0LXBsYW50ZWQ.c2ln';
/** As much of it as `JSON.parse` quotes. */
const glimpse = secret.slice(0, 10);
const workload = { username: 'system:serviceaccount:shop:cart', groups: ['system:serviceaccounts'], extra: { 'authentication.kubernetes.io/credential-id': [`JTI=${secret}`] } };
const shared = { user: workload, userAgent: `curl/8.0 ${secret}`, annotations: { 'authorization.k8s.io/decision': 'allow', 'authorization.k8s.io/reason': secret }, sourceIPs: ['203.0.113.9'] };

/** Requests that are found, with a secret wherever a request has room for one. */
const records = [
  auditRecord({ ...shared, auditID: 'exec', verb: 'create', requestURI: `/api/v1/namespaces/shop/pods/cart/exec?command=curl&command=-H&command=${encodeURIComponent(`Authorization: Bearer ${secret}`)}`, objectRef: { resource: 'pods', subresource: 'exec', namespace: 'shop', name: 'cart', apiVersion: 'v1' } }),
  auditRecord({ ...shared, auditID: 'secret', verb: 'get', level: 'RequestResponse', requestURI: `/api/v1/namespaces/shop/secrets/db?token=${secret}`, objectRef: { resource: 'secrets', namespace: 'shop', name: 'db', apiVersion: 'v1' }, responseObject: { kind: 'Secret', data: { password: secret } } }),
  auditRecord({ ...shared, auditID: 'token', verb: 'create', level: 'RequestResponse', requestURI: '/api/v1/namespaces/kube-system/serviceaccounts/admin/token', objectRef: { resource: 'serviceaccounts', subresource: 'token', namespace: 'kube-system', name: 'admin', apiVersion: 'v1' }, requestObject: { kind: 'TokenRequest', spec: { audiences: [secret] } }, responseObject: { kind: 'TokenRequest', status: { token: secret } } }),
  auditRecord({ ...shared, auditID: 'pod', verb: 'create', level: 'Request', requestURI: '/api/v1/namespaces/shop/pods', objectRef: { resource: 'pods', namespace: 'shop', name: 'evil', apiVersion: 'v1' }, requestObject: { kind: 'Pod', metadata: { name: 'evil', annotations: { note: secret } }, spec: { hostPID: true, containers: [{ name: 'a', image: 'alpine', args: [secret], env: [{ name: 'PASSWORD', value: secret }], securityContext: { privileged: true } }] } } }),
  auditRecord({ ...shared, auditID: 'failed', verb: 'get', user: {}, requestURI: `/api?access_token=${secret}`, responseStatus: { code: 401, message: secret } }),
  `{"kind":"Event","token":"${secret}"`,
  auditRecord({ auditID: 'odd', verb: 7, annotations: { token: secret } }),
];
const audit = { awslogs: { data: subscriptionPayload(records).toString('base64') } };
const broken = { awslogs: { data: Buffer.from(secret).toString('base64') } };
const flowLines = { awslogs: { data: subscriptionPayload([`2 123456789012 eni-0a1b ${secret}`, secret]).toString('base64') } };
const notJson = { Records: [{ body: secret }] };
const call = delivered(detail('lambda', 'UpdateFunctionConfiguration20150331v2', { functionName: 'Tidemark-TidemarkIngestHandler-AbC123', environment: { variables: { TOKEN: secret } } }, { requestParametersNote: secret, responseElements: { token: secret } }));
const unreadableCall = { ...call, detail: { eventName: secret } };
const change = { Records: [{ eventName: 'INSERT', dynamodb: { SequenceNumber: '1', Keys: { id: { S: finding().id } }, NewImage: { ...itemOf(finding(), 0), token: { S: secret } } } }] };
const brokenChange = { Records: [{ eventName: 'INSERT', dynamodb: { SequenceNumber: '1', NewImage: { id: { S: secret }, summary: { S: secret } } } }] };

let written: string[];
beforeEach(() => {
  written = [];
  for (const stream of [process.stdout, process.stderr]) jest.spyOn(stream, 'write').mockImplementation((text) => { written.push(String(text)); return true; });
});
afterEach(() => { jest.restoreAllMocks(); });

type TestPorts = Ports & { readonly findings: MemoryFindingStore };

function memoryPorts(): TestPorts {
  return { state: new MemoryStateStore(), findings: new MemoryFindingStore(), deadLetters: new MemoryDeadLetters() };
}

/** Ports whose errors quote what they were given, as errors of libraries may. */
function quotingPorts(): TestPorts {
  const fail = (): Promise<never> => Promise.reject(new Error(`cannot store ${secret}\n    at ${secret}`));
  return { state: { read: fail, write: fail }, findings: Object.assign(new MemoryFindingStore(), { put: fail, get: fail }), deadLetters: { send: fail } };
}

function handlersOf(ports: TestPorts): Record<string, Called<unknown>> {
  const fail = (): Promise<never> => Promise.reject(new Error(secret));
  const sources = [{ cluster: 'prod', logGroupName: '/aws/eks/prod/cluster' }, { cluster: 'prod', bucketName: 'logs' }];
  return {
    ingest: quiet(createIngestHandler(ports, createTelemetry('ingest'))),
    flows: quiet(createFlowsHandler({ ...ports, readObject: fail }, sources, createTelemetry('flows'))),
    watch: quiet(createWatchHandler(ports, { scope, silenceMs: 60_000, now: () => 0 }, createTelemetry('watch'))),
    notify: quiet(createNotifyHandler({ state: ports.state, findings: ports.findings, publish: () => Promise.resolve() }, createTelemetry('notify'))),
  };
}

const events: readonly (readonly [string, string, unknown])[] = [
  ['ingest', 'requests with secrets in them', audit],
  ['ingest', 'a payload that cannot be read', broken],
  ['ingest', 'an event of another shape', { token: secret }],
  ['flows', 'lines that cannot be read', flowLines],
  ['flows', 'a message that is no JSON', notJson],
  ['flows', 'an event of another shape', [secret]],
  ['watch', 'a call with secrets in it', call],
  ['watch', 'a call that cannot be read', unreadableCall],
  ['watch', 'an event of another shape', { 'detail-type': secret }],
  ['notify', 'a finding with more in it', change],
  ['notify', 'a change that is no finding', brokenChange],
  ['notify', 'an event of another shape', { Records: secret }],
];

/** All that Lambda would write of an error. */
function shown(error: unknown): string {
  return error instanceof Error ? [error.name, error.message, error.stack, JSON.stringify(error), String(error.cause)].join('\n') : '';
}

describe.each<[string, () => TestPorts]>([['works', memoryPorts], ['fails', quotingPorts]])('while storing %s', (_, portsOf) => {
  test.each(events)('%s shows no secret of %s in logs, metrics, findings or errors', async (name, _what, event) => {
    const ports = portsOf();
    const error = await handlersOf(ports)[name]?.(event, contextOf(name)).then(() => undefined, (thrown: unknown) => thrown);
    expect(`${written.join('')}${shown(error)}`).not.toContain(glimpse);
    expect(JSON.stringify(await ports.findings.query({ limit: 100 }))).not.toContain(glimpse);
  });
});

test('what was planted was found, so that a secret could have been told', async () => {
  const ports = memoryPorts();
  await handlersOf(ports)['ingest']?.(audit, contextOf('ingest'));
  const found = await ports.findings.query({ limit: 10 });
  expect(found.flatMap(({ evidence }) => evidence.map(({ auditId }) => auditId))).toEqual(expect.arrayContaining(['token', 'pod']));
  expect(written.join('')).toContain('"Malformed":2');
});

test('an error keeps its name and where it was thrown', async () => {
  const thrown = await quiet(() => JSON.parse(secret) as never)({}, contextOf('ingest')).catch((error: unknown) => error as Error);
  expect(thrown).toMatchObject({ name: 'SyntaxError', message: 'failed; what the error says is kept out of logs, since it could quote a record' });
  expect(shown(thrown)).toMatch(/^ {4}at .*no-secrets\.test\.ts/m);
});

describe('the deployed function', () => {
  const before = { ...process.env };
  let aws: EmbeddedAws;
  beforeAll(async () => { aws = await startEmbeddedAws(); });
  afterAll(async () => { process.env = before; await aws.stop(); });

  test('fails without its error\'s message', async () => {
    process.env = { ...before, ...aws.variables, [flowEnvironment.sources]: '[]' };
    const error = await deployedFlows(notJson, contextOf('flows')).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'SyntaxError' });
    expect(shown(error)).not.toContain(glimpse);
  });
});
