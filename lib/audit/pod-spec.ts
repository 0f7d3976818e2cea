import * as z from 'zod';
import type { ApiRequest } from './request.ts';

const texts = z.array(z.string()).nullish().catch(undefined);
const securityContext = z.object({
  privileged: z.boolean().nullish().catch(undefined),
  allowPrivilegeEscalation: z.boolean().nullish().catch(undefined),
  capabilities: z.object({ add: texts }).nullish().catch(undefined),
}).nullish().catch(undefined);
const container = z.object({ name: z.string().catch(''), image: z.string().catch(''), command: texts, args: texts, securityContext });
const containers = z.array(container).nullish().catch(undefined);
const flag = z.boolean().nullish().catch(undefined);
const podSpecSchema = z.object({
  containers,
  initContainers: containers,
  ephemeralContainers: containers,
  hostPID: flag,
  hostNetwork: flag,
  hostIPC: flag,
  shareProcessNamespace: flag,
  volumes: z.array(z.object({ hostPath: z.object({ path: z.string() }).nullish().catch(undefined) })).nullish().catch(undefined),
  serviceAccountName: z.string().nullish().catch(undefined),
});

/** What a pod's specification may say, as far as detectors look at it. Fields of another type count as absent. */
export type PodSpec = z.output<typeof podSpecSchema>;
export type Container = z.output<typeof container>;

const metadata = z.object({ name: z.string().catch(''), generateName: z.string().catch('') }).partial().nullish().catch(undefined);
const named = z.object({ metadata });
const podTemplate = z.object({ spec: z.object({ template: z.object({ spec: podSpecSchema }) }) });
const cronJob = z.object({ spec: z.object({ jobTemplate: podTemplate }) });
const pod = z.object({ spec: podSpecSchema });

const workloads = new Set(['pods', 'apps/deployments', 'apps/daemonsets', 'apps/statefulsets', 'apps/replicasets', 'batch/jobs', 'batch/cronjobs', 'replicationcontrollers', 'pods/ephemeralcontainers']);

/** Whether a request writes a pod or something that makes pods. */
export function writesWorkload({ verb, resource }: ApiRequest): boolean {
  return ['create', 'update', 'patch'].includes(verb) && workloads.has(resource);
}

/**
 * Gives the specification of the pods that a request's body would make: of a pod itself, or of the template within a
 * Deployment, Job, CronJob and the like; `undefined` when the body has none. A patch's body is a part of the object.
 */
export function podSpecOf(request: ApiRequest): PodSpec | undefined {
  if (!writesWorkload(request)) return undefined;
  const inCronJob = cronJob.safeParse(request.body);
  if (inCronJob.success) return inCronJob.data.spec.jobTemplate.spec.template.spec;
  const inTemplate = podTemplate.safeParse(request.body);
  if (inTemplate.success) return inTemplate.data.spec.template.spec;
  const own = pod.safeParse(request.body);
  return own.success ? own.data.spec : undefined;
}

/** Gives the name of the object a request is about: from its path, or else from its body. */
export function objectName(request: ApiRequest): string {
  if (request.name !== '') return request.name;
  const meta = named.safeParse(request.body).data?.metadata;
  return meta?.name || meta?.generateName || '';
}

/** Gives all containers of a pod: ordinary, init and ephemeral ones. */
export function containersOf(spec: PodSpec): Container[] {
  return [...(spec.containers ?? []), ...(spec.initContainers ?? []), ...(spec.ephemeralContainers ?? [])];
}

/** Gives what a container runs, in one text. */
export function commandOf({ command, args }: Container): string {
  return [...(command ?? []), ...(args ?? [])].join(' ');
}
