import type { ApiRequest } from '../audit/request.ts';
import { stableName } from '../audit/names.ts';
import type { Circumstance } from './detector.ts';

/** Many config maps that an identity never read, within a day, however slowly. `lib/scoring/slow-breadth.ts` counts. */
export const slowConfigMaps = {
  kind: 'circumstance',
  id: 'slow-config-maps',
  category: 'credential-abuse',
  techniques: ['T1552.007', 'T1005'],
  check: 'See what these config maps hold: addresses and passwords of databases are often in them',
  innocent: 'An engineer who compares the settings of many applications.',
  words: (count: number) => `read within a day ${String(count)} config maps, or all of a namespace, that it never read before`,
  /** What a request reads: one config map, or all of a namespace. */
  item({ verb, resource, namespace, name, outcome }: ApiRequest): string | undefined {
    if (resource !== 'configmaps' || outcome !== 'ok' || (verb !== 'get' && verb !== 'list')) return undefined;
    return `${namespace}/${stableName(name)}`;
  },
} as const satisfies Circumstance & Record<string, unknown>;
