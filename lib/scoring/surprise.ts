/** Evidence is measured as −log10 of a probability ("decades"): 3 is one in a thousand. No single piece counts for more. */
export const maxDecades = 7;

/** The discount of the novelty model, Pitman–Yor's d: how much each distinct value seen makes another one likely. */
const discount = 0.5;

/**
 * Gives the probability that the next draw is a value never seen before, after `draws` that brought `values` distinct
 * ones: the new-value mass of a Pitman–Yor process with concentration θ and discount 1/2, as Sanna Passino & Heard use
 * it for computer networks (Foundations of Data Science 1(4), 2019).
 */
export function noveltyRate(draws: number, values: number, concentration: number): number {
  return Math.min(1, (concentration + discount * values) / (draws + concentration));
}

/** What a group says of a trait. */
export interface Companions {
  /** Its members, but for the one that asks. */
  readonly members: number;
  /** How many of them have the trait. */
  readonly doing: number;
  /** Distinct values of the trait's feature among them. */
  readonly values: number;
  /** How often a member told of a value of that feature. */
  readonly votes: number;
}

const groupConcentration = 1;

/**
 * Gives the probability that a new value is this one, from who else has it: the share of members in the first level
 * where anybody has; a level where nobody has counts as its own rate of new values, and `prior` is what is left when
 * nobody anywhere has. `maturity` (0 to 1) says how far the groups can be trusted yet.
 */
export function companionProbability(levels: readonly Companions[], prior: number, maturity: number): number {
  let probability = 1;
  for (const { members, doing, values, votes } of levels) {
    if (members === 0) continue;
    if (doing > 0) return Math.min(1, (probability * (doing + 0.5)) / (members + 1)) ** maturity;
    probability *= noveltyRate(members + votes, values, groupConcentration);
  }
  return probability ** maturity * prior;
}

/** Turns a probability into decades, between 0 and `maxDecades`. */
export function decades(probability: number): number {
  return Math.min(maxDecades, Math.max(0, -Math.log10(Math.max(probability, Number.MIN_VALUE))));
}

/** Mean and variance of counts per window, from sums over windows. */
export interface CountHistory {
  /** Number of windows; may be a decayed, fractional one. */
  readonly windows: number;
  /** Sum of counts. */
  readonly sum: number;
  /** Sum of squared counts. */
  readonly squares: number;
}

/** What counts are like before anything is known. */
export interface CountPrior {
  readonly mean: number;
  readonly variance: number;
}

/** The prior counts as so many windows. */
const priorWindows = 12;

/**
 * Gives the mid-p probability of seeing `count` or more in a window: a negative binomial whose mean and variance are
 * the history's, shrunk towards a prior. Half of the probability of `count` itself is left out, so that discrete
 * counts are not systematically too unsurprising (Rubin-Delanchy et al., JASA 2019).
 */
export function countTail(count: number, history: CountHistory, prior: CountPrior): number {
  if (count <= 0) return 1;
  const weight = history.windows + priorWindows;
  const mean = (history.sum + priorWindows * prior.mean) / weight;
  const square = (history.squares + priorWindows * (prior.variance + prior.mean ** 2)) / weight;
  const variance = Math.max(square - mean ** 2, 1.05 * mean) * (1 + 1 / weight);
  const size = Math.min(50, Math.max(0.02, mean ** 2 / (variance - mean)));
  return negativeBinomialTail(count, size, mean / (mean + size));
}

/** P(K > count) + P(K = count) / 2, summed from the recurrence of the terms. */
function negativeBinomialTail(count: number, size: number, success: number): number {
  let term = Math.exp(size * Math.log1p(-success));
  let below = 0;
  for (let k = 0; k < count; k++) {
    below += term;
    term *= ((k + size) / (k + 1)) * success;
  }
  const tail = 1 - below - term / 2;
  // Far out, 1 − below loses all digits: the terms beyond are summed instead.
  return tail > 1e-9 ? tail : tailFrom(count, { size, success, term });
}

function tailFrom(count: number, { size, success, term }: { size: number; success: number; term: number }): number {
  let sum = term / 2;
  let next = term;
  for (let k = count; k < count + 10_000 && next > sum * 1e-12; k++) {
    next *= ((k + size) / (k + 1)) * success;
    sum += next;
  }
  return sum;
}
