import { requestsOf, type ApiRequest } from '../../lib/audit/request.ts';
import { credentialMoved } from '../../lib/detectors/credential-moved.ts';
import type { Detector } from '../../lib/detectors/detector.ts';
import { newNetwork } from '../../lib/detectors/new-network.ts';
import type { Proof } from './proof.ts';

/** Gives what a detector says of a proof's act, in words that complete "it …"; of several things the gravest. */
export function wordsOf(detector: Detector, { before, act }: Proof): string | undefined {
  const requests = requestsOf(act);
  if (detector.id === credentialMoved.id) return requests.flatMap((request) => requestsOf(before).map((earlier) => credentialMoved.words(request, newNetwork.value(earlier))))[0];
  switch (detector.kind) {
    case 'act':
      return requests.flatMap((request) => detector.detect(request)).reduce<{ prior: number; words?: string }>((least, one) => (one.prior < least.prior ? one : least), { prior: 1 }).words;
    case 'breadth': {
      const items = new Set(requests.map((request) => detector.item(request)).filter((item) => item !== undefined));
      return items.size > 1 ? detector.words(items.size) : undefined;
    }
    case 'origin':
      return farthest(requests).map((request) => detector.words(detector.value(request)))[0];
    case 'circumstance':
    case 'egress':
      return undefined;
  }
}

/** Requests from the internet first: those are the telling ones. */
function farthest(requests: readonly ApiRequest[]): ApiRequest[] {
  return requests.toSorted((one, other) => Number(other.network.scope === 'public') - Number(one.network.scope === 'public'));
}
