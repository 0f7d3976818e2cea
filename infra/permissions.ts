import { Stack, Token } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';

/** A service that uses the key in the name of whoever calls it. */
export type KeyService = 'dynamodb' | 'kinesis' | 'sns' | 'sqs';

/** What a caller needs of the key when a service decrypts for it. */
export const toRead = ['kms:Decrypt'];
/** What a caller needs of the key when a service encrypts a message for it; SNS and SQS ask for both. */
export const toSend = ['kms:Decrypt', 'kms:GenerateDataKey'];

/** Allows exactly these calls on exactly these resources, on these conditions. */
export function allow(grantee: IGrantable, actions: string[], resourceArns: string[], conditions: Record<string, Record<string, unknown>> = {}): void {
  Grant.addToPrincipal({ grantee, actions, resourceArns, conditions });
}

/** Allows these uses of the key, and only through the service. */
export function allowKeyThrough(service: KeyService, grantee: IGrantable, actions: string[], key: IKey): void {
  const { region, urlSuffix } = Stack.of(key);
  allow(grantee, actions, [key.keyArn], { StringEquals: { 'kms:ViaService': `${service}.${region}.${urlSuffix}` } });
}

/** Gives an ARN of a stack's account and region, or of others, as cdk-nag writes it: what is known only when it is deployed, by its name. */
export function arnInFindings(stack: Stack, service: string, rest: string, of: { readonly region?: string; readonly account?: string } = {}): string {
  const shown = (value: string, name: string): string => (Token.isUnresolved(value) ? `<AWS::${name}>` : value);
  return ['arn', shown(stack.partition, 'Partition'), service, of.region ?? shown(stack.region, 'Region'), of.account ?? shown(stack.account, 'AccountId'), rest].join(':');
}
