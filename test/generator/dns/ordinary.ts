import { companyDomain, generatedDomain, id, role } from './names.ts';
import { day, hour, minute, second, start, type Ask, type Asker, type World } from './world.ts';

type Name = (copy: number) => { name: string } & Partial<Ask>;

/** All that an ordinary cluster looks up. */
export function addOrdinaryLife(world: World): void {
  const { random } = world;
  for (const asker of world.askers) for (let count = random.int(2, 6); count > 0; count--) addDestination(world, asker, start);
  addOwnNames(world);
  addNoise(world);
  addReleases(world);
  addCrawlers(world);
  for (const [chance, add] of [[0.35, addScanner], [0.3, addMailFilter], [0.4, addNotifier], [0.2, addSignUps], [0.4, addVideos], [0.1, addDeveloperTunnel], [0.3, addPreviews]] as const) {
    if (random.chance(chance)) add(world);
  }
}

/** How busy it is, from 0.15 at night and on weekends to 1. */
function activity(time: number): number {
  const hours = (time / hour) % 24;
  const weekday = (Math.floor(time / day) + 4) % 7;
  return weekday === 0 || weekday === 6 ? 0.3 : hours > 7 && hours < 19 ? 1 : 0.25;
}

/** Whoever asks at random, more by day: `mean` apart when busiest. */
function atRandom(world: World, asker: Asker, { from, to = world.end, mean, name }: { from: number; to?: number; mean: number; name: Name }): void {
  const { random } = world;
  for (let time = from + random.wait(mean); time < to; time += random.wait(mean)) if (random.chance(activity(time))) askTwice(world, time, { asker, name: name(random.int(0, asker.replicas - 1)) });
}

/** Each copy on a timer of its own. */
function onTimer(world: World, asker: Asker, { from, period, name }: { from: number; period: number; name: Name }): void {
  const { random } = world;
  for (let copy = 0; copy < asker.replicas; copy++) {
    for (let time = from + random.between(0, period); time < world.end; time += period + random.between(0, 0.02 * period)) {
      // New pods begin anew.
      if (random.chance(period / (3 * day))) time += random.between(0, period);
      askTwice(world, time, { asker, name: name(copy) });
    }
  }
}

/** A scheduled job: at full minutes of the clock, some seconds later. */
function onSchedule(world: World, asker: Asker, { from, period, name }: { from: number; period: number; name: Name }): void {
  for (let time = Math.ceil(from / period) * period; time < world.end; time += period) askTwice(world, time + world.random.between(2, 25) * second, { asker, name: name(0) });
}

function askTwice(world: World, time: number, { asker, name }: { asker: Asker; name: ReturnType<Name> }): void {
  world.ask(time, asker, name);
  if (world.random.chance(0.3) && (name.type ?? 'A') === 'A') world.ask(time + 2, asker, { ...name, type: 'AAAA', answers: [] });
  if (!asker.isDirect || !world.random.chance(0.03)) return;
  world.ask(time - 3, asker, { name: `${name.name}.eu-west-1.compute.internal`, responseCode: 'NXDOMAIN' });
}

/** Somebody outside that a program talks to, in its own way. */
function addDestination(world: World, asker: Asker, from: number): void {
  const { random } = world;
  const name = vendorNames(world, asker);
  const way = random.weighted([['timer', 1], ['schedule', 0.7], ['random', 2.5]]);
  if (way === 'timer') onTimer(world, asker, { from, period: random.pick([1, 2, 5, 5, 10, 15, 30, 60]) * minute, name });
  else if (way === 'schedule') onSchedule(world, asker, { from, period: random.pick([10, 15, 60, 60, 24 * 60]) * minute, name });
  else atRandom(world, asker, { from, mean: random.pick([2, 5, 15, 60, 240]) * minute, name });
}

function vendorNames({ random }: World, asker: Asker): Name {
  const domain = companyDomain(random);
  const label = role(random);
  const ids = Array.from({ length: asker.replicas }, () => random.uuid());
  const shards = Array.from({ length: random.int(4, 40) }, () => id(random, random.int(5, 12)));
  const kind = random.weighted([['fixed', 6], ['several', 2], ['hashed', 1], ['shards', 1], ['aws', 4]]);
  const aws = random.pick(['sts.eu-west-1.amazonaws.com', 'sqs.eu-west-1.amazonaws.com', `${companyDomain(random).split('.')[0] ?? ''}-${id(random, 8)}.s3.eu-west-1.amazonaws.com`, '123456789012.dkr.ecr.eu-west-1.amazonaws.com', `d${id(random, 13)}.cloudfront.net`, `k8s-shop-web-${random.hex(10)}-${random.hex(16)}.elb.eu-west-1.amazonaws.com`]);
  if (kind === 'fixed') return () => ({ name: `${label}.${domain}` });
  if (kind === 'several') return () => ({ name: `${role(random)}.${domain}` });
  if (kind === 'hashed') return (copy) => ({ name: `${(ids[copy] ?? '').replaceAll('-', '')}.${label}.${domain}` });
  if (kind === 'shards') return () => ({ name: `${random.pick(shards)}.edge.${domain}` });
  return () => ({ name: aws });
}

/** The company's own domain: public names, and private ones that lead inside. */
function addOwnNames(world: World): void {
  const { random } = world;
  const domain = companyDomain(random);
  for (const asker of random.some(world.askers, 6)) {
    const label = `${random.pick(['db', 'cache', 'search', 'queue', 'ldap'])}-${random.pick(['main', 'reports', 'eu'])}`;
    const from = start + (random.chance(0.3) ? random.between(0, world.days * day) : 0);
    atRandom(world, asker, { from, mean: 10 * minute, name: () => ({ name: `${label}.${domain}`, answers: ['10.0.44.7'] }) });
    atRandom(world, asker, { from, mean: 30 * minute, name: () => ({ name: `${label}.cabcd3fgh1jk.eu-west-1.rds.amazonaws.com`, answers: ['10.0.45.7'] }) });
  }
  const [asker] = world.askers;
  if (!asker) return;
  // Certificates are renewed: a record to prove who owns the name is looked for until it is there.
  for (let time = start + random.wait(2 * day); time < world.end; time += random.wait(2 * day)) {
    for (let at = time; at < time + 3 * minute; at += 10 * second) world.ask(at, asker, { name: `_acme-challenge.${role(random)}.${domain}`, type: 'TXT', responseCode: at < time + 2 * minute ? 'NXDOMAIN' : 'NOERROR', answers: [`"${id(random, 43)}"`] });
  }
}

/** Look-ups of addresses, and names that the resolver's search path has made longer. */
function addNoise(world: World): void {
  const { random } = world;
  for (const asker of random.some(world.askers, 8)) {
    atRandom(world, asker, { from: start, mean: 10 * minute, name: () => ({ name: `${world.outsideAddress().split('.').reverse().join('.')}.in-addr.arpa`, type: 'PTR', responseCode: random.pick(['NOERROR', 'NXDOMAIN']), answers: [companyDomain(random)] }) });
    atRandom(world, asker, { from: start, mean: 10 * minute, name: () => ({ name: `${random.pick(['cart', 'users', 'api'])}.shop.svc.cluster.local.eu-west-1.compute.internal`, responseCode: 'NXDOMAIN' }) });
    atRandom(world, asker, { from: start, mean: 8 * hour, name: () => ({ name: `${role(random)}.${companyDomain(random)}`, responseCode: random.pick(['NXDOMAIN', 'NOERROR', 'SERVFAIL']) }) });
  }
}

/** A new release, three a week; every third talks to somebody new. */
function addReleases(world: World): void {
  const { random } = world;
  for (let time = start + random.wait(7 * day); time < world.end; time += random.wait(7 * day)) addDestination(world, random.pick(world.askers), time);
}

/** Notebooks and crawlers that go through lists of sites for an hour or three, in some clusters every few days. */
function addCrawlers(world: World): void {
  const { random } = world;
  const isKnownForIt = random.chance(0.3);
  const between = isKnownForIt ? 2 * day : 9 * day;
  const asker: Asker = { workload: 'Pod/notebook', replicas: 1, isDirect: random.chance(0.3) };
  for (let time = start + random.wait(between); time < world.end; time += random.wait(between)) {
    const sites = random.int(200, 2500);
    const step = random.between(1, 3) * hour / sites;
    for (let site = 0; site < sites; site++) {
      const domain = random.chance(0.005) ? random.pick(['pastebin.com', 'nanopool.org', 'mega.nz', 'torproject.org']) : companyDomain(random);
      const responseCode = random.chance(0.05) ? 'NXDOMAIN' : 'NOERROR';
      world.ask(time + site * step, asker, { name: `${random.chance(0.6) ? 'www.' : ''}${domain}`, responseCode });
      if (responseCode === 'NOERROR') for (let more = random.int(0, 2); more > 0; more--) world.ask(time + site * step + second, asker, { name: `${random.chance(0.2) ? id(random, 10) : role(random)}.${random.chance(0.4) ? domain : companyDomain(random)}` });
    }
  }
}

/** A virus scanner that asks about files' hashes, of a vendor that is or is not widely known. */
function addScanner(world: World): void {
  const { random } = world;
  const asker: Asker = { workload: 'DaemonSet/scanner', replicas: 5, isDirect: random.chance(0.5) };
  const domain = random.pick(['sophosxl.net', 'e5.sk', companyDomain(random)]);
  const labels = random.pick([[32], [40], [32, 32]]);
  atRandom(world, asker, { from: start + (random.chance(0.15) ? random.between(5, 12) * day : 0), mean: random.between(0.3, 10) * minute, name: () => ({ name: `${labels.map((length) => random.hex(length)).join('.')}.f.${domain}`, type: random.pick(['A', 'A', 'TXT']), responseCode: random.chance(0.7) ? 'NXDOMAIN' : 'NOERROR', answers: ['127.0.0.2'] }) });
}

/** Mail that is let in only after block lists, policies and keys were looked up. */
function addMailFilter(world: World): void {
  const { random } = world;
  const asker: Asker = { workload: 'Deployment/mail', replicas: 2, isDirect: random.chance(0.5) };
  const mean = random.between(0.5, 5) * minute;
  const senders = Array.from({ length: 60 }, () => companyDomain(random));
  atRandom(world, asker, { from: start, mean, name: () => ({ name: `${world.outsideAddress().split('.').reverse().join('.')}.${random.pick(['zen.spamhaus.org', 'bl.spamcop.net', 'ix.dnsbl.example.org'])}`, responseCode: random.pick(['NXDOMAIN', 'NXDOMAIN', 'NOERROR']), answers: ['127.0.0.4'] }) });
  atRandom(world, asker, { from: start, mean, name: () => ({ name: `${random.pick(['_dmarc', `${id(random, 32)}._domainkey`, 'selector1._domainkey'])}.${random.favourite(senders)}`, type: 'TXT', answers: [`"v=DKIM1; p=${id(random, 200)}"`] }) });
}

/** Calls of customers' own servers. */
function addNotifier(world: World): void {
  const { random } = world;
  const customers = Array.from({ length: random.int(50, 400) }, () => `${role(random)}.${companyDomain(random)}`);
  atRandom(world, { workload: 'Deployment/notifier', replicas: 3, isDirect: random.chance(0.3) }, { from: start, mean: 1.5 * minute, name: () => ({ name: random.chance(0.01) ? `${role(random)}.${companyDomain(random)}` : random.favourite(customers) }) });
}

/** Whether the mail addresses of those who sign up can be: also of robots, who make them up. */
function addSignUps(world: World): void {
  const { random } = world;
  atRandom(world, { workload: 'Deployment/sign-up', replicas: 2, isDirect: random.chance(0.3) }, {
    from: start, mean: random.between(2, 15) * minute,
    name: () => (random.chance(0.03) ? { name: generatedDomain(random), type: 'MX', responseCode: 'NXDOMAIN' } : { name: random.chance(0.6) ? random.pick(['gmail.com', 'outlook.com', 'web.de', 'yahoo.com']) : companyDomain(random), type: 'MX', responseCode: random.chance(0.1) ? 'NXDOMAIN' : 'NOERROR', answers: ['10 mx.example.net'] }),
  });
}

/** A big site's shards. */
function addVideos(world: World): void {
  const { random } = world;
  atRandom(world, random.pick(world.askers), { from: start, mean: 5 * minute, name: () => ({ name: random.chance(0.5) ? `r${String(random.int(1, 9))}---sn-${id(random, 8)}.googlevideo.com` : `scontent-fra${String(random.int(1, 9))}-${String(random.int(1, 3))}.xx.fbcdn.net` }) });
}

/** A developer shows work in progress. */
function addDeveloperTunnel(world: World): void {
  const { random } = world;
  atRandom(world, random.pick(world.askers), { from: start + random.between(0, world.days) * day, mean: 30 * minute, name: () => ({ name: 'tunnel.us.ngrok.com' }) });
}

/** An environment for each change, with a name of its own below one domain. */
function addPreviews(world: World): void {
  const { random } = world;
  const domain = companyDomain(random);
  const asker = random.pick(world.askers);
  for (let time = start + random.wait(6 * hour); time < world.end; time += random.wait(6 * hour)) {
    const name = `pr-${String(random.int(1000, 9999))}-${random.hex(8)}.preview.${domain}`;
    for (let at = time; at < time + hour; at += random.wait(6 * minute)) world.ask(at, asker, { name, responseCode: at < time + 5 * minute ? 'NXDOMAIN' : 'NOERROR' });
  }
}
