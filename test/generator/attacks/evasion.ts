import { namespacesOf } from '../layout.ts';
import type { Attack } from './stage.ts';

/** What stands in an intruder's way is taken away. */
export const evasionAttacks: Readonly<Record<string, Attack>> = {
  'policy-removed': (stage) => {
    const { random } = stage;
    const kind = random.pick(['validatingwebhookconfigurations', 'mutatingwebhookconfigurations']);
    const name = random.pick(['kyverno-resource-validating-webhook-cfg', 'gatekeeper-validating-webhook-configuration', 'image-policy']);
    const aim = { resource: `admissionregistration.k8s.io/${kind}`, name } as const;
    const caller = stage.as(stage.person('admin'));
    stage.do(caller, { verb: 'get', ...aim });
    stage.do(caller, random.chance(0.5) ? { verb: 'delete', ...aim, body: { kind: 'DeleteOptions' } } : { verb: 'patch', ...aim, body: { webhooks: [{ name: 'validate.example.io', failurePolicy: 'Ignore', namespaceSelector: { matchLabels: { never: 'true' } } }] } });
  },
  'pod-security-loosened': (stage) => {
    const namespace = stage.random.pick(namespacesOf(stage.setting.layout, 'production', 'test'));
    stage.do(stage.as(stage.person('admin')), { verb: 'patch', resource: 'namespaces', name: namespace, body: { metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } } } });
  },
  /** Names that answer with another's address: the body of the config map is not in the log. */
  'dns-rewritten': (stage) => {
    const aim = { resource: 'configmaps', namespace: 'kube-system', name: 'coredns' } as const;
    const caller = stage.as(stage.person('admin'));
    stage.do(caller, { verb: 'get', ...aim });
    stage.do(caller, { verb: stage.random.pick(['patch', 'update']), ...aim });
  },
};
