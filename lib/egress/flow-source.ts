/** A log group of CloudWatch Logs with what is logged of a cluster's network. */
export interface TrafficLogGroup {
  /** Name of an EKS cluster. */
  readonly cluster: string;
  readonly logGroupName: string;
}

/** A log group of CloudWatch Logs with the flow log of a cluster's network. */
export interface FlowLogGroup extends TrafficLogGroup {
  /**
   * The fields of a record, as the flow log's own setting has them (`${version} ${account-id} …`); the default format's when
   * left out. All sources of one log group have the same.
   */
  readonly format?: string | undefined;
}

/** A bucket of S3 with what is logged of a cluster's network; files of flow logs say themselves what their fields are. */
export interface TrafficLogBucket {
  /** Name of an EKS cluster. */
  readonly cluster: string;
  readonly bucketName: string;
  /** What the keys of the log's files begin with; all files of the bucket when left out. */
  readonly prefix?: string | undefined;
}

/** Where a flow log comes from. */
export type FlowLogSource = FlowLogGroup | TrafficLogBucket;

/** Where a Route 53 Resolver query log comes from. */
export type ResolverLogSource = TrafficLogGroup | TrafficLogBucket;

/** Whether a source is a log group. */
export function isLogGroup(source: FlowLogSource): source is FlowLogGroup {
  return 'logGroupName' in source;
}

/** Whether a source is a bucket. */
export function isBucket(source: FlowLogSource): source is TrafficLogBucket {
  return 'bucketName' in source;
}
