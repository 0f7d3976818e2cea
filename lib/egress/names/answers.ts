import ipaddr from 'ipaddr.js';
import { windowsPerDay } from '../../time.ts';
import { inwardName, metadataName } from './detectors.ts';
import { newWhy, nothing, once, showName, type Found, type Looked } from './looked.ts';
import { addOutside, keyOf } from './name-baseline.ts';
import { isReadByProvider } from './name-lists.ts';

const metadataDecades = 5.5;
/** Of a name that leads inside, and of one that led outside a moment before. */
const inwardDecades = { always: 1.5, turned: 5 } as const;
/** Where AWS gives credentials to instances and pods. */
const credentialAddresses = new Set(['169.254.169.254', 'fd00:ec2::254', '169.254.170.2', '169.254.170.23', 'fd00:ec2::23']);
const privateRanges = new Set(['private', 'uniqueLocal']);

/** Answers that lead inside. */
export function considerAnswers({ baseline, query, setting: { window }, key, isYoung, newDecades }: Looked): Found {
  const addresses = query.answers.filter((answer) => ipaddr.isValid(answer));
  if (addresses.length === 0 || isReadByProvider(query.name)) return nothing;
  const name = keyOf(query.name);
  const credential = addresses.find((address) => credentialAddresses.has(address));
  if (credential !== undefined) {
    return once(baseline, { key: `${metadataName.id}|${key}`, detector: metadataName.id, decades: metadataDecades, words: `looked up ${showName(query)}, which leads to ${credential}`, why: 'there AWS gives credentials; no name outside should lead to it' }, window);
  }
  const inward = addresses.find((address) => privateRanges.has(ipaddr.parse(address).range()));
  if (inward === undefined) return { changed: isYoung && addOutside(baseline, name, window), signals: [] };
  if (!isYoung) return nothing;
  const ledOutside = baseline.outside[name] !== undefined && window - baseline.outside[name] < windowsPerDay;
  const words = `looked up ${showName(query)}, a name outside that leads to the address ${inward} inside`;
  return ledOutside
    ? once(baseline, { key: `${inwardName.id}|${key}|turned`, detector: inwardName.id, decades: inwardDecades.turned, words, why: 'the same name led outside a moment before; the domain is new to the cluster' }, window)
    : once(baseline, { key: `${inwardName.id}|${key}`, detector: inwardName.id, decades: Math.min(inwardDecades.always, newDecades), words, why: newWhy }, window);
}
