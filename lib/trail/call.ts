import * as z from 'zod';

const maxDepth = 8;
const maxValues = 500;
const text = (most: number) => z.string().transform((value) => value.slice(0, most).toWellFormed());
/** Other years are broken clocks. */
const time = z.iso.datetime().refine((value) => value >= '2015' && value < '2100', 'is no time between 2015 and 2100');

/**
 * What Tidemark reads of a management event of CloudTrail as EventBridge delivers it; all other fields are left.
 * Sources: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html,
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html,
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 */
const detailSchema = z.object({
  eventID: z.string().min(1).max(64),
  eventTime: time,
  eventSource: z.string().min(1).max(128),
  eventName: z.string().min(1).max(128),
  sourceIPAddress: text(64).nullish(),
  userAgent: text(100).nullish(),
  errorCode: text(100).nullish(),
  userIdentity: z.object({
    arn: z.string().nullish(),
    invokedBy: z.string().nullish(),
    principalId: z.string().nullish(),
    accountId: z.string().nullish(),
    type: z.string().nullish(),
  }),
  requestParameters: z.record(z.string(), z.unknown()).nullish(),
});

/** A call of an AWS interface. Every text in it can be chosen by an attacker, but for what AWS says of who called. */
export interface Call {
  /** The same however often the event is delivered. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** Such as `eks.amazonaws.com`. */
  readonly service: string;
  /** Without the interface's version, which Lambda adds: `DeleteFunction`, not `DeleteFunction20150331`. */
  readonly name: string;
  /** The ARN of who called; of an AWS service its name. */
  readonly caller: string;
  readonly sourceAddress: string;
  readonly userAgent: string;
  /** Set when the call failed. */
  readonly errorCode: string | undefined;
  /** The AWS service that made it for the caller. AWS writes that, no caller can. */
  readonly through: string | undefined;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Where it was made, as EventBridge says; `undefined` when it does not. */
  readonly account: string | undefined;
  readonly region: string | undefined;
}

/** What EventBridge says of an event besides its detail. Source: https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html */
export interface Envelope {
  readonly account?: string | undefined;
  readonly region?: string | undefined;
}

/**
 * Reads a call from the `detail` of an event.
 * @throws {UnreadableCallError} when it is none; its message names the field, never the content.
 */
export function readCall(detail: unknown, { account, region }: Envelope = {}): Call {
  const parsed = detailSchema.safeParse(detail);
  if (!parsed.success) throw new UnreadableCallError(`the event's field ${String(parsed.error.issues[0]?.path[0] ?? 'detail')} is missing or of another kind`);
  const { eventID, eventTime, eventSource, eventName, sourceIPAddress, userAgent, errorCode, userIdentity, requestParameters } = parsed.data;
  const { arn, invokedBy, principalId, accountId, type } = userIdentity;
  return {
    id: eventID,
    time: Date.parse(eventTime),
    service: eventSource,
    name: eventName.replace(/\d{8}(v\d+)?$/, ''),
    caller: (arn ?? invokedBy ?? principalId ?? accountId ?? type ?? '').slice(0, 500).toWellFormed() || 'unknown',
    sourceAddress: sourceIPAddress ?? '',
    userAgent: userAgent ?? '',
    errorCode: errorCode ?? undefined,
    through: [invokedBy, sourceIPAddress].find((one) => one?.endsWith('.amazonaws.com')) ?? undefined,
    parameters: requestParameters ?? {},
    account,
    region,
  };
}

/**
 * Gives all texts among a call's parameters, decoded: EKS writes ARNs percent-encoded
 * (https://stratus-red-team.cloud/attack-techniques/EKS/eks.lateral-movement.create-access-entry/). Of more than a few
 * hundred only the first are given.
 */
export function textsOf(parameters: unknown): string[] {
  const found: string[] = [];
  const visit = (value: unknown, depth: number): void => {
    if (found.length >= maxValues || depth > maxDepth) return;
    if (typeof value === 'string') found.push(decoded(value));
    else if (typeof value === 'object' && value !== null) for (const one of Object.values(value)) visit(one, depth + 1);
  };
  visit(parameters, 0);
  return found;
}

/** Gives a parameter that is a text, decoded; of several names the first that is there. */
export function textOf(parameters: Readonly<Record<string, unknown>>, ...names: readonly string[]): string | undefined {
  const value = names.map((name) => parameters[name]).find((one) => typeof one === 'string');
  return typeof value === 'string' ? decoded(value) : undefined;
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** An event holds no call as CloudTrail records it. It goes to the dead letters whole. */
export class UnreadableCallError extends Error {
  override readonly name = 'UnreadableCallError' as const;
}
