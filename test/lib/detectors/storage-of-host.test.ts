import { storageOfHost } from '../../../lib/detectors/storage-of-host.ts';
import { testActs } from './verdicts.ts';

const volume = { verb: 'create', resource: 'persistentvolumes', namespace: '', name: 'x', body: { spec: { hostPath: { path: '/' } } } };

testActs(storageOfHost, {
  hits: [
    ['a directory of a node', volume, ['create persistentvolumes ']],
    ['one by a patch', { ...volume, verb: 'patch' }, ['patch persistentvolumes ']],
  ],
  misses: [
    ['a disk', { ...volume, body: { spec: { csi: { driver: 'ebs.csi.aws.com' } } } }],
    ['a volume whose body was not kept', { ...volume, body: undefined }],
    ['a body that is a text', { ...volume, body: 'hostPath' }],
    ['a specification that is null', { ...volume, body: { spec: null } }],
    ['a claim', { ...volume, resource: 'persistentvolumeclaims' }],
  ],
});
