import type { Random } from '../random.ts';

const words = 'acme apex arc beam bright cargo cedar clear cloud comet coral data delta drift echo ember falcon field flow forge gate green harbor iron jet key lake lark light link loop lumen maple metric mint nova oak orbit path peak pine pixel point port pulse quartz rain ridge river rocket sage scale seed signal sky smart snow spark stack star stone storm stream summit swift tide trace track trail vault vector view wave west wind wire wolf yard zen'.split(' ');
const ends = ['com', 'com', 'com', 'com', 'io', 'io', 'net', 'org', 'dev', 'app', 'co.uk', 'de', 'cloud', 'ai'];
const roles = ['api', 'app', 'www', 'events', 'auth', 'cdn', 'static', 'files', 'hooks', 'status', 'eu', 'us-east-1', 'gateway', 'login', 'assets', 'ingest', 'collector'];
const base36 = 'abcdefghijklmnopqrstuvwxyz0123456789';
const letters = 'abcdefghijklmnopqrstuvwxyz';

/** A company's domain: words, rarely an odd abbreviation. */
export function companyDomain(random: Random): string {
  const name = random.chance(0.04) ? random.letters(letters, random.int(3, 10)) : `${random.pick(words)}${random.chance(0.2) ? '-' : ''}${random.pick(words)}${random.chance(0.15) ? random.pick(['hq', 'labs', 'app', 'ly', 'soft', '24']) : ''}`;
  return `${name}.${random.pick(ends)}`;
}

/** A domain that an attacker has registered: nobody else looks it up. */
export const attackerDomain = (random: Random): string => `${random.pick(words)}${random.pick(words)}${random.pick(words)}.${random.pick(ends)}`;

/** A server's label. */
export const role = (random: Random): string => random.pick(roles);

/** A domain as malware makes it up. */
export const generatedDomain = (random: Random): string => `${random.letters(random.chance(0.3) ? base36 : letters, random.int(11, 18))}.${random.pick(['com', 'net', 'org', 'info', 'biz', 'ru', 'top', 'xyz'])}`;

/** Data as base32, base36 or hexadecimal, in labels of up to 60 characters. */
export function dataLabels(random: Random, characters: number, alphabet: 'hex' | 'base32'): string {
  const text = alphabet === 'hex' ? random.hex(characters) : random.letters('abcdefghijklmnopqrstuvwxyz234567', characters);
  return (text.match(/.{1,60}/g) ?? []).join('.');
}

/** Letters and digits, as shards and ids are named. */
export const id = (random: Random, count: number): string => random.letters(base36, count);
