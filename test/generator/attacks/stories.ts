import type { Caller } from '../audit.ts';
import { nodeAccount, nodeCaller, podCaller, roleUser, serviceAccountUser, tokenCaller, type Account } from '../callers.ts';
import { drawPod, namespacesOf, type App, type Pod } from '../layout.ts';
import * as names from '../names.ts';
import { minute } from '../world.ts';
import { startPod, workloadBody } from '../workloads.ts';
import { execInto } from './execution.ts';
import type { Attack, Stage } from './stage.ts';

const rbac = 'rbac.authorization.k8s.io';
const shells = ['curl/8.5.0', 'kubectl/v1.29.1 (linux/amd64) kubernetes/bc401b9', 'python-requests/2.31.0'];

/** Time until what was prepared is used. */
function pause(stage: Stage): void {
  stage.wait(minute, 40 * minute);
}

/** Secrets of many namespaces, listed and read. */
function sweep(stage: Stage, caller: Caller): void {
  const { random, setting: { layout } } = stage;
  for (const namespace of random.some(namespacesOf(layout, 'production', 'test', 'tool'), random.int(2, 7))) stage.do(caller, { verb: 'list', resource: 'secrets', namespace });
  const secrets = layout.apps.flatMap(({ namespace, secrets: own }) => own.map((name) => ({ namespace, name })));
  for (const one of random.some(secrets, random.int(2, 9))) stage.do(caller, { verb: 'get', resource: 'secrets', ...one });
}

/** What may this account do? */
function probe(stage: Stage, caller: Caller, namespace: string): void {
  const { random } = stage;
  stage.do(caller, { verb: 'create', resource: 'authorization.k8s.io/selfsubjectrulesreviews', body: { kind: 'SelfSubjectRulesReview', spec: { namespace } } });
  for (const resource of random.some(['secrets', 'pods', 'nodes', 'clusterroles', 'serviceaccounts'], random.int(1, 4))) {
    stage.do(caller, { verb: 'create', resource: 'authorization.k8s.io/selfsubjectaccessreviews', body: { kind: 'SelfSubjectAccessReview', spec: { resourceAttributes: { verb: random.pick(['get', 'list', 'create']), resource, namespace } } } });
  }
}

/** Lists with what rights there are: some are refused. */
function lookForSecrets(stage: Stage, caller: Caller, namespace: string): void {
  const { random, setting: { layout } } = stage;
  stage.do(caller, { verb: 'list', resource: 'secrets', namespace, code: random.chance(0.5) ? 403 : 200 });
  for (const other of random.some(namespacesOf(layout, 'production', 'system'), random.int(1, 4))) stage.do(caller, { verb: 'list', resource: 'secrets', namespace: other, code: random.chance(0.8) ? 403 : 200 });
}

/** Asks for a token of an account; gives who uses it, and where from: where it was asked for, or elsewhere. */
function mint(stage: Stage, by: Caller, { namespace, account }: Pick<Account, 'namespace' | 'account'>, as?: Caller['user']): Caller {
  const { random } = stage;
  const credential = random.uuid();
  const spec = { audiences: ['https://kubernetes.default.svc'], expirationSeconds: random.pick([3600, 86400, 31536000]), boundObjectRef: null };
  stage.do(by, { verb: 'create', resource: 'serviceaccounts/token', namespace, name: account, issues: credential, body: { kind: 'TokenRequest', apiVersion: 'authentication.k8s.io/v1', spec }, ...(as ? { as } : {}) });
  return tokenCaller({ namespace, account, agent: random.pick(names.attackAgents) }, { credential, address: random.chance(0.5) ? by.address : stage.foreign() });
}

/** Rights for a new account: all of them, or to read secrets. */
function bind(stage: Stage, by: Caller, { namespace, name }: { namespace: string; name: string }): void {
  const isAll = stage.random.chance(0.5);
  if (!isAll) stage.do(by, { verb: 'create', resource: `${rbac}/clusterroles`, name, body: { kind: 'ClusterRole', metadata: { name }, rules: [{ apiGroups: [''], resources: ['secrets', 'configmaps'], verbs: ['get', 'list'] }] } });
  stage.do(by, { verb: 'create', resource: `${rbac}/clusterrolebindings`, name, body: { kind: 'ClusterRoleBinding', metadata: { name }, roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: isAll ? 'cluster-admin' : name }, subjects: [{ kind: 'ServiceAccount', name, namespace }] } });
}

/** A pod with somebody else's account, made by hand or by a deployment, and its pod's caller. */
function plant(stage: Stage, by: Caller, app: App): Caller {
  const { random, setting, mark } = stage;
  const { namespace, name, account = name } = app;
  const body = random.chance(0.5) ? undefined : { kind: 'Pod', apiVersion: 'v1', metadata: { name, namespace }, spec: { serviceAccountName: account, containers: [{ name, image: app.image }] } };
  stage.do(by, { verb: 'create', resource: body ? 'pods' : 'apps/deployments', namespace, name, body: body ?? workloadBody(app) });
  const drawn = drawPod(random, app, random.pick(setting.layout.nodes), 0);
  const pod: Pod = body ? { ...drawn, name } : drawn;
  startPod(setting, pod, { app, time: stage.time, random, mark });
  return podCaller({ namespace, account, agent: random.pick(shells) }, pod);
}

const powers = { username: 'system:admin', groups: ['system:masters', 'system:authenticated'] };

/** Attacks in which an act of one identity leads to another's. Each is one scenario. */
export const stories: Readonly<Record<string, Attack>> = {
  'token-minted-then-used': (stage) => {
    const { kind: { namespace, name } } = stage.privileged();
    const thief = mint(stage, stage.as(stage.person('admin'), stage.random.chance(0.7)), { namespace, account: name });
    pause(stage);
    sweep(stage, thief);
  },
  'account-bound-then-used': (stage) => {
    const by = stage.as(stage.person('admin'), stage.random.chance(0.7));
    const namespace = stage.random.pick(['kube-system', 'default', ...namespacesOf(stage.setting.layout, 'production')]);
    const name = stage.random.pick(['metrics-sync', 'node-helper', 'image-puller', 'log-shipper']);
    stage.do(by, { verb: 'create', resource: 'serviceaccounts', namespace, name, body: { kind: 'ServiceAccount', metadata: { name, namespace } } });
    bind(stage, by, { namespace, name });
    const account = mint(stage, by, { namespace, account: name });
    pause(stage);
    sweep(stage, account);
  },
  'workload-with-account': (stage) => {
    const { random } = stage;
    const { kind, app } = stage.privileged();
    const by = stage.as(stage.person('developer', 'admin'), random.chance(0.6));
    const name = random.pick(['cache-warmer', 'netcheck', 'web-sync']);
    const planted = plant(stage, by, { ...app, name, account: kind.name, kind: 'deployments', image: random.pick(names.foreignImages), secrets: [], replicas: 1 });
    pause(stage);
    probe(stage, planted, kind.namespace);
    sweep(stage, planted);
  },
  'exec-then-account': (stage) => {
    const { random } = stage;
    const app = stage.app();
    const pod = random.pick(app.pods);
    const by = stage.as(stage.person('developer', 'admin'), random.chance(0.6));
    stage.do(by, { verb: 'get', resource: 'pods', namespace: app.namespace, name: pod.name });
    stage.do(by, execInto(app.namespace, pod.name, random.pick([['sh'], ['bash'], ['cat', '/var/run/secrets/kubernetes.io/serviceaccount/token']])));
    stage.wait(10_000, 10 * minute);
    const inside = podCaller({ namespace: app.namespace, account: app.name, agent: random.pick(shells) }, pod);
    probe(stage, inside, app.namespace);
    lookForSecrets(stage, inside, app.namespace);
  },
  'guessed-then-used': (stage) => {
    const { random } = stage;
    const address = stage.foreign();
    const agent = random.pick(names.attackAgents);
    for (let left = random.int(8, 60); left > 0; left--) stage.do({ user: {}, address, agent }, { verb: 'list', resource: random.pick(['secrets', 'pods']), namespace: 'default', code: 401 }, 900);
    stage.wait(10_000, 20 * minute);
    const app = stage.app(({ talk }) => talk !== 'nothing');
    const caller = tokenCaller({ namespace: app.namespace, account: app.name, agent }, { credential: random.pick(app.pods).credential, address });
    probe(stage, caller, app.namespace);
    lookForSecrets(stage, caller, app.namespace);
  },
  /** A mapping of roles that is changed through AWS is not in this log: the same access key comes under another name. */
  'one-key-two-names': (stage) => {
    const { random, setting: { layout, kubeletVersion } } = stage;
    const node = nodeCaller(random.pick(layout.nodes), kubeletVersion);
    const thief = { ...node, agent: random.pick(shells), ...(random.chance(0.6) ? { address: stage.foreign() } : {}) };
    lookForSecrets(stage, thief, random.pick(namespacesOf(layout, 'production')));
    pause(stage);
    const renamed = { ...thief, user: { ...thief.user, username: random.pick(['cluster-support', 'break-glass', 'ops']), groups: ['system:masters', 'system:authenticated'] } };
    sweep(stage, renamed);
  },
  'mapped-then-acts': (stage) => {
    const { random } = stage;
    const by = stage.as(stage.person('admin'), random.chance(0.7));
    const aim = { resource: 'configmaps', namespace: 'kube-system', name: 'aws-auth' } as const;
    const role = { account: random.letters('123456789', 12), role: random.pick(['support', 'partner-ops', 'vendor-access']), session: random.pick(['support-desk', 'i.brandt', 'ops-shift']) };
    const mapRoles = `- groups:\n  - system:bootstrappers\n  - system:nodes\n  rolearn: arn:aws:iam::${nodeAccount}:role/eks-node-group\n  username: system:node:{{EC2PrivateDNSName}}\n- groups:\n  - system:masters\n  rolearn: arn:aws:iam::${role.account}:role/${role.role}\n  username: ${role.role}\n`;
    stage.do(by, { verb: 'get', ...aim });
    stage.do(by, { verb: random.pick(['patch', 'update']), ...aim, body: { kind: 'ConfigMap', data: { mapRoles } } });
    pause(stage);
    const mapped = { user: roleUser({ ...role, group: 'system:masters', username: role.role }, random), address: stage.foreign(), agent: random.pick(names.attackAgents) };
    stage.do(mapped, { verb: 'list', resource: `${rbac}/clusterrolebindings` });
    sweep(stage, mapped);
  },
  'impersonation-chain': (stage) => {
    const { random } = stage;
    const [first, second] = [stage.privileged(), stage.privileged()].map(({ kind: { namespace, name } }) => ({ namespace, account: name }));
    if (!first || !second) return;
    const by = stage.as(stage.person('admin'), random.chance(0.7));
    const as = serviceAccountUser(first);
    stage.do(by, { verb: 'list', resource: 'serviceaccounts', namespace: second.namespace, as });
    const minted = mint(stage, by, second, as);
    pause(stage);
    for (const resource of random.some(['secrets', 'nodes', 'configmaps', 'pods'], random.int(1, 3))) stage.do(minted, { verb: 'list', resource, as: powers });
    sweep(stage, minted);
  },
};
