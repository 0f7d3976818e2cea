import { UsageError } from './errors.ts';

/** Which service is asked. */
export interface EndpointOptions {
  /** URL of a service that stands in for AWS's own. */
  readonly endpoint?: string;
}

/**
 * Gives the settings of a client. A stand-in on this machine needs neither a region nor credentials, but the client wants some.
 * @throws {UsageError} when the endpoint is no URL.
 */
export function clientConfigOf({ endpoint }: EndpointOptions) {
  if (endpoint === undefined) return {};
  if (!URL.canParse(endpoint)) throw new UsageError(`--endpoint ${endpoint} is no URL`);
  const { hostname } = new URL(endpoint);
  if (!['localhost', '127.0.0.1', '[::1]'].includes(hostname)) return { endpoint };
  const named = process.env['AWS_ACCESS_KEY_ID'] !== undefined || process.env['AWS_PROFILE'] !== undefined;
  return {
    endpoint,
    region: process.env['AWS_REGION'] ?? 'us-east-1',
    ...(named ? {} : { credentials: { accessKeyId: 'local', secretAccessKey: 'local' } }),
  };
}

/** What an error's name, code or message may say, and what to tell people then. */
export type Problems = readonly (readonly [RegExp, string])[];

/** What can be wrong with any call of AWS. */
export const accountProblems: Problems = [
  [/Region is missing/, 'no AWS region is set: set AWS_REGION, or choose a profile that has one with AWS_PROFILE'],
  [/CredentialsProviderError|Could not load credentials/, 'no AWS credentials were found: sign in (aws sso login), set AWS_PROFILE, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY'],
  [/ExpiredToken|UnrecognizedClient|InvalidSignature|InvalidClientToken/, 'AWS does not accept these credentials: sign in again, and check AWS_PROFILE'],
];

/**
 * Does something with a service of AWS.
 * @throws an error of the class that is given, with a way out, when one of the problems is met; else what the service's client throws.
 */
export async function reachBy<Result>(problems: Problems, Failure: new (message: string, options?: ErrorOptions) => Error, operation: () => Promise<Result>): Promise<Result> {
  try {
    return await operation();
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    const code = 'code' in cause ? String(cause.code) : '';
    const wayOut = problems.find(([pattern]) => pattern.test(`${cause.name} ${code} ${cause.message}`));
    if (!wayOut) throw cause;
    throw new Failure(wayOut[1], { cause });
  }
}
