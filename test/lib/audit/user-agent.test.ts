import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { userAgentOf } from '../../../lib/audit/user-agent.ts';

describe('reads', () => {
  test.each([
    ['kubectl/v1.33.2 (darwin/arm64) kubernetes/abcdef0', 'kubectl (darwin/arm64)', 'kubectl/v1.33'],
    ['kubelet/v1.34.2 (linux/amd64) kubernetes/c57ff46', 'kubelet (linux/amd64)', 'kubelet/v1.34'],
    ['Go-http-client/2.0', 'Go-http-client', 'Go-http-client/2.0'],
    ['curl/8.7.1', 'curl', 'curl/8.7'],
    ['argocd-application-controller/v0.0.0 (linux/arm64) kubernetes/$Format', 'argocd-application-controller (linux/arm64)', 'argocd-application-controller/v0.0'],
    ['Mozilla/5.0 (X11; Linux x86_64) Gecko', 'Mozilla (X11)', 'Mozilla/5.0'],
    ['tool/latest', 'tool', 'tool'],
    ['tool', 'tool', 'tool'],
    ['tool (', 'tool', 'tool'],
    ['', 'none', 'none'],
    ['  ', 'none', 'none'],
    ['/1.0', 'none', 'none'],
    ['(linux)', 'none', 'none'],
  ])('"%s"', (header, family, release) => { expect(userAgentOf(header)).toMatchObject({ family, release }); });

  test('no header', () => { expect(userAgentOf(undefined)).toEqual({ family: 'none', release: 'none', text: '' }); });
});

test('gives something short for anything', () => {
  fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.constant('('.repeat(100_000)), fc.constant(`x/${'1.'.repeat(100_000)}`)), (header) => {
    const { family, release, text } = userAgentOf(header);
    expect(text.length).toBeLessThanOrEqual(1024);
    expect(family.length > 0 && family.length <= 60 && release.length > 0 && release.length <= 60).toBe(true);
  }));
});
