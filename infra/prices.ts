/**
 * List prices in US dollars, of us-east-1 and without free tiers, as docs/deploy.md has them with their sources. Other regions and times have
 * others: what is reckoned with them is an estimate.
 */
export const prices = {
  /** A GB-second of Lambda on Arm. */
  lambdaGbSecond: 0.0000133334,
  lambdaCall: 0.2 / 1e6,
  readUnit: 0.125 / 1e6,
  writeUnit: 0.625 / 1e6,
  /** A GB stored in a table for a month. */
  tableGb: 0.25,
  trace: 5 / 1e6,
  /** A GB of a function's own log. */
  logGb: 0.5,
  /** Of a stream on demand, while it is there. */
  streamHour: 0.04,
  /** A GB written to a stream and read from it once. */
  streamGb: 0.08 + 0.04,
  /** These by the month. */
  key: 1,
  alarm: 0.1,
  metric: 0.3,
  dashboard: 3,
} as const;
