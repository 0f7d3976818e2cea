import { dynamicName, exfiltrationServiceName, listedName, miningPoolName } from './detectors.ts';
import { joined, once, show, showName, type Found, type Looked } from './looked.ts';
import { keyOf, type NameBaseline } from './name-baseline.ts';
import { miningPoolOf, serviceOf, type ServiceKind } from './name-lists.ts';

const listedDecades = 5.5;
const poolDecades = { server: 5.5, page: 3 } as const;
/** How surprising the first use of a service is in a cluster that is well known. */
const serviceDecades: Readonly<Record<ServiceKind, number>> = { 'call-back': 5.5, anonymity: 5, 'anonymity-software': 5, tunnel: 5, drop: 5, paste: 3, dynamic: 3 };
const siteDecades = 3;
/** These are grave in any cluster, and on no list of sites. */
const alwaysGrave: ReadonlySet<ServiceKind> = new Set(['call-back', 'anonymity']);
const serviceWords: Readonly<Record<ServiceKind, string>> = {
  'call-back': 'a service that tells attackers their code runs',
  anonymity: 'a way into Tor',
  'anonymity-software': 'the makers of Tor, from whom its program comes',
  tunnel: 'a service that leads from the internet into a network',
  drop: 'a service that takes data from anybody',
  paste: 'a page for texts of anybody',
  dynamic: 'a service for names that lead elsewhere within minutes',
};
/** So many new domains in twenty minutes are no list yet. */
const fewNew = 4;
const maxAmong = 2;
/** Above this it is a list: what is on it is not known for that, and is judged anew when it comes back. */
const leastAside = 0.5;

/** Names that are known beforehand, for bad or for doubtful. */
export function considerLists({ baseline, query, setting, maturity, domain }: Looked): Found {
  const { window, threat, isUsual } = setting;
  const found: { id: string; of: string; decades: number; words: string; why: string; isAside?: boolean }[] = [];
  const pool = miningPoolOf(query.name);
  const service = serviceOf(query.name);
  const shown = showName(query);
  // Who goes through a list of names comes upon these too: of n new names it is n times as likely that one is among them.
  const among = pool || service ? Math.min(maxAmong, Math.max(0, Math.log10(newDomains(baseline, window) / fewNew))) : 0;
  const isAside = among > leastAside;
  if (threat !== undefined) found.push({ id: listedName.id, of: threat, decades: listedDecades, words: `looked up ${shown}, which is on a list of known bad domains`, why: `the list has ${show(threat)}` });
  if (pool) found.push({ id: miningPoolName.id, of: `${pool.pool}${pool.isServer ? '' : '|page'}`, decades: (pool.isServer ? poolDecades.server : poolDecades.page) - among, words: `looked up ${shown}, ${pool.isServer ? 'a server' : 'a page'} of a mining pool`, why: 'never before', isAside });
  if (service) {
    const { kind, isSite } = service;
    const trust = isUsual(domain) ? 0 : alwaysGrave.has(kind) ? 1 : maturity;
    const decades = (isSite ? siteDecades : serviceDecades[kind]) * trust - (alwaysGrave.has(kind) ? 0 : among);
    found.push({ id: kind === 'dynamic' ? dynamicName.id : exfiltrationServiceName.id, of: `${service.service}${isSite ? '|site' : ''}`, decades, words: `looked up ${shown}, of ${serviceWords[kind]}`, why: 'never before', isAside });
  }
  return joined(found.map(({ id, of, isAside = false, ...told }) => {
    const signal = { key: `${id}|${show(of)}`, detector: id, ...told };
    return isAside && !baseline.traits[keyOf(signal.key)] ? { changed: false, signals: [signal] } : once(baseline, signal, window);
  }));
}

/** Counts the domains that were looked up for the first time in this window or the one before. */
function newDomains({ domains }: NameBaseline, window: number): number {
  return Math.max(1, Object.values(domains).filter(({ first }) => Math.abs(window - first) <= 1).length);
}
