import * as z from 'zod';
import { objectName } from '../audit/pod-spec.ts';
import type { ActDetector } from './detector.ts';

const backend = z.object({ service: z.object({ name: z.string().catch('') }).nullish().catch(undefined) }).nullish().catch(undefined);
const ingress = z.object({
  spec: z.object({
    tls: z.array(z.unknown()).nullish().catch(undefined),
    defaultBackend: backend,
    rules: z.array(z.object({ http: z.object({ paths: z.array(z.object({ backend })).catch([]) }).nullish().catch(undefined) })).nullish().catch(undefined),
  }),
});

const sensitiveName = /dashboard|kubeflow|jupyter|notebook|kibana|grafana|prometheus|argocd|vault|phpmyadmin|airflow|jenkins/i;

/** A way in from outside without encryption, or to a dashboard. */
export const exposedIngress: ActDetector = {
  kind: 'act',
  id: 'exposed-ingress',
  category: 'exfil-egress',
  techniques: ['T1133', 'T1040'],
  check: 'See what can be reached through it; give it TLS or close it',
  innocent: 'A new page for the public, whose encryption ends at the load balancer.',
  detect(request) {
    if (!/^(networking\.k8s\.io|extensions)\/ingresses$/.test(request.resource) || request.outcome !== 'ok' || !['create', 'update', 'patch'].includes(request.verb)) return [];
    const parsed = ingress.safeParse(request.body);
    if (!parsed.success) return [];
    const { tls, defaultBackend, rules } = parsed.data.spec;
    const services = [defaultBackend, ...(rules ?? []).flatMap(({ http }) => http?.paths.map((path) => path.backend) ?? [])].map((one) => one?.service?.name ?? '');
    const name = objectName(request);
    if ([name, ...services].some((text) => sensitiveName.test(text))) return [{ value: request.namespace, grade: 'dashboard', prior: 0.003, words: `opened a way from outside to a dashboard of ${request.namespace} (ingress ${name})` }];
    // A patch says nothing of what it leaves.
    const isPlain = request.verb === 'patch' ? tls === null || tls?.length === 0 : (tls ?? []).length === 0;
    return isPlain ? [{ value: `without TLS in ${request.namespace}`, prior: 0.01, words: `opened a way from outside without TLS in ${request.namespace} (ingress ${name})` }] : [];
  },
};
