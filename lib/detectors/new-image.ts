import { containersOf, podSpecOf } from '../audit/pod-spec.ts';
import type { ActDetector } from './detector.ts';

/** Registries where everybody has a corner: whose image it is stands in the path's first part. */
const sharedRegistries = new Set(['docker.io', 'ghcr.io', 'quay.io', 'gcr.io', 'public.ecr.aws', 'registry.gitlab.com', 'registry.k8s.io', 'mcr.microsoft.com']);

/** AWS's own accounts. Source: https://docs.aws.amazon.com/eks/latest/userguide/add-ons-images.html */
const addOnRegistry = /^(602401143452|877085696533|800184023465|533267051163|296578399912|900889452093|491585149902|151610086707|333609536671|121268973566|918309763551|961992271922)\.dkr\.ecr\.[a-z0-9-]{5,20}\.amazonaws\.com(\.cn)?$/;
const address = /^[\d.]+$|^\[/;

/** A container image from a publisher that this identity, and the cluster, has not used before. */
export const newImage: ActDetector = {
  kind: 'act',
  id: 'new-image',
  category: 'execution',
  techniques: ['T1610', 'T1204.003'],
  check: 'See whether the image is yours, and what it does',
  innocent: 'An application that moves to another registry, or a new third-party tool.',
  ofCluster: true,
  detect(request) {
    if (request.outcome !== 'ok') return [];
    const spec = podSpecOf(request);
    const images = spec ? containersOf(spec).map(({ image }) => image).filter((image) => image !== '') : [];
    const byPublisher = new Map(images.map((image) => [publisherOf(image), image]));
    return [...byPublisher].map(([publisher, image]) => ({ value: publisher, prior: priorOf(publisher, image), words: `used the image ${image}, of a new publisher (${publisher})` }));
  },
};

/** A registry without a name is nobody's; a project that publishes under its own name is at least known to the world. */
function priorOf(publisher: string, image: string): number {
  if (address.test(publisher)) return 0.005;
  const [name = ''] = (image.split('/').at(-1) ?? '').split(/[:@]/);
  const isProject = publisher.includes('/') && publisher.endsWith(`/${name}`);
  return addOnRegistry.test(publisher) || isProject ? 0.25 : 0.05;
}

/** The registry, and for a shared one the account in it. Source: https://docs.docker.com/reference/cli/docker/image/tag/ */
function publisherOf(image: string): string {
  const parts = image.replace(/@.*$/, '').split('/');
  const [first = ''] = parts;
  const hasRegistry = parts.length > 1 && (first.includes('.') || first.includes(':') || first === 'localhost');
  const registry = hasRegistry ? first.replace(/:\d+$/, '') : 'docker.io';
  const path = hasRegistry ? parts.slice(1) : parts;
  if (!sharedRegistries.has(registry)) return registry;
  return `${registry}/${path.length > 1 ? (path[0] ?? '') : 'library'}`;
}
