import { Names, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** Gives a construct's resource a name of its own in its account and region, for what other regions and accounts must name too. */
export function fixedName(scope: Construct): string {
  return Names.uniqueResourceName(scope, { maxLength: 45, separator: '-' });
}

/** Gives a construct's role a name: roles of all regions of an account share their names. */
export function fixedRoleName(scope: Construct): string {
  return `${fixedName(scope)}-${Stack.of(scope).region}`;
}

/** Gives the ARN of the role of that name, as it is known in other regions and accounts. */
export function fixedRoleArn(scope: Construct): string {
  const { account, partition } = Stack.of(scope);
  return `arn:${partition}:iam::${account}:role/${fixedRoleName(scope)}`;
}
