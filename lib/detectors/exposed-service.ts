import * as z from 'zod';
import { objectName } from '../audit/pod-spec.ts';
import type { ActDetector } from './detector.ts';

const service = z.object({
  metadata: z.object({ annotations: z.record(z.string(), z.string()).nullish().catch(undefined) }).nullish().catch(undefined),
  spec: z.object({
    type: z.string().optional().catch(undefined),
    externalIPs: z.array(z.string()).nullish().catch(undefined),
    loadBalancerSourceRanges: z.array(z.string()).nullish().catch(undefined),
    ports: z.array(z.object({ port: z.number().catch(0), targetPort: z.union([z.number(), z.string()]).optional().catch(undefined) })).nullish().catch(undefined),
  }).nullish().catch(undefined),
});
type Service = z.output<typeof service>;

/** Databases, dashboards and brokers: nothing of these is for the internet. */
const sensitivePorts = new Set([1433, 1521, 2375, 2376, 2379, 3000, 3306, 5432, 5601, 5672, 6379, 8001, 8088, 8443, 8888, 9000, 9042, 9090, 9092, 9200, 10250, 11211, 15672, 27017]);
const sensitiveName = /dashboard|kubeflow|jupyter|notebook|postgres|mysql|mongo|redis|elastic|kibana|grafana|prometheus|argocd|vault|rabbit|kafka|phpmyadmin|minio|airflow|jenkins/i;
/** What is meant for all comes in here. */
const webPorts = new Set([80, 443]);
/** Annotations by which a load balancer stays inside. Source: https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/ */
const internalScheme: Record<string, string> = {
  'service.beta.kubernetes.io/aws-load-balancer-internal': 'true',
  'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internal',
};

/** A service opened to the outside by one that does not open any. */
export const exposedService: ActDetector = {
  kind: 'act',
  id: 'exposed-service',
  category: 'exfil-egress',
  techniques: ['T1133', 'T1048'],
  check: 'See what can be reached through it, and close it unless somebody can say why it is open',
  innocent: 'The first launch of something meant for the public.',
  detect(request) {
    if (request.resource !== 'services' || request.outcome !== 'ok' || !['create', 'update', 'patch'].includes(request.verb)) return [];
    const parsed = service.safeParse(request.body);
    const opening = parsed.success ? openingOf(parsed.data) : undefined;
    if (!opening) return [];
    const name = objectName(request);
    const isSensitive = sensitiveName.test(name) || (parsed.data?.spec?.ports ?? []).some(({ port, targetPort }) => sensitivePorts.has(port) || sensitivePorts.has(Number(targetPort)));
    const isWeb = opening === 'a load balancer' && (parsed.data?.spec?.ports ?? []).every(({ port }) => webPorts.has(port));
    const prior = isSensitive ? 0.002 : opening === 'a limited load balancer' || isWeb ? 0.05 : 0.01;
    return [{ value: `${opening} in ${request.namespace}`, ...(isSensitive ? { grade: 'sensitive' } : {}), prior, words: `opened the service ${name} of ${request.namespace} to the outside by ${opening}` }];
  },
};

function openingOf({ metadata, spec }: Service): string | undefined {
  if ((spec?.externalIPs ?? []).length > 0) return 'external addresses';
  if (spec?.type === 'NodePort') return 'a port of every node';
  if (spec?.type !== 'LoadBalancer') return undefined;
  if (Object.entries(internalScheme).some(([key, value]) => metadata?.annotations?.[key] === value)) return undefined;
  const ranges = spec.loadBalancerSourceRanges ?? [];
  return ranges.length > 0 && !ranges.some((range) => range.endsWith('/0')) ? 'a limited load balancer' : 'a load balancer';
}
