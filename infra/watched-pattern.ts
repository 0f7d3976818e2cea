import { Match, type EventPattern } from 'aws-cdk-lib/aws-events';
import { watchedNames } from '../lambdas/watch-scope.ts';

/**
 * Gives the pattern of EventBridge for the watched calls of these services, by their `eventSource`; of all of them when none is named.
 * Lambda adds the year, month and day of its interface to a call's name. Only services of AWS can put events whose source begins with
 * `aws.`, so nobody can make up a call (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html).
 * A pattern has at most 2048 characters (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html).
 */
export function watchedPattern(services: readonly string[] = [...watchedNames.keys()]): EventPattern {
  const eventName = services.flatMap((service): (string | { prefix: string })[] => {
    const names = watchedNames.get(service) ?? [];
    return service.startsWith('lambda.') ? names.map((name) => ({ prefix: `${name}20` })) : [...names];
  });
  return { source: Match.prefix('aws.'), detailType: ['AWS API Call via CloudTrail'], detail: { eventSource: [...services], eventName } };
}
