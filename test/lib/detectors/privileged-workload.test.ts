import { privilegedWorkload } from '../../../lib/detectors/privileged-workload.ts';
import { brokenBodies, testActs } from './verdicts.ts';

const privileged = { containers: [{ name: 'x', image: 'busybox', securityContext: { privileged: true } }] };
const capable = (name: unknown) => ({ containers: [{ securityContext: { capabilities: { add: [name] } } }] });
const mounted = (path: unknown) => ({ containers: [{ image: 'busybox' }], volumes: [{ name: 'v', hostPath: { path } }] });
const pod = (spec: unknown, verb = 'create') => ({ verb, resource: 'pods', namespace: 'shop', body: { spec } });
const template = (resource: string, spec: unknown, verb = 'create') => ({ verb, resource, namespace: 'shop', body: { spec: { template: { spec } } } });

testActs(privilegedWorkload, {
  hits: [
    ['a privileged pod', pod(privileged), ['great: privileged in shop']],
    ['a privileged init container', pod({ containers: [{}], initContainers: privileged.containers }), ['great: privileged in shop']],
    ...['apps/deployments', 'apps/daemonsets', 'apps/statefulsets', 'apps/replicasets', 'batch/jobs', 'replicationcontrollers'].map(
      (resource) => [`it within ${resource}`, template(resource, privileged), ['great: privileged in shop']] as const),
    ['it within a scheduled job', { ...pod({}), resource: 'batch/cronjobs', body: { spec: { jobTemplate: { spec: { template: { spec: privileged } } } } } }, ['great: privileged in shop']],
    ['it applied on the server\'s side', template('apps/deployments', privileged, 'patch'), ['great: privileged in shop']],
    ['the node\'s processes', pod({ hostPID: true }), ['great: host processes in shop']],
    ['the node\'s network and memory', pod({ hostNetwork: true, hostIPC: true }), ['great: host network, host IPC in shop']],
    ['a dangerous capability', pod(capable('SYS_ADMIN')), ['great: dangerous capabilities in shop']],
    ['a dangerous capability by its long name', pod(capable('CAP_SYS_PTRACE')), ['great: dangerous capabilities in shop']],
    ['the node\'s root', pod(mounted('/')), ['great: host path / in shop']],
    ['the runtime\'s socket', pod(mounted('/var/run/docker.sock')), ['great: host path /var/run/docker.sock in shop']],
    ['a power beside a broken field', pod({ ...privileged, hostPID: 'true', volumes: 'x' }), ['great: privileged in shop']],
    ['a harmless path as a lesser power', pod(mounted('/data')), ['lesser: host path /data in shop']],
    ['a path that only begins like a dangerous one as a lesser power', pod(mounted('/etcetera')), ['lesser: host path /etcetera in shop']],
    ['shared processes as a lesser power', pod({ shareProcessNamespace: true }), ['lesser: shared processes in shop']],
    ['a debugging container with power', { ...pod({ ephemeralContainers: privileged.containers }, 'patch'), resource: 'pods/ephemeralcontainers' }, ['great: privileged in shop']],
    ['a privileged pod that a policy turned away as another act', { ...pod(privileged), outcome: 'refused', code: 403 }, ['great: privileged in shop (refused)']],
  ],
  misses: [
    ['an ordinary pod', pod({ containers: [{ image: 'busybox', securityContext: { privileged: false } }], hostNetwork: false })],
    ['a harmless capability', pod(capable('NET_BIND_SERVICE'))],
    ['a privileged pod that failed', { ...pod(privileged), outcome: 'failed', code: 409 }],
    ['a refused pod, which has no body', { ...pod(privileged), outcome: 'refused', code: 403, body: undefined }],
    ['a privileged pod deleted', pod(privileged, 'delete')],
    ['another object with the same fields', { ...pod(privileged), resource: 'example.com/things' }],
    ...brokenBodies.map(([title, body]) => [title, { ...pod({}), body }] as const),
  ],
});
