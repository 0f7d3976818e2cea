import type { Context } from 'aws-lambda';
import { nameOf } from './telemetry.ts';

/** A function that Lambda calls. */
export type Called<Answer> = (event: unknown, context: Context) => Promise<Answer>;

/**
 * Lets a function fail without its error's message. Lambda writes what a function throws into the function's log, into the failed call's
 * dead letter and into its trace, and a message could quote a record: `JSON.parse` for one quotes what it cannot read. The error's name
 * and where it was thrown stay.
 */
export function quiet<Answer>(call: Called<Answer>): Called<Answer> {
  return async (event, context) => {
    try {
      return await call(event, context);
    } catch (error) {
      throw withoutMessage(error);
    }
  };
}

function withoutMessage(error: unknown): Error {
  const name = nameOf(error);
  const bare = new Error('failed; what the error says is kept out of logs, since it could quote a record');
  bare.name = name;
  bare.stack = [`${name}: ${bare.message}`, ...framesOf(error)].join('\n');
  return bare;
}

/** A stack begins with the message, which may itself look like frames. */
function framesOf(error: unknown): string[] {
  if (!(error instanceof Error) || error.stack === undefined) return [];
  const end = error.stack.indexOf(error.message) + error.message.length;
  return error.stack.slice(end).split('\n').filter((line) => line.startsWith('    at '));
}
