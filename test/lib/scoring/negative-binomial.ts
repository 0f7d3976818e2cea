import type { CountHistory, CountPrior } from '../../../lib/scoring/surprise.ts';

interface Parameters {
  readonly mean: number;
  readonly size: number;
}

/** The mean and size that docs/model.md gives for a history: shrunk towards the prior as by twelve windows of it. */
export function shrunk({ windows, sum, squares }: CountHistory, prior: CountPrior): Parameters {
  const weight = windows + 12;
  const mean = (sum + 12 * prior.mean) / weight;
  const variance = Math.max((squares + 12 * (prior.variance + prior.mean ** 2)) / weight - mean ** 2, 1.05 * mean) * (1 + 1 / weight);
  return { mean, size: Math.min(50, Math.max(0.02, mean ** 2 / (variance - mean))) };
}

/** P(K > count) + P(K = count) / 2, each term by itself from gamma functions and the smallest summed first. */
export function negativeBinomialTail(count: number, parameters: Parameters): number {
  let tail = 0;
  for (let k = count + 3000; k > count; k--) tail += Math.exp(logTerm(k, parameters));
  return tail + Math.exp(logTerm(count, parameters)) / 2;
}

function logTerm(k: number, { mean, size }: Parameters): number {
  return logGamma(k + size) - logGamma(size) - logGamma(k + 1) + size * Math.log(size / (size + mean)) + k * Math.log(mean / (size + mean));
}

/** ln Γ(x) by Stirling's series, of an argument made large by Γ(x + 1) = x Γ(x). */
function logGamma(x: number): number {
  let [shift, large] = [0, x];
  while (large < 20) {
    shift += Math.log(large);
    large += 1;
  }
  const series = 1 / (12 * large) - 1 / (360 * large ** 3) + 1 / (1260 * large ** 5);
  return (large - 0.5) * Math.log(large) - large + Math.log(2 * Math.PI) / 2 + series - shift;
}
