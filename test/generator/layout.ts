import { publicBlock } from './addresses.ts';
import { podCaller } from './callers.ts';
import type { Caller } from './audit.ts';
import * as names from './names.ts';
import type { Random } from './random.ts';

export interface Node { readonly name: string; readonly instance: string; readonly address: string; readonly key: string; readonly podBlock: string }
export interface Pod { readonly name: string; readonly uid: string; readonly node: Node; readonly address: string; credential: string }
/** What an application says to the API server: most say nothing. */
export type Talk = 'nothing' | 'lease' | 'config' | 'endpoints' | 'own-secret' | 'pods' | 'jobs';

export interface App {
  readonly namespace: string;
  readonly name: string;
  /** Its service account, where that has another name. */
  readonly account?: string;
  readonly kind: 'deployments' | 'statefulsets' | 'daemonsets';
  readonly image: string;
  readonly secrets: readonly string[];
  readonly talk: Talk;
  readonly agent: string;
  readonly isDatabase: boolean;
  readonly replicas: number;
  /** Ending of the current ReplicaSet. */
  generation: string;
  revision: number;
  pods: Pod[];
}

export interface Namespace { readonly name: string; readonly kind: 'production' | 'test' | 'tool' | 'system' }

/** What there is in a cluster at a time. Names, sizes and addresses are drawn at random. */
export interface Layout {
  readonly cluster: string;
  readonly company: string;
  readonly account: string;
  readonly region: string;
  readonly registry: string;
  /** Where databases' images come from. */
  readonly databases: string;
  readonly version: string;
  readonly isPublic: boolean;
  /** Block of the office or the VPN's exit, from which everybody may come. */
  readonly offices: readonly string[];
  readonly controlPlane: string;
  readonly nodes: Node[];
  readonly namespaces: Namespace[];
  readonly apps: App[];
  readonly nodeBlock: string;
}

const talks: readonly (readonly [Talk, number])[] = [['nothing', 5], ['lease', 2], ['config', 2], ['endpoints', 1], ['own-secret', 1], ['pods', 1], ['jobs', 0.5]];
const appAgents = ['Go-http-client/2.0', 'kubernetes-client/12.0 java/17', 'Spring-Cloud-Kubernetes-Application', 'OpenAPI-Generator/29.0.0/python', 'app/v0.0.0 (linux/amd64) kubernetes/$Format'];

/** Draws a cluster. */
export function drawLayout(random: Random): Layout {
  const isPublic = random.chance(0.5);
  const company = random.pick(names.companies);
  const account = random.letters('123456789', 12);
  const region = random.pick(['eu-west-1', 'us-west-2', 'ap-southeast-2', 'eu-central-1']);
  const offices = isPublic ? [random.pick(['198.51.100', '192.88.99', publicBlock(random)]), publicBlock(random)] : [`10.${String(random.int(200, 250))}.${String(random.int(0, 255))}`];
  const layout: Layout = {
    cluster: `${company}-${random.pick(['eks', 'main', 'platform'])}`, company, account, region, isPublic, offices,
    registry: `${account}.dkr.ecr.${region}.amazonaws.com`, databases: random.pick(names.cloudRegistries),
    version: `v1.${String(random.int(30, 34))}.${String(random.int(1, 9))}`,
    controlPlane: `10.0.${String(random.int(100, 199))}.${String(random.int(4, 250))}`,
    nodes: [], namespaces: [{ name: 'kube-system', kind: 'system' }, { name: 'default', kind: 'system' }], apps: [],
    nodeBlock: random.pick(['10.42', '10.99', '172.20', '192.168', '100.64']),
  };
  for (let count = random.int(4, 9); count > 0; count--) addNode(random, layout);
  addTeams(random, layout);
  return layout;
}

/** Adds a node that has just booted. */
export function addNode(random: Random, { nodes, nodeBlock, region }: Layout): Node {
  let address = '';
  while (address === '' || nodes.some((one) => one.address === address)) address = `${nodeBlock}.${String(random.int(0, 15))}.${String(random.int(4, 250))}`;
  const node = { name: `ip-${address.replaceAll('.', '-')}.${region}.compute.internal`, instance: `i-0${random.hex(16)}`, address, key: `ASIA${random.hex(16).toUpperCase()}`, podBlock: `${nodeBlock}.${String(random.int(16, 250))}` };
  nodes.push(node);
  return node;
}

function addTeams(random: Random, layout: Layout): void {
  const style = random.pick(['team', 'team-stage', 'stage']);
  const [live, testing] = [random.pick(names.stages), random.pick(names.testStages)];
  const teams = random.some(names.teams, random.int(3, 6));
  for (const team of teams) {
    const pairs = style === 'team' ? [[team, 'production']] : style === 'stage' ? [[live, 'production'], [testing, 'test']] : [[`${team}-${live}`, 'production'], [`${team}-${testing}`, 'test']];
    for (const [name = '', kind = ''] of pairs) {
      if (!layout.namespaces.some((one) => one.name === name)) layout.namespaces.push({ name, kind: kind as Namespace['kind'] });
      for (const part of random.some(names.parts, random.int(1, 3))) addApp(random, layout, { namespace: name, name: `${team}-${part}` });
      if (random.chance(0.5)) addApp(random, layout, { namespace: name, name: random.pick(names.databases), isDatabase: true });
    }
  }
}

/** What is known of an application before the rest is drawn. */
export interface AppWish { readonly namespace: string; readonly name: string; readonly isDatabase?: boolean; readonly kind?: App['kind']; readonly image?: string; readonly replicas?: number; readonly talk?: Talk }

/** Adds an application with running pods. */
export function addApp(random: Random, layout: Layout, wish: AppWish): App {
  const isDatabase = wish.isDatabase ?? false;
  const kind = wish.kind ?? (isDatabase ? 'statefulsets' : 'deployments');
  const app: App = {
    namespace: wish.namespace, name: wish.name, kind, isDatabase, replicas: wish.replicas ?? random.int(1, 3),
    image: wish.image ?? (isDatabase ? `${layout.databases}/${wish.name}:${String(random.int(3, 16))}` : `${layout.registry}/${wish.name}:1.${String(random.int(0, 90))}.0`),
    secrets: random.some(names.secretKinds, random.int(0, 3)).map((secret) => `${wish.name}-${secret}`),
    talk: wish.talk ?? random.weighted(talks), agent: random.pick(appAgents), generation: random.letters('bcdf24567890', 9), revision: 1, pods: [],
  };
  const targets = kind === 'daemonsets' ? layout.nodes : Array.from({ length: app.replicas }, () => random.pick(layout.nodes));
  app.pods = targets.map((node, index) => drawPod(random, app, node, index));
  layout.apps.push(app);
  return app;
}

/** Draws a pod of an application. */
export function drawPod(random: Random, { name, kind, generation }: App, node: Node, index: number): Pod {
  const full = kind === 'statefulsets' ? `${name}-${String(index)}` : kind === 'daemonsets' ? `${name}-${random.suffix()}` : `${name}-${generation}-${random.suffix()}`;
  return { name: full, uid: random.uuid(), node, address: `${node.podBlock}.${String(random.int(2, 250))}`, credential: random.uuid() };
}

export function appsIn({ apps }: Layout, namespace: string): App[] {
  return apps.filter((app) => app.namespace === namespace);
}

export function namespacesOf({ namespaces }: Layout, ...kinds: Namespace['kind'][]): string[] {
  return namespaces.filter(({ kind }) => kinds.includes(kind)).map(({ name }) => name);
}

/** An application's own calls, made from one of its pods. */
export function appCaller(random: Random, app: App): Caller {
  const pod = random.pick(app.pods);
  return podCaller({ namespace: app.namespace, account: app.name, agent: app.agent }, pod);
}
