import type { Caller } from '../audit.ts';
import { anonymous } from '../callers.ts';
import { namespacesOf } from '../layout.ts';
import * as names from '../names.ts';
import { minute } from '../world.ts';
import { goals } from './goals.ts';
import type { Attack, Stage } from './stage.ts';

const kinds = 'pods services configmaps serviceaccounts endpoints persistentvolumeclaims resourcequotas limitranges replicationcontrollers apps/deployments apps/daemonsets apps/statefulsets apps/replicasets batch/jobs batch/cronjobs networking.k8s.io/ingresses networking.k8s.io/networkpolicies rbac.authorization.k8s.io/roles rbac.authorization.k8s.io/rolebindings autoscaling/horizontalpodautoscalers policy/poddisruptionbudgets'.split(' ');
const verbs = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'];
const paths = '/api /apis /metrics /logs /debug/pprof /openapi/v2 /swagger.json /ui /api/v1/secrets /api/v1/nodes /apis/apps/v1 /configz /.env /admin /console /actuator /api/v1/namespaces/kube-system/secrets /stats /runningpods /exec /apis/rbac.authorization.k8s.io/v1 /version/openshift /dashboard /.git/config /graphql'.split(' ');

/** Somebody, or an application, from home or from elsewhere. */
function anybody(stage: Stage): Caller {
  return stage.random.chance(0.6) ? stage.as(stage.person('reader', 'developer', 'admin')) : stage.asApp(stage.app(({ talk }) => talk !== 'nothing'), false);
}

function someNamespaces(stage: Stage, least: number, most: number): string[] {
  return stage.random.some(namespacesOf(stage.setting.layout, 'production', 'test', 'tool', 'system'), stage.random.int(least, most));
}

/** Finding out what there is and what one may do. */
export const discoveryAttacks: Readonly<Record<string, Attack>> = {
  'enumeration-allowed': (stage) => {
    const caller = stage.as(stage.person('reader', 'admin'));
    for (const namespace of someNamespaces(stage, 3, 10)) for (const resource of kinds) stage.do(caller, { verb: 'list', resource, namespace }, 400);
  },
  'enumeration-refused': (stage) => {
    const caller = stage.asApp(stage.app(({ talk }) => talk !== 'nothing'), stage.random.chance(0.2));
    for (const namespace of someNamespaces(stage, 4, 12)) for (const resource of ['pods', 'secrets', 'configmaps', 'serviceaccounts']) stage.do(caller, { verb: 'list', resource, namespace, code: 403 }, 900);
  },
  'access-review-sweep': (stage) => {
    const caller = anybody(stage);
    for (const resource of stage.random.some(kinds, stage.random.int(8, 20))) {
      for (const verb of verbs) stage.do(caller, { verb: 'create', resource: 'authorization.k8s.io/selfsubjectaccessreviews', body: { kind: 'SelfSubjectAccessReview', spec: { resourceAttributes: { verb, resource } } } }, 150);
    }
  },
  /** One look at a time, all day long. */
  'slow-enumeration': (stage) => {
    const caller = anybody(stage);
    const pause = stage.random.between(15, 45) * minute;
    for (const resource of stage.random.some(kinds, stage.random.int(12, 20))) stage.do(caller, { verb: 'list', resource, namespace: stage.random.pick(namespacesOf(stage.setting.layout, 'production', 'test')), code: stage.random.chance(0.3) ? 403 : 200 }, pause);
  },
  'config-map-sweep': (stage) => { goals['config-maps'](stage, anybody(stage)); },
  'permission-listing': (stage) => {
    const caller = stage.as(stage.unused('roles', 'reader', 'developer', 'admin') ?? stage.person('developer'));
    for (const kind of ['clusterroles', 'clusterrolebindings']) stage.do(caller, { verb: 'list', resource: `rbac.authorization.k8s.io/${kind}` });
    for (const namespace of someNamespaces(stage, 4, 9)) for (const kind of ['roles', 'rolebindings']) stage.do(caller, { verb: 'list', resource: `rbac.authorization.k8s.io/${kind}`, namespace });
  },
  'api-probing': (stage) => {
    const caller = { user: anonymous, address: stage.foreign(), agent: stage.random.pick(names.attackAgents) };
    for (const path of stage.random.some(paths, stage.random.int(14, 24))) stage.do(caller, { verb: 'get', path, code: 403 }, 700);
  },
  'anonymous-let-in': (stage) => {
    const caller = { user: anonymous, address: stage.foreign(), agent: stage.random.pick(names.attackAgents) };
    const namespace = stage.random.pick(namespacesOf(stage.setting.layout, 'production', 'test'));
    stage.do(caller, { verb: 'list', resource: 'pods', code: 403 });
    for (const resource of stage.random.some(['configmaps', 'pods', 'services', 'secrets'], stage.random.int(1, 3))) stage.do(caller, { verb: 'list', resource, namespace });
  },
  'mass-log-pull': (stage) => {
    const caller = stage.as(stage.person('reader', 'developer', 'admin'));
    const running = stage.setting.layout.apps.filter(({ kind }) => kind !== 'daemonsets').flatMap((app) => app.pods.map(({ name }) => ({ namespace: app.namespace, name })));
    for (const pod of stage.random.some(running, stage.random.int(10, 40))) stage.do(caller, { verb: 'get', resource: 'pods/log', ...pod, query: 'container=app' }, 900);
  },
};
