/** What the template and the functions must name alike. */
export { auditLogGroup, everyCluster, filterNameFor, isNamed, isRegion, type Home } from '../lib/cluster.ts';
