import * as z from 'zod';

/** How CloudWatch Logs calls a function with a delivery. */
export const subscriptionEvent = z.object({ awslogs: z.object({ data: z.string() }) });

/** Data that is no base64 is passed on as it is, so that it reaches the dead letters whole. */
export function payloadOf(data: string): Uint8Array {
  const bytes = Buffer.from(data, 'base64');
  return bytes.toString('base64') === data ? bytes : Buffer.from(data);
}
