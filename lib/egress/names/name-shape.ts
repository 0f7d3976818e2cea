/**
 * Pairs of letters that are common in English: about six in seven of all pairs in words, one in four of letters drawn at
 * random, fewer with digits among them. Source: Norvig, "English Letter Frequency Counts: Mayzner Revisited" (https://norvig.com/mayzner.html).
 */
const commonPairs = new Set(
  (
    'th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le ve co me de hi ri ro ic ne ea ra ce li ch ll be ma si om ur ' +
    'ca el ta la ns di fo ho pe ec pr no ct us ac ot il tr ly nc et ut ss so rs un lo wa ge ie wh ee wi em ad ol rt po we na ul ni ts mo ow pa im mi ai sh ' +
    'ir su id os iv ia am fi ci vi pl ig tu ev ld ry mp fe bl ab gh ty op wo sa ay ex ke fr oo ag if ap gr od bo sp rd do uc bu ei ov by rm ep tt oc fa ef cu rn sc gi da yo cr cl du ga qu ue'
  ).split(' '),
);
/** Words have more common pairs than this, random letters fewer. */
const leastReadable = 0.45;
/** Fewer pairs decide nothing. */
const leastLabel = 8;
/** Shorter pieces carry data only when a name has many of them. */
const leastPiece = 3;
const leastOfPieces = 24;
/** A number, perhaps with a letter or three before it, as ids of customers have. */
const numbered = /^[a-z]{0,3}\d{1,15}$/;
/** The usual hashes and UUIDs in hexadecimal: a name for a thing more often than data. */
const hash = /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/;
const hashShare = 0.25;
/** Names that carry keys and policies of mail, or prove who owns a domain: their labels look random. */
const ofRecords = /(?:^|\.)_(?:domainkey|dmarc|spf|acme-challenge|mta-sts|smtp|report)(?:\.|$)/;

/** Whether a label is no word nor made of words: its letters follow each other as if drawn at random. */
export function looksRandom(label: string): boolean {
  return label.length >= leastLabel && !numbered.test(label) && readableShare(label) < leastReadable;
}

function readableShare(label: string): number {
  let pairs = 0;
  let common = 0;
  for (let at = 1; at < label.length; at++) {
    const pair = label.slice(at - 1, at + 1);
    if (/[-_]/.test(pair)) continue;
    pairs += 1;
    if (commonPairs.has(pair)) common += 1;
  }
  return pairs === 0 ? 1 : common / pairs;
}

/**
 * Counts the characters of a name's labels, those below the registered domain, that look like coded data. Words, numbers
 * and host names count nothing, hashes a quarter.
 */
export function codedCharacters(labels: string): number {
  if (labels.length < leastLabel || ofRecords.test(labels)) return 0;
  let coded = 0;
  let pieces = 0;
  for (const label of labels.split('.')) {
    const packed = label.replaceAll(/[-_]/g, '');
    if (packed.length >= leastLabel) {
      if (hash.test(packed)) coded += packed.length * hashShare;
      else if (looksRandom(label)) coded += packed.length;
    } else if (packed.length >= leastPiece && !numbered.test(packed) && readableShare(label) < leastReadable) pieces += packed.length;
  }
  return coded + (pieces >= leastOfPieces ? pieces : 0);
}
