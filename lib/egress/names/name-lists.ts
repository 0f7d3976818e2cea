/** Names that stay inside: of the cluster, of EC2, of private zones, and addresses looked up backwards (RFC 6761, RFC 6762, RFC 8375). */
const insideSuffixes = setOf('local internal arpa localhost localdomain lan home corp intranet private test invalid svc');

/** Below these the provider alone runs the name servers: nobody else can read data out of what is looked up there. */
const providersSuffixes = setOf(
  'amazonaws.com amazonaws.com.cn cloudfront.net awsglobalaccelerator.com awsdns.com aws on.aws amazontrust.com elasticbeanstalk.com amazon.com ' +
  'windows.net azure.com azurewebsites.net azureedge.net azure-api.net trafficmanager.net azurefd.net microsoft.com office.com office365.com microsoftonline.com ' +
  'google.com googleapis.com gstatic.com googleusercontent.com googlevideo.com gvt1.com gvt2.com 1e100.net doubleclick.net ' +
  'akamai.net akamaiedge.net akamaihd.net akadns.net edgekey.net edgesuite.net fastly.net fastlylb.net cdn77.org cloudflare.net cloudflare.com llnwd.net ' +
  'docker.com docker.io github.com githubusercontent.com ghcr.io apple.com icloud.com facebook.com fbcdn.net',
);

/** Services that are asked by DNS about a hash, an address or a domain, which is coded in the name: block lists and look-ups of anti-virus programs. */
const lookUpServices = setOf(
  'spamhaus.org spamhaus.net surbl.org uribl.com spamcop.net barracudacentral.org sorbs.net dnswl.org mailspike.net senderbase.org abuse.ch njabl.org psbl.org ' +
  'cymru.com shadowserver.org sophosxl.net sophosxl.com mcafee.com trellix.com trendmicro.com e5.sk eset.com avast.com avg.com avira.com bitdefender.net kaspersky.com ' +
  'ksn-file-geo.net symantec.com norton.com webroot.com brightcloud.com fortiguard.net paloaltonetworks.com opendns.com',
);

/** Well-known pools that coins are mined in. */
const miningPools = setOf(
  'nanopool.org minexmr.com supportxmr.com moneroocean.stream hashvault.pro xmrpool.eu xmrpool.net monerohash.com c3pool.com c3pool.org 2miners.com f2pool.com ' +
  'ethermine.org flypool.org sparkpool.com hiveon.net hiveon.com nicehash.com miningpoolhub.com herominers.com unmineable.com zpool.ca prohashing.com antpool.com ' +
  'viabtc.com viabtc.io poolin.com slushpool.com braiins.com dwarfpool.com crypto-pool.fr minergate.com poolto.be xmr.pt moneropool.com xmrfast.com skypool.org ' +
  'aeon-pool.com cryptonight.net gntl.co.uk ravenminer.com woolypooly.com kryptex.network rplant.xyz luckpool.net p2pool.io dxpool.com ezil.me solopool.org mining-dutch.nl ' +
  'pool.xmr.wiki bohemianpool.com monerop.com minemonero.pro usxmrpool.com coinhive.com coin-hive.com crypto-loot.com webminepool.com',
);
/** Labels of a pool's servers, by the protocol's name or the coin's. */
const poolLabel = /^(?:stratum\d*|(?:xmr|monero|rx|randomx|cryptonight)[-_]?(?:pool|mine|miner|stratum|[a-z]{2}\d?|us-?(?:east|west)\d?|asia\d?)|pool-?(?:xmr|monero))$/;

/** What an address behind a name is for. */
export type ServiceKind = 'call-back' | 'anonymity' | 'anonymity-software' | 'tunnel' | 'drop' | 'paste' | 'dynamic';

const services: ReadonlyMap<string, ServiceKind> = new Map([
  ...kind('call-back', 'oast.pro oast.live oast.site oast.online oast.fun oast.me interact.sh interactsh.com burpcollaborator.net oastify.com dnslog.cn ceye.io canarytokens.com canarytokens.org bxss.me xss.ht'),
  ...kind('anonymity', 'onion onion.to onion.ws onion.pet onion.ly onion.cab onion.link onion.city onion.sh tor2web.org tor2web.io tor2web.fi darknet.to'),
  ...kind('anonymity-software', 'torproject.org'),
  ...kind('tunnel', 'ngrok.io ngrok.com ngrok.app ngrok.dev ngrok-free.app ngrok-free.dev trycloudflare.com argotunnel.com localtunnel.me loca.lt serveo.net localhost.run lhr.life lhr.rocks pagekite.me bore.pub playit.gg tunnelto.dev telebit.io localxpose.io loclx.io portmap.io pinggy.io pinggy.link zrok.io devtunnels.ms'),
  ...kind('drop', 'webhook.site requestbin.com requestbin.net requestcatcher.com pipedream.net pipedream.com beeceptor.com hookbin.com requestrepo.com transfer.sh file.io gofile.io anonfiles.com bashupload.com temp.sh oshi.at catbox.moe 0x0.st filebin.net uguu.se pixeldrain.com mega.nz mega.io mega.co.nz wetransfer.com sendspace.com'),
  ...kind('paste', 'pastebin.com paste.ee hastebin.com dpaste.com dpaste.org ghostbin.com rentry.co ix.io termbin.com sprunge.us controlc.com privatebin.net'),
  ...kind('dynamic', 'duckdns.org ddns.net no-ip.com no-ip.org no-ip.biz noip.com hopto.org zapto.org sytes.net serveftp.com servehttp.com myftp.org myftp.biz redirectme.net dynu.net dynu.com ddnsfree.com freeddns.org mooo.com chickenkiller.com afraid.org strangled.net dyndns.org dyndns.info homeip.net changeip.com dynv6.net now-dns.com nsupdate.info ydns.eu'),
]);

/** Of these, the name itself is a site for people. */
const sites = setOf('torproject.org ngrok.com ngrok.io pagekite.me mega.nz mega.io wetransfer.com requestbin.com pipedream.com beeceptor.com no-ip.com noip.com dynu.com afraid.org changeip.com interactsh.com canarytokens.org');

/** Whether a name stays inside the cluster, the VPC or the company's network; also single labels. */
export function isInsideName(name: string): boolean {
  return !name.includes('.') || insideSuffixes.has(name.slice(name.lastIndexOf('.') + 1));
}

/** Whether nobody but a big provider or a look-up service reads what is asked below a name. */
export function isReadByProvider(name: string): boolean {
  return suffixIn(providersSuffixes, name) !== undefined || suffixIn(lookUpServices, name) !== undefined;
}

/** What a name has to do with the mining of coins: a pool's servers, its pages for people, or nothing. */
export function miningPoolOf(name: string): { readonly pool: string; readonly isServer: boolean } | undefined {
  const pool = suffixIn(miningPools, name);
  const [first = '', ...rest] = name.split('.');
  if (pool !== undefined) return { pool, isServer: name !== pool && !/^(?:www|api|docs|blog|help|support|status)$/.test(first) };
  return rest.length >= 2 && poolLabel.test(first) ? { pool: rest.join('.'), isServer: true } : undefined;
}

/** The service, of those by which data or commands pass unseen, that a name is of; `isSite` when it is only its pages for people. */
export function serviceOf(name: string): { readonly service: string; readonly kind: ServiceKind; readonly isSite: boolean } | undefined {
  const service = suffixIn(services, name);
  const found = service === undefined ? undefined : services.get(service);
  return service === undefined || found === undefined ? undefined : { service, kind: found, isSite: /^(?:www|docs|blog|help|support|status)\./.test(name) || sites.has(name) };
}

/** Gives the entry that a name is, or is below. */
function suffixIn(set: { has(suffix: string): boolean }, name: string): string | undefined {
  for (let rest = name; ; ) {
    if (set.has(rest)) return rest;
    const dot = rest.indexOf('.');
    if (dot < 0) return undefined;
    rest = rest.slice(dot + 1);
  }
}

function setOf(names: string): ReadonlySet<string> {
  return new Set(names.split(' '));
}

function kind(of: ServiceKind, names: string): [string, ServiceKind][] {
  return names.split(' ').map((name) => [name, of]);
}
