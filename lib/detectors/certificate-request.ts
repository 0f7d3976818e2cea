import * as z from 'zod';
import { isCreation, type ApiRequest } from '../audit/request.ts';
import type { ActDetector } from './detector.ts';

const statusSchema = z.object({ status: z.object({ conditions: z.array(z.object({ type: z.string().catch('') })) }) });
const bodySchema = z.object({ spec: z.object({ request: z.string().catch(''), signerName: z.string().catch('') }) });

/** Names in a certificate's subject that rule the cluster. */
const powerfulSubject = /system:(masters|node|kube-controller-manager|kube-scheduler|admin)/;
const clientSigner = 'kubernetes.io/kube-apiserver-client';
/** Certificates by which nobody can call the API server. Source: https://kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests/#signers */
const servingSigner = /^(?!kubernetes\.io\/|beta\.eks\.amazonaws\.com\/)|^kubernetes\.io\/kubelet-serving$|^beta\.eks\.amazonaws\.com\/app-serving$/;

/** A certificate asked for, approved or deleted by one that does not handle certificates. */
export const certificateRequest: ActDetector = {
  kind: 'act',
  id: 'certificate-request',
  category: 'credential-abuse',
  techniques: ['T1098', 'T1649'],
  check: 'See whom the certificate names; EKS issues none for clients, so a request for one is an attempt',
  innocent: 'A colleague who follows an old guide to make a certificate for a new user.',
  detect(request) {
    const { resource, verb, name, outcome } = request;
    if (!/^certificates\.k8s\.io\/certificatesigningrequests(\/approval)?$/.test(resource) || outcome === 'missing') return [];
    const refused = outcome === 'refused' ? ' (refused)' : '';
    if (resource.endsWith('/approval')) return [isDenial(request) ? { value: `deny${refused}`, prior: 0.1, words: `denied the certificate request ${name}${refused}` } : { value: `approve${refused}`, grade: 'approval', prior: 0.001, words: `approved the certificate request ${name}${refused}` }];
    if (isCreation(request)) return [creation(request, refused)];
    return ['update', 'patch', 'delete', 'deletecollection'].includes(verb) ? [{ value: `${verb}${refused}`, prior: 0.02, words: `changed (${verb}) the certificate request ${name}${refused}` }] : [];
  },
};

function isDenial({ body }: ApiRequest): boolean {
  const conditions = statusSchema.safeParse(body).data?.status.conditions ?? [];
  return conditions.some(({ type }) => type === 'Denied') && !conditions.some(({ type }) => type === 'Approved');
}

function creation({ body }: ApiRequest, refused: string): ReturnType<ActDetector['detect']>[number] {
  const { request = '', signerName = '' } = bodySchema.safeParse(body).data?.spec ?? {};
  const [powerful] = powerfulSubject.exec(textOf(request)) ?? [];
  if (powerful !== undefined) return { value: `${powerful}${refused}`, grade: 'power', prior: 0.0005, words: `asked for a certificate in the name of ${powerful}${refused}` };
  const isClient = signerName === clientSigner;
  return { value: `create ${signerName}${refused}`, ...(isClient ? { grade: 'client' } : {}), prior: isClient ? 0.005 : signerName !== '' && servingSigner.test(signerName) ? 0.3 : 0.03, words: `asked for a certificate by ${signerName || 'an unknown signer'}${refused}` };
}

/** The request is base64 of PEM, so base64 within base64; a subject's names stand in its bytes as they are. */
function textOf(request: string): string {
  const pem = Buffer.from(request.slice(0, 20_000), 'base64').toString('latin1');
  const inner = pem.replace(/-----[^-]+-----/g, '').replace(/\s/g, '');
  return Buffer.from(inner, 'base64').toString('latin1');
}
