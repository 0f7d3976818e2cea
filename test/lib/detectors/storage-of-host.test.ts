import { storageOfHost } from '../../../lib/detectors/storage-of-host.ts';
import { testActs } from './verdicts.ts';

const volume = { verb: 'create', resource: 'persistentvolumes', namespace: '', name: 'x', body: { spec: { hostPath: { path: '/' } } } };

testActs(storageOfHost, {
  hits: [
    ['the root of a node', volume, ['system: create persistentvolumes ']],
    ['a directory of data', { ...volume, body: { spec: { hostPath: { path: '/data/volumes' } } } }, ['create persistentvolumes ']],
    ['a path of another type', { ...volume, body: { spec: { hostPath: { path: 7 } } } }, ['create persistentvolumes ']],
    ['one by a patch', { ...volume, verb: 'patch' }, ['system: patch persistentvolumes ']],
  ],
  misses: [
    ['a disk', { ...volume, body: { spec: { csi: { driver: 'ebs.csi.aws.com' } } } }],
    ['a volume whose body was not kept', { ...volume, body: undefined }],
    ['a body that is a text', { ...volume, body: 'hostPath' }],
    ['a specification that is null', { ...volume, body: { spec: null } }],
    ['a claim', { ...volume, resource: 'persistentvolumeclaims' }],
  ],
});
