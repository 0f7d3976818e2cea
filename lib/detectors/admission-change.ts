import * as z from 'zod';
import type { ApiRequest } from '../audit/request.ts';
import { anyWrite, changeDetector } from './change.ts';

/** How a webhook is reached; by a service of the cluster, there is no URL. Source: https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/ */
const configuration = z.object({ webhooks: z.array(z.object({ clientConfig: z.object({ url: z.string().nullish().catch(undefined) }) }).catch({ clientConfig: {} })) });

/** A webhook or policy that judges every change was itself changed. */
export const admissionChange = changeDetector({
  id: 'admission-change',
  category: 'persistence',
  techniques: ['T1546', 'T1562.001'],
  check: 'See where the webhook sends requests, what it may change, and what happens when it fails',
  innocent: 'A policy engine or a service mesh that is installed or upgraded by hand.',
  resource: /^admissionregistration\.k8s\.io\//,
  verbs: anyWrite,
  prior: 0.002,
  words: 'an admission control',
  grave: { grade: 'outside', prior: 0.0002, words: 'a webhook that sends what is changed in the cluster to somewhere else', when: leavesCluster },
  when: ({ resource }) => !resource.endsWith('/status'),
});

/** A control plane's own webhooks are at the loopback address. */
function leavesCluster({ body }: ApiRequest): boolean {
  const urls = configuration.safeParse(body).data?.webhooks.flatMap(({ clientConfig }) => clientConfig.url ?? []) ?? [];
  return urls.some((url) => !/^https:\/\/(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])[:/?]/.test(url));
}
