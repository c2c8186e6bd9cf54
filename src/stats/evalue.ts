/** Evidence for a gain that stays valid however often one looks, for a known sigma; reported by audits, not used by the loop. */
import { ensure, ensureVariance } from './check.ts';
import { normalLogCdf } from './normal.ts';

export interface EValue {
  /** 20 or more is as strong as p <= 0.05; Infinity where it exceeds what a number holds. */
  readonly e: number;
  readonly ln: number;
}

/**
 * The e-value of a difference `d` (lower is better) with variance `q` = sigma^2 (1/n + 1/n of the anchor),
 * where a gain's size under the alternative is half-normal with scale `t`, 1.5 sigma as a rule. All in the score's unit.
 */
export function eValue(d: number, q: number, t: number): EValue {
  ensure(Number.isFinite(d), 'the difference must be a finite number', d);
  ensureVariance(q, 'the variance of the difference');
  ensure(q > 0 && t > 0, 'the variance and the scale must be above 0', `${q} and ${t}`);
  const a = (-d * t) / Math.sqrt(q * (q + t * t));
  const ln = Math.LN2 + 0.5 * Math.log(q / (q + t * t)) + 0.5 * a * a + normalLogCdf(a);
  return { e: Math.exp(ln), ln };
}
