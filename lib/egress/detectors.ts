import type { EgressDetector } from '../detectors/detector.ts';

/** Much sent to somewhere outside where a workload never sent anything. */
export const egressDestination: EgressDetector = {
  kind: 'egress',
  id: 'egress-destination',
  category: 'exfil-egress',
  techniques: ['T1567', 'T1048'],
  check: 'Find out whose address that is and what was sent; if nobody knows, stop the workload and keep its disk',
  innocent: 'A new release that sends its logs or backups to another vendor.',
};

/** Far more sent outside within minutes than ever before. */
export const egressVolume: EgressDetector = {
  kind: 'egress',
  id: 'egress-volume',
  category: 'exfil-egress',
  techniques: ['T1048', 'T1041'],
  check: 'See which data the workload can reach, and to whom it was sent',
  innocent: 'A first full export, or a migration of data.',
};

/** Far more sent outside within a day than ever before, however slowly. */
export const egressDay: EgressDetector = {
  kind: 'egress',
  id: 'egress-day',
  category: 'exfil-egress',
  techniques: ['T1030', 'T1048'],
  check: 'See which data the workload can reach, and to whom it was sent over the day',
  innocent: 'A backfill that runs all day.',
};

/** A service outside on a port that a workload never used. */
export const egressPort: EgressDetector = {
  kind: 'egress',
  id: 'egress-port',
  category: 'exfil-egress',
  techniques: ['T1571'],
  check: 'Ask what speaks on that port',
  innocent: 'A new client library that speaks another protocol.',
};

/** Many different services inside asked within minutes. */
export const insideScan: EgressDetector = {
  kind: 'egress',
  id: 'inside-scan',
  category: 'mass-discovery',
  techniques: ['T1046'],
  check: 'Find out which program in the workload looks around, and stop it',
  innocent: 'A new monitoring tool that probes everything.',
};

/** Many different services inside that a network rule kept a workload from. */
export const insideRefused: EgressDetector = {
  kind: 'egress',
  id: 'inside-refused',
  category: 'mass-discovery',
  techniques: ['T1046'],
  check: 'Find out which program in the workload tries them',
  innocent: 'A security group that was changed under a running workload.',
};

/** A database, an API server or a kubelet inside that a workload never spoke to. */
export const insideService: EgressDetector = {
  kind: 'egress',
  id: 'inside-service',
  category: 'lateral-movement',
  techniques: ['T1021', 'T1210'],
  check: 'Ask whether the workload needs it',
  innocent: 'A new release that uses another database.',
};

/** Traffic to an address that somebody has listed as bad. */
export const listedDestination: EgressDetector = {
  kind: 'egress',
  id: 'listed-destination',
  category: 'exfil-egress',
  techniques: ['T1071', 'T1041'],
  check: 'Stop the workload, and see what it sent',
  innocent: 'A shared server whose address a bad one had before.',
};

/** What traffic shows: `flow-scoring.ts` measures. */
export const flowDetectors: readonly EgressDetector[] = [egressDestination, egressVolume, egressDay, egressPort, insideScan, insideRefused, insideService, listedDestination];
