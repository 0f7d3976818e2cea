import { expect, test } from '@jest/globals';
import { newImage } from '../../../lib/detectors/new-image.ts';
import { apiRequest } from '../requests.ts';
import { brokenBodies, testActs } from './verdicts.ts';

const run = (...images: unknown[]) => ({ verb: 'create', resource: 'pods', namespace: 'shop', body: { spec: { containers: images.map((image) => ({ name: 'x', image })) } } });

testActs(newImage, {
  hits: [
    ['a registry of one\'s own', run('123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/cart:1'), ['123456789012.dkr.ecr.eu-west-1.amazonaws.com']],
    ['an account at a shared registry', run('ghcr.io/somebody/tool@sha256:00'), ['ghcr.io/somebody']],
    ['an account at Docker Hub', run('somebody/tool:latest'), ['docker.io/somebody']],
    ['an official image', run('busybox'), ['docker.io/library']],
    ['a registry with a port', run('registry.example.com:5000/tool'), ['registry.example.com']],
    ['each publisher once', run('quay.io/one/a', 'quay.io/one/b:2', 'quay.io/two/a'), ['quay.io/one', 'quay.io/two']],
    ['the image of an init container', { ...run('busybox'), body: { spec: { initContainers: [{ image: 'quay.io/one/a' }] } } }, ['quay.io/one']],
    ['a readable image beside a broken one', run(5, 'quay.io/one/a'), ['quay.io/one']],
  ],
  misses: [
    ['a pod that was refused', { ...run('quay.io/one/a'), outcome: 'refused', code: 403 }],
    ['a pod read', { ...run('quay.io/one/a'), verb: 'get' }],
    ['another object with containers', { ...run('quay.io/one/a'), resource: 'example.com/things' }],
    ['an empty image', run('')],
    ...brokenBodies.slice(0, -2).map(([title, body]) => [title, { ...run(), body }] as const),
  ],
});

test('takes who publishes an image into account', () => {
  const likely = (image: string) => newImage.detect(apiRequest(run(image)))[0]?.prior ?? 0;
  expect(likely('quay.io/minio/minio:1')).toBeGreaterThan(likely('quay.io/somebody/minio:1'));
  expect(likely('602401143452.dkr.ecr.eu-west-1.amazonaws.com/eks/pause:3')).toBeGreaterThan(likely('123456789012.dkr.ecr.eu-west-1.amazonaws.com/eks/pause:3'));
  expect(likely('203.0.113.9:5000/x')).toBeLessThan(likely('registry.example.com:5000/x'));
});
