import { interceptLocalhostDns } from 'fauxqs';

/** Loads a function's bundle and calls its handler with one event, both from the parent process, as Lambda would. */
interface Call {
  readonly bundle: string;
  readonly event: unknown;
}

// A queue's URL is on sqs.REGION.localhost, which not every machine resolves.
interceptLocalhostDns();

process.once('message', ({ bundle, event }: Call) => {
  void answer(bundle, event).then((message) => process.send?.(message, () => { process.disconnect(); }));
});

async function answer(bundle: string, event: unknown): Promise<unknown> {
  try {
    const { handler } = (await import(bundle)) as { handler: (event: unknown, context: unknown) => Promise<unknown> };
    return { answer: await handler(event, { functionName: 'function', awsRequestId: 'request', getRemainingTimeInMillis: () => 300_000 }) };
  } catch (error) {
    return { error: String(error) };
  }
}
