import type { Act, ActDetector } from './detector.ts';

/** Pods that hold data, by their names and by the ports of databases and brokers. */
const holdsData = /postgres|mysql|maria|mongo|redis|cassandra|elastic|opensearch|kafka|rabbit|warehouse|clickhouse|etcd|vault|minio|(^|-)(db|sql|database|store)(-|$)/i;
const dataPorts = new Set(['1433', '1521', '3306', '5432', '5672', '6379', '8200', '9042', '9092', '9200', '11211', '27017']);

/** A tunnel into a pod, by one that does not open such. */
export const portForward: ActDetector = {
  kind: 'act',
  id: 'port-forward',
  category: 'exfil-egress',
  techniques: ['T1572', 'T1090'],
  check: 'Ask what was reached through the tunnel, and whether data was taken',
  innocent: 'A developer who looks at a database or a page that has no way in from outside.',
  detect({ resource, namespace, name, outcome, query }) {
    if (resource !== 'pods/portforward' || outcome === 'missing') return [];
    if (outcome === 'refused') return [{ value: `${namespace} (refused)`, prior: 0.1, words: `tried to open a tunnel to pod ${name} of ${namespace} and was refused` }];
    const act: Act = { value: namespace, prior: 0.05, words: `opened a tunnel to pod ${name} of ${namespace}` };
    const isData = holdsData.test(name) || query.getAll('ports').some((ports) => ports.split(',').some((port) => dataPorts.has(port)));
    return [isData ? { ...act, grade: 'data', prior: 0.004, words: `${act.words}, which holds data` } : act];
  },
};
