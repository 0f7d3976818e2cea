import { attackerDomain, companyDomain, dataLabels, generatedDomain, id } from './names.ts';
import { day, hour, minute, second, start, type Asker, type Scenario, type World } from './world.ts';

interface Attack {
  readonly world: World;
  readonly asker: Asker;
  readonly time: number;
  /** The attacker's own domain. */
  readonly domain: string;
  readonly scenario: Scenario;
}

/** What an attack looks up, and by which detectors it should be found. */
const attacks: Readonly<Record<string, readonly [detectors: readonly string[], add: (attack: Attack) => void]>> = {
  /** As iodine: all that fits into a name, as fast as it goes. */
  'tunnel-fast': [['dns-tunnel'], ({ world, asker, time, domain, scenario }) => {
    const { random } = world;
    const type = random.pick(['NULL', 'TXT', 'CNAME', 'MX', 'A', 'SRV']);
    for (let count = random.int(400, 1500), at = time; count > 0; count--, at += random.wait(second)) world.ask(at, asker, { name: `${dataLabels(random, random.int(80, 200), 'base32')}.t.${domain}`, type, answers: [id(random, 200)], scenario });
  }],
  /** As dnscat2: about once a second, little while nothing is to be done. */
  'tunnel-shell': [['dns-tunnel'], ({ world, asker, time, domain, scenario }) => {
    const { random } = world;
    for (let end = time + random.between(10, 40) * minute, at = time; at < end; at += second + random.wait(0.2 * second)) world.ask(at, asker, { name: `${dataLabels(random, random.chance(0.1) ? random.int(60, 180) : random.int(18, 34), 'hex')}.${domain}`, type: random.pick(['TXT', 'CNAME', 'MX']), answers: [random.hex(40)], scenario });
  }],
  /** One file goes out in names of addresses that nobody answers. */
  'tunnel-one-way': [['dns-tunnel'], ({ world, asker, time, domain, scenario }) => {
    const { random } = world;
    const isAnswered = random.chance(0.5);
    for (let count = random.int(150, 600), at = time; count > 0; count--, at += random.wait(2 * second)) world.ask(at, asker, { name: `${String(count)}.${dataLabels(random, random.int(50, 120), random.pick(['hex', 'base32']))}.${domain}`, responseCode: isAnswered ? 'NOERROR' : 'NXDOMAIN', scenario });
  }],
  /** Low and slow. */
  'tunnel-slow': [['dns-slow-tunnel', 'dns-tunnel'], ({ world, asker, time, domain, scenario }) => {
    const { random } = world;
    const mean = random.between(2, 10) * minute;
    for (let end = time + random.between(1.5, 2.5) * day, at = time; at < end; at += random.wait(mean)) world.ask(at, asker, { name: `${dataLabels(random, random.int(50, 120), random.pick(['hex', 'base32']))}.${domain}`, type: random.pick(['A', 'TXT']), scenario });
  }],
  pool: [['mining-pool-name'], ({ world, asker, time, scenario }) => {
    const { random } = world;
    const name = random.pick(['xmr-eu1.nanopool.org', 'gulf.moneroocean.stream', 'pool.supportxmr.com', 'de.monero.herominers.com', 'pool.hashvault.pro', `stratum.${companyDomain(random)}`, 'rx.unmineable.com']);
    for (let at = time; at < time + 12 * hour; at += random.wait(hour)) world.ask(at, asker, { name, scenario });
  }],
  'beacon-minutes': [['dns-beacon'], (attack) => { beacon(attack, attack.world.random.between(60, 240) * second); }],
  'beacon-quarters': [['dns-beacon'], (attack) => { beacon(attack, attack.world.random.between(5, 20) * minute); }],
  'beacon-hours': [['dns-beacon'], (attack) => { beacon(attack, attack.world.random.between(30, 75) * minute); }],
  'generated-domains': [['generated-domains'], ({ world, asker, time, scenario }) => {
    const { random } = world;
    const mean = random.between(1, 6) * second;
    for (let count = random.int(80, 400), at = time; count > 0; count--, at += random.wait(mean)) world.ask(at, asker, { name: generatedDomain(random), responseCode: 'NXDOMAIN', scenario });
  }],
  'rebinding-metadata': [['metadata-name'], ({ world, asker, time, domain, scenario }) => {
    for (let count = 0; count < 6; count++) world.ask(time + count * 40 * second, asker, { name: `${id(world.random, 6)}.${domain}`, answers: [count % 2 === 0 ? world.outsideAddress() : '169.254.169.254'], scenario });
  }],
  'rebinding-inside': [['inward-name'], ({ world, asker, time, domain, scenario }) => {
    for (let count = 0; count < 6; count++) world.ask(time + count * 40 * second, asker, { name: `rebind.${domain}`, answers: [count % 2 === 0 ? world.outsideAddress() : '10.0.44.7'], scenario });
  }],
  'call-back': [['exfiltration-service-name'], ({ world, asker, time, scenario }) => {
    world.ask(time, asker, { name: `${id(world.random, 33)}.oast.${world.random.pick(['fun', 'pro', 'site', 'live'])}`, scenario });
  }],
  drop: [['exfiltration-service-name'], ({ world, asker, time, scenario }) => {
    const name = world.random.pick(['webhook.site', `eo${id(world.random, 11)}.m.pipedream.net`, 'transfer.sh', 'store1.gofile.io']);
    for (let count = 0; count < 3; count++) world.ask(time + count * minute, asker, { name, scenario });
  }],
  'reverse-tunnel': [['exfiltration-service-name'], ({ world, asker, time, scenario }) => {
    const name = world.random.pick(['connect.ngrok-agent.ngrok.com', 'api.trycloudflare.com', 'region1.v2.argotunnel.com', 'serveo.net']);
    for (let at = time; at < time + 6 * hour; at += world.random.wait(hour)) world.ask(at, asker, { name, scenario });
  }],
  tor: [['exfiltration-service-name'], ({ world, asker, time, scenario }) => {
    world.ask(time, asker, { name: world.random.pick(['dist.torproject.org', `${id(world.random, 16)}.onion.ws`, `${id(world.random, 56)}.onion`]), scenario });
  }],
  listed: [['listed-name'], ({ world, asker, time, domain, scenario }) => { world.ask(time, asker, { name: `cdn.${domain}`, scenario }); }],
};

/** The names of all kinds of attacks. */
export const attackKinds = Object.keys(attacks);

/** Sleeps for a time that is random by a share, and asks. */
function beacon({ world, asker, time, domain, scenario }: Attack, period: number): void {
  const { random } = world;
  const jitter = random.pick([0, 0.1, 0.2, 0.3]);
  const name = `${random.pick(['cdn', 'update', 'api', 'mail'])}.${domain}`;
  const isAskedTwice = random.chance(0.5);
  for (let end = time + random.between(20, 40) * hour, at = time; at < end; at += period * (1 + random.between(-jitter, jitter)) + random.wait(0.3 * second)) {
    world.ask(at, asker, { name, scenario });
    if (isAskedTwice) world.ask(at + 3, asker, { name, type: 'AAAA', answers: [], scenario });
  }
}

/** Adds each kind of attack once, from the sixth day on, from some program. */
export function addAttacks(world: World, kinds: readonly string[]): Scenario[] {
  const { random } = world;
  return kinds.flatMap((kind) => {
    const [detectors, add] = attacks[kind] ?? [];
    if (!detectors || !add) return [];
    const domain = attackerDomain(random);
    const scenario: Scenario = { kind, detectors, ...(kind === 'listed' ? { listed: [domain] } : {}) };
    add({ world, asker: random.pick(world.askers), time: start + random.between(6, world.days - 3) * day, domain, scenario });
    return [scenario];
  });
}
