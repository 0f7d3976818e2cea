/**
 * The fields that a VPC flow log can have, by the version that brought them.
 * Source: https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html#flow-logs-fields
 */
const knownFields = new Set(
  (
    'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status ' + // 2
    'vpc-id subnet-id instance-id tcp-flags type pkt-srcaddr pkt-dstaddr ' + // 3
    'region az-id sublocation-type sublocation-id ' + // 4
    'pkt-src-aws-service pkt-dst-aws-service flow-direction traffic-path ' + // 5
    'ecs-cluster-arn ecs-cluster-name ecs-container-instance-arn ecs-container-instance-id ecs-container-id ecs-second-container-id ' + // 7
    'ecs-service-name ecs-task-definition-arn ecs-task-arn ecs-task-id reject-reason resource-id encryption-status' // 7 and later
  ).split(' '),
);

/** The default format's fields: all of version 2, in their order. */
export const defaultFields: readonly string[] = [...knownFields].slice(0, 14);

const fieldName = /^[a-z][a-z0-9-]{0,60}$/;
const maxFields = 100;

/** A flow log's format cannot be used: it is none, or it leaves out what egress cannot be told without. */
export class UnusableFlowFormatError extends Error {
  override readonly name = 'UnusableFlowFormatError' as const;
}

/**
 * Reads a format: field names with spaces or commas between, as a file's header has them (`srcaddr dstaddr …`), as AWS takes them
 * (`${srcaddr} ${dstaddr} …`) or as Parquet columns are named (`pkt_srcaddr`). Fields unknown here may be among them.
 * @throws {UnusableFlowFormatError} when it is no such list, or one without addresses, bytes and start.
 */
export function flowFieldsOf(format: string): readonly string[] {
  const fields = format.trim().split(/[\s,]+/).map((field) => field.replace(/^\$\{(.*)\}$/, '$1').replaceAll('_', '-').toLowerCase());
  if (fields.length > maxFields || !fields.every((field) => fieldName.test(field))) throw new UnusableFlowFormatError('the format is no list of field names');
  if (new Set(fields).size < fields.length) throw new UnusableFlowFormatError('the format names a field twice');
  const missing = [['srcaddr', 'pkt-srcaddr'], ['dstaddr', 'pkt-dstaddr'], ['bytes'], ['start']].find((names) => !names.some((name) => fields.includes(name)));
  if (missing) throw new UnusableFlowFormatError(`the format has no field ${missing.join(' or ')}`);
  return fields;
}

/** Whether a line is the header that S3 files begin with: names of fields only, most of them known, one of an address. */
export function isFlowHeader(line: string): boolean {
  if (line.length > 4000) return false;
  const fields = line.trim().split(' ');
  const known = fields.filter((field) => knownFields.has(field)).length;
  return known * 2 > fields.length && /(src|dst)addr/.test(line) && fields.every((field) => fieldName.test(field));
}
