import * as z from 'zod';
import type { ApiRequest } from './request.ts';

const texts = z.array(z.string()).nullish().catch(undefined);
const securityContext = z.object({
  privileged: z.boolean().nullish().catch(undefined),
  allowPrivilegeEscalation: z.boolean().nullish().catch(undefined),
  capabilities: z.object({ add: texts }).nullish().catch(undefined),
}).nullish().catch(undefined);
const handler = z.object({ exec: z.object({ command: texts }).nullish().catch(undefined) }).nullish().catch(undefined);
const lifecycle = z.object({ postStart: handler, preStop: handler }).nullish().catch(undefined);
const container = z.object({
  name: z.string().catch(''),
  image: z.string().catch(''),
  command: texts,
  args: texts,
  lifecycle,
  livenessProbe: handler,
  readinessProbe: handler,
  startupProbe: handler,
  securityContext,
});
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

const pairs = z.record(z.string(), z.unknown()).nullish().catch(undefined);
const marks = z.object({ labels: pairs, annotations: pairs }).nullish().catch(undefined);
const markedTemplate = z.object({ metadata: marks }).nullish().catch(undefined);
const markedJob = z.object({ spec: z.object({ template: markedTemplate }).nullish().catch(undefined) }).nullish().catch(undefined);
const marked = z.object({ metadata: marks, spec: z.object({ template: markedTemplate, jobTemplate: markedJob }).nullish().catch(undefined) });

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

const sensitiveHostPath = /^\/(?:|etc|root|home|proc|sys|dev|boot|usr|var|var\/run|run|var\/log|var\/lib|var\/lib\/(?:kubelet|docker|containerd|etcd))(?:\/.*)?$/;

/** Whether a directory of a node holds its system, or what others run there, and not just data. */
export function isSensitiveHostPath(path: string): boolean {
  return sensitiveHostPath.test(path);
}

/** Gives all containers of a pod: ordinary, init and ephemeral ones. */
export function containersOf(spec: PodSpec): Container[] {
  return [...(spec.containers ?? []), ...(spec.initContainers ?? []), ...(spec.ephemeralContainers ?? [])];
}

/** Gives what a container runs, in one text: its command, and those of its probes and hooks. */
export function commandOf({ command, args, lifecycle: hooks, livenessProbe, readinessProbe, startupProbe }: Container): string {
  const others = [hooks?.postStart, hooks?.preStop, livenessProbe, readinessProbe, startupProbe].map((one) => one?.exec?.command ?? []);
  return [[...(command ?? []), ...(args ?? [])], ...others].filter((words) => words.length > 0).map((words) => words.join(' ')).join(' ; ');
}

/** Gives the labels and annotations that a request writes to an object and to the pods that this makes, as pairs. */
export function marksOf({ body }: ApiRequest): [key: string, value: unknown][] {
  const { metadata: own, spec } = marked.safeParse(body).data ?? {};
  const inner = [own, spec?.template?.metadata, spec?.jobTemplate?.spec?.template?.metadata];
  return inner.flatMap((one) => [...Object.entries(one?.labels ?? {}), ...Object.entries(one?.annotations ?? {})]);
}
