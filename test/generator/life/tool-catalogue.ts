/** What a tool does besides watching; see tool-habits.ts. */
export type Habit = 'sync-secrets' | 'backup' | 'scan' | 'policy' | 'mesh' | 'scale-nodes' | 'reconcile' | 'certificates' | 'metrics' | 'ask-pods' | 'reviews' | 'ingress';

/** An operator or controller as one installs it. */
export interface ToolKind {
  readonly name: string;
  readonly namespace: string;
  readonly agent: string;
  readonly watches: readonly string[];
  readonly habits: readonly Habit[];
  /** Its own kinds. */
  readonly own?: readonly string[];
  readonly kind?: 'deployments' | 'daemonsets';
  /** What it makes in each namespace that appears. */
  readonly makes?: readonly { readonly resource: string; readonly name: string }[];
}

const client = (name: string, version: string): string => `${name}/${version} (linux/amd64) kubernetes/$Format`;
const kinds = (text: string): readonly string[] => text.split(' ');
const everything = kinds('pods services configmaps serviceaccounts endpoints persistentvolumeclaims apps/deployments apps/daemonsets apps/statefulsets apps/replicasets batch/jobs batch/cronjobs networking.k8s.io/ingresses networking.k8s.io/networkpolicies rbac.authorization.k8s.io/roles rbac.authorization.k8s.io/rolebindings');

/** Always there on EKS. */
export const basics: readonly ToolKind[] = [
  { name: 'aws-node', namespace: 'kube-system', agent: client('aws-k8s-agent', 'v1.19.0'), watches: kinds('crd.k8s.amazonaws.com/eniconfigs nodes'), habits: [], kind: 'daemonsets' },
  { name: 'kube-proxy', namespace: 'kube-system', agent: client('kube-proxy', 'v1.30.1'), watches: kinds('services discovery.k8s.io/endpointslices nodes'), habits: [], kind: 'daemonsets' },
  { name: 'coredns', namespace: 'kube-system', agent: client('coredns', 'v1.11.3'), watches: kinds('services discovery.k8s.io/endpointslices namespaces'), habits: [] },
  { name: 'ebs-csi-controller-sa', namespace: 'kube-system', agent: client('csi-provisioner', 'v5.1.0'), watches: kinds('persistentvolumeclaims persistentvolumes storage.k8s.io/storageclasses'), habits: [] },
];

/** Of these each cluster has some. */
export const optional: readonly ToolKind[] = [
  { name: 'external-secrets', namespace: 'external-secrets', agent: client('external-secrets', 'v0.10.4'), watches: kinds('secrets'), own: kinds('external-secrets.io/externalsecrets external-secrets.io/secretstores'), habits: ['sync-secrets', 'reconcile'], makes: [{ resource: 'secrets', name: 'registry-pull' }] },
  { name: 'velero', namespace: 'velero', agent: client('velero-server', 'v1.14.1'), watches: kinds('pods persistentvolumes'), own: kinds('velero.io/backups'), habits: ['backup', 'reconcile'] },
  { name: 'trivy-operator', namespace: 'trivy-system', agent: client('trivy-operator', 'v0.22.0'), watches: kinds('pods apps/replicasets batch/jobs'), own: kinds('aquasecurity.github.io/vulnerabilityreports aquasecurity.github.io/configauditreports'), habits: ['scan', 'reconcile'] },
  { name: 'kyverno-background-controller', namespace: 'kyverno', agent: client('kyverno', 'v1.12.5'), watches: kinds('namespaces configmaps'), own: kinds('kyverno.io/updaterequests reports.kyverno.io/ephemeralreports'), habits: ['policy', 'reviews', 'reconcile'], makes: [{ resource: 'networking.k8s.io/networkpolicies', name: 'default-deny' }, { resource: 'resourcequotas', name: 'default' }, { resource: 'limitranges', name: 'default' }] },
  { name: 'gatekeeper-admin', namespace: 'gatekeeper-system', agent: client('gatekeeper', 'v3.16.3'), watches: kinds('namespaces'), own: kinds('status.gatekeeper.sh/constraintpodstatuses constraints.gatekeeper.sh/k8srequiredlabels'), habits: ['policy', 'reconcile'] },
  { name: 'istiod', namespace: 'istio-system', agent: client('pilot-discovery', 'v1.22.3'), watches: kinds('pods services endpoints nodes namespaces configmaps secrets'), own: kinds('networking.istio.io/virtualservices security.istio.io/peerauthentications'), habits: ['mesh', 'reviews'], makes: [{ resource: 'configmaps', name: 'istio-ca-root-cert' }] },
  { name: 'karpenter', namespace: 'karpenter', agent: client('karpenter', 'v1.0.2'), watches: kinds('nodes pods policy/poddisruptionbudgets storage.k8s.io/csinodes'), own: kinds('karpenter.sh/nodeclaims karpenter.sh/nodepools'), habits: ['scale-nodes', 'reconcile'] },
  { name: 'cluster-autoscaler', namespace: 'kube-system', agent: client('cluster-autoscaler', 'v1.30.2'), watches: kinds('nodes pods apps/replicasets policy/poddisruptionbudgets'), habits: ['scale-nodes'] },
  { name: 'cert-manager', namespace: 'cert-manager', agent: client('cert-manager-certificates-issuing', 'v1.15.3'), watches: kinds('secrets networking.k8s.io/ingresses'), own: kinds('cert-manager.io/certificates cert-manager.io/certificaterequests'), habits: ['certificates', 'reconcile'] },
  { name: 'prometheus-k8s', namespace: 'monitoring', agent: 'Prometheus/2.54.1', watches: kinds('pods services endpoints nodes'), habits: ['metrics'] },
  { name: 'kube-state-metrics', namespace: 'monitoring', agent: client('kube-state-metrics', 'v2.13.0'), watches: [...everything, 'secrets', 'nodes', 'namespaces'], habits: [] },
  { name: 'datadog-cluster-agent', namespace: 'datadog', agent: client('datadog-cluster-agent', 'v7.56.0'), watches: kinds('pods services nodes apps/deployments apps/replicasets rbac.authorization.k8s.io/clusterroles'), habits: ['metrics', 'reviews'] },
  { name: 'fluent-bit', namespace: 'logging', agent: 'Fluent-Bit', watches: [], habits: ['ask-pods'], kind: 'daemonsets' },
  { name: 'ingress-nginx', namespace: 'ingress-nginx', agent: client('nginx-ingress-controller', 'v1.11.2'), watches: kinds('services secrets networking.k8s.io/ingresses'), habits: ['ingress'] },
  { name: 'aws-load-balancer-controller', namespace: 'kube-system', agent: client('elbv2.k8s.aws', 'v2.8.2'), watches: kinds('services networking.k8s.io/ingresses endpoints'), own: kinds('elbv2.k8s.aws/targetgroupbindings'), habits: ['ingress', 'reconcile'] },
  { name: 'argocd-application-controller', namespace: 'argocd', agent: client('argocd-application-controller', 'v2.12.3'), watches: [...everything, 'secrets'], own: kinds('argoproj.io/applications'), habits: ['reconcile'] },
  { name: 'kustomize-controller', namespace: 'flux-system', agent: client('kustomize-controller', 'v1.3.0'), watches: kinds('secrets'), own: kinds('kustomize.toolkit.fluxcd.io/kustomizations'), habits: ['reconcile'] },
  { name: 'crossplane', namespace: 'crossplane-system', agent: client('crossplane', 'v1.16.0'), watches: kinds('secrets apiextensions.k8s.io/customresourcedefinitions'), own: kinds('pkg.crossplane.io/providerrevisions apiextensions.crossplane.io/compositions s3.aws.upbound.io/buckets'), habits: ['reconcile'] },
  { name: 'keda-operator', namespace: 'keda', agent: client('keda', 'v2.15.1'), watches: kinds('apps/deployments autoscaling/horizontalpodautoscalers secrets'), own: kinds('keda.sh/scaledobjects'), habits: ['reconcile'] },
  { name: 'metrics-server', namespace: 'kube-system', agent: client('metrics-server', 'v0.7.1'), watches: kinds('pods nodes'), habits: ['reviews'] },
  { name: 'external-dns', namespace: 'kube-system', agent: client('external-dns', 'v0.14.2'), watches: kinds('services networking.k8s.io/ingresses nodes'), habits: [] },
  { name: 'reloader', namespace: 'tools', agent: client('Reloader', 'v1.0.121'), watches: kinds('secrets configmaps apps/deployments'), habits: [] },
];
