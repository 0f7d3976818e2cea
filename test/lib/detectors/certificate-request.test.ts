import { certificateRequest } from '../../../lib/detectors/certificate-request.ts';
import { testActs } from './verdicts.ts';

/** A request as it stands in an object: base64 of PEM, which is base64 of bytes that hold the subject's names. */
const pem = (subject: string) => Buffer.from(`-----BEGIN CERTIFICATE REQUEST-----\n${Buffer.from(`\u0030\u0082${subject}\u0000`).toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`).toString('base64');
const asked = (subject: string, signerName: unknown = 'kubernetes.io/kubelet-serving') => ({
  verb: 'create', resource: 'certificates.k8s.io/certificatesigningrequests', namespace: '', name: 'x', code: 201, body: { spec: { request: pem(subject), signerName } },
});

testActs(certificateRequest, {
  hits: [
    ['one in the name of the masters', asked('O=system:masters'), ['power: system:masters']],
    ['a refused one', { ...asked('O=system:masters'), outcome: 'refused', code: 403 }, ['power: system:masters (refused)']],
    ['one for a client', asked('CN=bob', 'kubernetes.io/kube-apiserver-client'), ['client: create kubernetes.io/kube-apiserver-client']],
    ['another one', asked('CN=bob'), ['create kubernetes.io/kubelet-serving']],
    ['an approval', { ...asked(''), verb: 'update', resource: 'certificates.k8s.io/certificatesigningrequests/approval', code: 200 }, ['approval: approve']],
    ['a denial', { ...asked(''), verb: 'patch', resource: 'certificates.k8s.io/certificatesigningrequests/approval', code: 200, body: { status: { conditions: [{ type: 'Denied' }] } } }, ['deny']],
    ['an approval beside a denial', { ...asked(''), verb: 'update', resource: 'certificates.k8s.io/certificatesigningrequests/approval', code: 200, body: { status: { conditions: [{ type: 'Denied' }, { type: 'Approved' }, 7] } } }, ['approval: approve']],
    ['a deletion', { ...asked(''), verb: 'delete', code: 200 }, ['delete']],
    ['one without a body', { ...asked(''), body: undefined }, ['create ']],
    ['one of other types', { ...asked(''), body: { spec: { request: 7, signerName: [] } } }, ['create ']],
    ['one that is no base64', { ...asked(''), body: { spec: { request: '\u0000\ud800'.repeat(100_000), signerName: 'x' } } }, ['create x']],
  ],
  misses: [
    ['one read', { ...asked('O=system:masters'), verb: 'get', code: 200 }],
    ['its state written', { ...asked(''), verb: 'update', resource: 'certificates.k8s.io/certificatesigningrequests/status', code: 200 }],
    ['one that is not there', { ...asked(''), verb: 'delete', outcome: 'missing', code: 404 }],
    ['another group\'s kind', { ...asked(''), resource: 'cert-manager.io/certificaterequests' }],
  ],
});
