/** Which program asked, as it says of itself; an attacker can say anything. */
export interface UserAgent {
  /** The program and, where told, its platform, without the version: `kubectl (linux/amd64)`. */
  readonly family: string;
  /** The program with major and minor version: `kubectl/v1.33`. */
  readonly release: string;
  /** All that it says, where long only the beginning. */
  readonly text: string;
}

const maxLength = 60;
const maxHeader = 1024;
const cacheSize = 5000;
const cache = new Map<string, UserAgent>();

/** Reads a User-Agent header: `PRODUCT/VERSION (PLATFORM) …`. */
export function userAgentOf(header: string | undefined): UserAgent {
  const text = (header ?? '').slice(0, maxHeader);
  const cached = cache.get(text);
  if (cached) return cached;
  const agent = readUserAgent(text);
  if (cache.size >= cacheSize) cache.clear();
  cache.set(text, agent);
  return agent;
}

function readUserAgent(text: string): UserAgent {
  const [, product = '', version = ''] = /^\s*([^/\s(]+)(?:\/([^\s(]+))?/.exec(text) ?? [];
  if (product === '') return { family: 'none', release: 'none', text };
  const platform = /\(([^()]*)\)/.exec(text)?.[1] ?? '';
  const release = /^v?\d+(?:\.\d+)?/.exec(version)?.[0] ?? '';
  return {
    family: clip(platform === '' ? product : `${product} (${platform.split(';')[0] ?? ''})`),
    release: clip(release === '' ? product : `${product}/${release}`),
    text,
  };
}

function clip(text: string): string {
  return text.slice(0, maxLength);
}
