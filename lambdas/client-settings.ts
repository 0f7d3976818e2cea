import { StandardRetryStrategy } from '@smithy/core/retry';
import { Patience } from './patience.ts';

/** So often a call is made, with pauses, before it counts as failed. */
export const maxAttempts = 8;

/** SQS and SNS say so when KMS throttles what they ask of it in the caller's name; the SDK takes both for mistakes of the caller. */
const throttledByKms = new Set(['KmsThrottled', 'KMSThrottlingException', 'KMSThrottling']);

type RetryArguments = Parameters<StandardRetryStrategy['refreshRetryTokenForRetry']>;

/** The SDK's standard way of trying again, with jitter, and only while the function has time. */
class BoundedRetryStrategy extends StandardRetryStrategy {
  constructor(patience: Patience) {
    let base = 0;
    const backoff = {
      setDelayBase: (milliseconds: number) => { base = milliseconds; },
      computeNextBackoffDelay: (retries: number) => patience.delayAfter(retries + 1, base),
    };
    super({ maxAttempts, backoff });
  }

  override refreshRetryTokenForRetry(...[token, errorInfo]: RetryArguments): ReturnType<StandardRetryStrategy['refreshRetryTokenForRetry']> {
    const { error } = errorInfo;
    const isThrottled = error instanceof Error && throttledByKms.has(error.name);
    return super.refreshRetryTokenForRetry(token, isThrottled ? { ...errorInfo, errorType: 'THROTTLING' } : errorInfo);
  }
}

/**
 * How every client of AWS is made. Unless told, the SDK waits without end for an answer, as long as the connection stands; a
 * function would then be killed at its timeout. All of it together is far less than a function's time.
 */
export function clientSettings(patience: Patience) {
  return {
    maxAttempts,
    retryStrategy: new BoundedRetryStrategy(patience),
    requestHandler: { connectionTimeout: 1000, requestTimeout: 5000, throwOnRequestTimeout: true, socketTimeout: 5000 },
  };
}
