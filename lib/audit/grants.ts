import * as z from 'zod';
import type { ApiRequest } from './request.ts';

const bindings = /^rbac\.authorization\.k8s\.io\/(clusterrolebindings|rolebindings)$/;
const subject = z.object({ kind: z.string().catch(''), name: z.string().catch(''), namespace: z.string().nullish().catch(undefined) });
const bindingSchema = z.object({ subjects: z.array(subject).nullish().catch(undefined) });
const mappingSchema = z.object({ data: z.record(z.string(), z.unknown()).nullish().catch(undefined) });

/** A binding with more subjects names nobody in particular. */
const maxSubjects = 20;
const maxMappedRoles = 50;

/**
 * Gives the Kubernetes user names to which a request's role binding gives rights, service accounts among them. Groups
 * are left: rights of many lead to nobody in particular.
 */
export function boundUsers({ resource, namespace, body }: ApiRequest): string[] {
  if (!bindings.test(resource)) return [];
  const subjects = bindingSchema.safeParse(body).data?.subjects ?? [];
  return subjects.slice(0, maxSubjects).flatMap((one) => {
    if (one.kind === 'ServiceAccount') return [serviceAccountUser(one.namespace ?? namespace, one.name)];
    return one.kind === 'User' ? [one.name] : [];
  });
}

/** Gives the user name of a service account. */
export function serviceAccountUser(namespace: string, name: string): string {
  return `system:serviceaccount:${namespace}:${name}`;
}

/**
 * Gives the AWS roles, as `ACCOUNT/NAME`, that a request's change of the config map `aws-auth` maps to cluster rights.
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/auth-configmap.html
 */
export function mappedRoles({ resource, namespace, name, body }: ApiRequest): string[] {
  if (resource !== 'configmaps' || namespace !== 'kube-system' || name !== 'aws-auth') return [];
  const text = mappingSchema.safeParse(body).data?.data?.['mapRoles'];
  if (typeof text !== 'string') return [];
  return [...text.matchAll(/arn:[a-z-]+:iam::(\d+):role\/([\w+=,.@/-]+)/g)].slice(0, maxMappedRoles).map(([, account = '', role = '']) => `${account}/${role}`);
}
