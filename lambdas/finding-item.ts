import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { findingSchema, type Finding, type Severity, type Status } from '../lib/finding.ts';

/** A table's item as the AWS SDK and the records of a table's stream have it. */
export type Item = Record<string, AttributeValue>;

/** Attributes an item has besides the finding's own. */
const addedAttributes = ['statusAndSeverity', 'expiresAt'];

/** @returns the key of the index that finds findings by what was decided about them and how grave they are. */
export function statusAndSeverity(status: Status, severity: Severity): string {
  return `${status}#${severity}`;
}

/**
 * Turns a finding into a table's item; a finding within its schema's bounds stays under DynamoDB's 400 KB.
 * @throws {z.ZodError} when the finding breaks its contract.
 */
export function itemOf(finding: Finding, expiresAtEpochSeconds: number): Item {
  const valid = findingSchema.parse(storable(finding));
  return marshall({
    ...valid,
    statusAndSeverity: statusAndSeverity(valid.status, valid.severity),
    expiresAt: expiresAtEpochSeconds,
  });
}

/**
 * Reads a finding from a table's item or a stream record's image.
 * @throws {z.ZodError} when the item holds no finding of this schema version.
 */
export function findingOf(item: Item): Finding {
  const attributes = Object.entries(unmarshall(item)).filter(([name]) => !addedAttributes.includes(name));
  return findingSchema.parse(Object.fromEntries(attributes));
}

/** DynamoDB refuses half surrogate pairs and numbers beyond the range its client writes; one such value must not stop the whole flow. */
function storable(finding: Finding): unknown {
  return JSON.parse(JSON.stringify(finding), (_name, value: unknown) => {
    if (typeof value === 'string') return value.toWellFormed();
    if (typeof value === 'number') return Math.abs(value) < 1e-100 ? 0 : Math.min(value, Number.MAX_SAFE_INTEGER);
    return value;
  });
}
