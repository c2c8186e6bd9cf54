/** The audited gain of a run: final commit against anchor, on seeds (and items) the loop never used. Lower is better. */
import { ensure, ensureFinite, ensureProbability, ensureVariance } from './check.ts';
import { mean, standardDeviation } from './descriptive.ts';
import { NO_REPEATS, pool, type PooledVariance } from './variance.ts';
import { studentQuantile } from './student.ts';

/** A ratio of variances that is too large to be chance at the few degrees of freedom of an audit. */
const NOISIER = 3;

export interface AuditInput {
  /** Scores of fresh trials, in the score's unit. */
  readonly final: readonly number[];
  readonly anchor: readonly number[];
  /** The loop's sigma; the audit never assumes a smaller one. */
  readonly sigma: number;
  /** The degrees of freedom behind the loop's sigma: where the audit's own trials are no noisier, the two are pooled. Without them the larger counts. */
  readonly df?: number;
  /** The repeats of earlier audits, as their results gave them. */
  readonly earlier?: PooledVariance;
  /** Did trial i of both sides use the same seed? Then a paired interval is given too. */
  readonly sameSeeds?: boolean;
  readonly level?: number;
}

export interface Claim {
  /** Mean of the final commit minus mean of the anchor: negative is a gain. */
  readonly claim: number;
  readonly lower: number;
  readonly upper: number;
}

export interface Audit extends Claim {
  readonly verdict: 'gain shown' | 'no gain shown' | 'loss';
  /** The noise of one fresh trial, and the degrees of freedom behind the interval. */
  readonly sigma: number;
  readonly df: number;
  /** The repeats of all audits so far, for the next audit. */
  readonly repeats: PooledVariance;
  /** Where both sides used the same seeds and there are two or more. */
  readonly paired?: Claim;
}

/** The interval is claim +- t sigma sqrt(1/n + 1/n); without any repeat it is infinite and shows nothing. */
export function audit({ final, anchor, sigma, df, earlier = NO_REPEATS, sameSeeds = false, level = 0.95 }: AuditInput): Audit {
  ensure(final.length > 0 && anchor.length > 0, 'an audit needs trials of both sides', `${final.length} and ${anchor.length}`);
  ensureFinite([...final, ...anchor], 'scores');
  ensureVariance(sigma, 'sigma');
  ensureProbability(level, 'the level');
  const repeats = pool(pool(earlier, final), anchor);
  const claim = mean(final) - mean(anchor);
  const { noise, free } = df === undefined ? largerOf(repeats, sigma) : pooledWith(repeats, sigma, df);
  const { lower, upper } = around(claim, noise * Math.sqrt(1 / final.length + 1 / anchor.length), free, level);
  const verdict = upper < 0 ? 'gain shown' : lower > 0 ? 'loss' : 'no gain shown';
  const result = { claim, lower, upper, verdict, sigma: noise, df: free, repeats } as const;
  return sameSeeds && final.length > 1 ? { ...result, paired: pairedClaim(final, anchor, level) } : result;
}

interface Spread {
  readonly noise: number;
  readonly free: number;
}

function largerOf(repeats: PooledVariance, sigma: number): Spread {
  return { noise: Math.max(sigmaOf(repeats), sigma), free: repeats.df };
}

/** Together with the loop's noise, unless the fresh trials are much noisier, as on other data: then they count alone. */
function pooledWith(own: PooledVariance, sigma: number, df: number): Spread {
  // The loop's figure counts half as much as the audit's own at most: fresh seeds and other data may vary more.
  const weight = Math.min(df, own.df / 2);
  const isNoisier = df > 0 && own.ss > NOISIER * sigma ** 2 * own.df;
  const { ss, df: free } = isNoisier ? own : { ss: own.ss + weight * sigma ** 2, df: own.df + weight };
  return { noise: sigmaOf({ ss, df: free }), free };
}

function sigmaOf({ ss, df }: PooledVariance): number {
  return df === 0 ? 0 : Math.sqrt(ss / df);
}

function pairedClaim(final: readonly number[], anchor: readonly number[], level: number): Claim {
  ensure(final.length === anchor.length, 'sides with the same seeds have as many trials', `${final.length} and ${anchor.length}`);
  const differences = final.map((score, i) => score - (anchor[i] ?? NaN));
  return around(mean(differences), standardDeviation(differences) / Math.sqrt(differences.length), differences.length - 1, level);
}

function around(claim: number, error: number, df: number, level: number): Claim {
  const half = df === 0 ? Infinity : studentQuantile(0.5 + level / 2, df) * error;
  return { claim, lower: claim - half, upper: claim + half };
}
