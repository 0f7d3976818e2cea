import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createMatcher } from '../infra/pattern-evaluator.ts';

/** A record in a log stream. */
export interface StoredRecord {
  readonly timestamp: number;
  readonly message: string;
  readonly logStreamName?: string;
}

interface KeptRecord extends StoredRecord {
  readonly eventId: string;
}

/** How the service behaves. */
export interface ServiceOptions {
  /** Milliseconds since the epoch; the system's clock when not given. */
  readonly now?: () => number;
  /** Requests within any second; more are throttled. */
  readonly requestsPerSecond?: number;
  /** Pages hold less than they could when this is less than what AWS allows. */
  readonly recordsInPage?: number;
  /** Each so-and-so-many-th page is empty though more come. */
  readonly emptyEvery?: number;
  /** So many times a token may be used until all tokens that were given are expired. */
  readonly tokensExpireAfter?: number;
  /** So old a record may be. */
  readonly retentionMs?: number;
  /** Whoever asks may not. */
  readonly denied?: boolean;
}

/** What CloudWatch Logs allows in a page. Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html */
const mostRecords = 10_000;
const mostBytes = 1024 * 1024;

interface Token {
  readonly key: string;
  readonly offset: number;
  readonly emptied: boolean;
}

interface Request {
  readonly logGroupName?: string;
  readonly logGroupIdentifier?: string;
  readonly logStreamNamePrefix?: string;
  readonly filterPattern?: string;
  readonly startTime?: number;
  readonly endTime?: number;
  readonly nextToken?: string;
  readonly limit?: number;
}

class Refusal extends Error {
  readonly type: string;
  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

/** Speaks the protocol of CloudWatch Logs (JSON 1.1) as far as FilterLogEvents goes, with its quotas, pages, tokens and refusals. */
export class CloudWatchLogsServer {
  /** What was asked, in order; the throttled are not among it. */
  readonly requests: Request[] = [];
  /** Whose credentials requests were signed with, and for which region. */
  readonly signers: string[] = [];
  throttled = 0;
  /** How often a token was not accepted. */
  invalidTokens = 0;
  /** How it behaves from now on. */
  options: ServiceOptions;
  readonly #groups = new Map<string, KeptRecord[]>();
  readonly #matched = new Map<string, Map<KeptRecord, boolean>>();
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  readonly #tokens = new Map<string, Token>();
  #recent: number[] = [];
  #pages = 0;
  #records = 0;
  #tokensUsed = 0;

  private constructor(options: ServiceOptions) {
    this.options = options;
  }

  static async start(options: ServiceOptions = {}): Promise<CloudWatchLogsServer> {
    const service = new CloudWatchLogsServer(options);
    service.#server.listen(0, '127.0.0.1');
    await once(service.#server, 'listening');
    return service;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  /** Puts records into a log group, which is made when it is not there. */
  put(logGroupName: string, records: readonly StoredRecord[]): void {
    const all = [...(this.#groups.get(logGroupName) ?? []), ...records.map((record) => ({ ...record, eventId: String(++this.#records) }))];
    this.#groups.set(logGroupName, all.sort((one, other) => one.timestamp - other.timestamp));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const answer = (status: number, content: object) => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(content));
    };
    try {
      if (request.headers['x-amz-target'] !== 'Logs_20140328.FilterLogEvents') throw new Refusal('UnknownOperationException', '');
      const [, signer, region] = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/\d+\/([^/]+)\//.exec(request.headers.authorization ?? '') ?? [];
      if (signer === undefined || region === undefined) throw new Refusal('MissingAuthenticationTokenException', 'Missing Authentication Token');
      this.signers.push(`${signer} ${region}`);
      answer(200, this.#filterLogEvents(JSON.parse(body) as Request));
    } catch (error) {
      if (!(error instanceof Refusal)) answer(500, { __type: 'InternalFailure' });
      else answer(400, { __type: error.type, message: error.message });
    }
  }

  #filterLogEvents(request: Request): object {
    if (this.options.denied) throw new Refusal('AccessDeniedException', 'User is not authorized to perform: logs:FilterLogEvents');
    this.#throttle();
    this.requests.push(request);
    const { logGroupName, logGroupIdentifier, nextToken, limit = mostRecords, ...filter } = request;
    if ((logGroupName === undefined) === (logGroupIdentifier === undefined)) throw new Refusal('InvalidParameterException', 'Exactly one of logGroupName, logGroupIdentifier is needed');
    const group = logGroupName ?? (logGroupIdentifier ?? '').replace(/^.*:log-group:/, '');
    const stored = this.#groups.get(group);
    if (!stored) throw new Refusal('ResourceNotFoundException', 'The specified log group does not exist.');
    const key = JSON.stringify([group, filter]);
    const { offset, emptied } = nextToken === undefined ? { offset: 0, emptied: false } : this.#tokenOf(nextToken, key);
    this.#pages += 1;
    const { emptyEvery, recordsInPage = mostRecords } = this.options;
    if (emptyEvery !== undefined && !emptied && this.#pages % emptyEvery === 0) return { events: [], searchedLogStreams: [], nextToken: this.#newToken({ key, offset, emptied: true }) };
    const found = this.#find(stored, filter);
    const page = fit(found.slice(offset, offset + Math.min(limit, recordsInPage, mostRecords)));
    const events = page.map((record) => ({ ingestionTime: record.timestamp, ...record, logStreamName: streamOf(record) }));
    const end = offset + page.length;
    return { events, searchedLogStreams: [], ...(end < found.length ? { nextToken: this.#newToken({ key, offset: end, emptied: false }) } : {}) };
  }

  #find(stored: readonly KeptRecord[], { startTime = 0, endTime = Infinity, logStreamNamePrefix = '', filterPattern = '' }: Request): KeptRecord[] {
    const { now = Date.now, retentionMs = Infinity } = this.options;
    const from = Math.max(startTime, now() - retentionMs);
    const matched = this.#matched.get(filterPattern) ?? new Map<KeptRecord, boolean>();
    this.#matched.set(filterPattern, matched);
    const matches = filterPattern === '' ? () => true : createMatcher(filterPattern);
    return stored.filter((record) => {
      if (record.timestamp < from || record.timestamp > endTime || !streamOf(record).startsWith(logStreamNamePrefix)) return false;
      const known = matched.get(record) ?? matches(record.message);
      matched.set(record, known);
      return known;
    });
  }

  #throttle(): void {
    const { now = Date.now, requestsPerSecond = Infinity } = this.options;
    const time = now();
    this.#recent = this.#recent.filter((one) => one > time - 1000);
    if (this.#recent.length >= requestsPerSecond) {
      this.throttled += 1;
      throw new Refusal('ThrottlingException', 'Rate exceeded');
    }
    this.#recent.push(time);
  }

  #newToken(token: Token): string {
    const name = Buffer.from(`${String(this.#pages)}`).toString('base64url');
    this.#tokens.set(name, token);
    return name;
  }

  #tokenOf(name: string, key: string): Token {
    const { tokensExpireAfter = Infinity } = this.options;
    if (++this.#tokensUsed % tokensExpireAfter === 0) this.#tokens.clear();
    const token = this.#tokens.get(name);
    if (token?.key !== key) {
      this.invalidTokens += 1;
      throw new Refusal('InvalidParameterException', 'The specified nextToken is invalid.');
    }
    return token;
  }
}

function streamOf({ logStreamName = 'kube-apiserver-audit-0a1b2c3d4e5f' }: StoredRecord): string {
  return logStreamName;
}

function fit(records: readonly KeptRecord[]): KeptRecord[] {
  let bytes = 0;
  // Whatever its size, one record fits.
  const end = records.findIndex(({ message }, index) => (bytes += message.length) > mostBytes && index > 0);
  return records.slice(0, end < 0 ? records.length : end);
}
