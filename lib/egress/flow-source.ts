/** A log group of CloudWatch Logs with the flow log of a cluster's network. */
export interface FlowLogGroup {
  /** Name of an EKS cluster. */
  readonly cluster: string;
  readonly logGroupName: string;
  /**
   * The fields of a record, as the flow log's own setting has them (`${version} ${account-id} …`); the default format's when
   * left out. All sources of one log group have the same.
   */
  readonly format?: string | undefined;
}

/** A bucket of S3 with the flow log of a cluster's network; its files say themselves what their fields are. */
export interface FlowLogBucket {
  /** Name of an EKS cluster. */
  readonly cluster: string;
  readonly bucketName: string;
  /** What the keys of the flow log's files begin with; all files of the bucket when left out. */
  readonly prefix?: string | undefined;
}

/** Where a flow log comes from. */
export type FlowLogSource = FlowLogGroup | FlowLogBucket;

/** Whether a source is a log group. */
export function isLogGroup(source: FlowLogSource): source is FlowLogGroup {
  return 'logGroupName' in source;
}

/** Whether a source is a bucket. */
export function isBucket(source: FlowLogSource): source is FlowLogBucket {
  return 'bucketName' in source;
}
