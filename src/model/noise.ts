import type { KnownNoise, Noise, Summary } from '../contract/run-view.ts';
import { estimateSigma, poolRobust, type PooledVariance } from '../stats.ts';

/** How much one trial varies, pooled over everything that was measured more than once without a change. */
export class NoiseEstimate {
  readonly #given: number | undefined;
  readonly #known: KnownNoise | undefined;
  readonly #rules: number;
  #groups: PooledVariance[] = [];
  #first: number | undefined;
  #isShared = false;

  /** `given` is a guess from the config and counts as two degrees of freedom; `known` was measured before, and counts as its own. */
  constructor(given: number | undefined, known?: KnownNoise, rules = 1) {
    this.#given = given;
    this.#known = known;
    this.#rules = rules;
    if (known) this.#add({ ss: known.sigma ** 2 * known.df, df: known.df });
  }

  /** Takes in the next settled experiment: the spread and the count of the trials behind its score, and what they say of seeds. */
  follow({ spread = 0, n = 0, seeds }: Pick<Summary, 'spread' | 'n' | 'seeds'>): void {
    if (seeds === undefined) return this.#add({ ss: spread ** 2 * (n - 1), df: n - 1 });
    // Once it is known that a seed shifts every commit alike, that shift is not noise, and what was pooled before is dropped.
    if (seeds.rule === 'shared' && !this.#isShared) [this.#groups, this.#first, this.#isShared] = [[], undefined, true];
    this.#add({ ss: seeds.squares, df: seeds.df });
  }

  get noise(): Noise | null {
    const given = { ...(this.#given !== undefined && { given: this.#given }), ...(this.#known && { known: this.#known }) };
    const pooled = this.#pooled;
    if (pooled.df === 0) return this.#given === undefined ? null : { sigma: this.#given, df: 0, source: 'config', ...given };
    // A few repeats that happen to agree would make everything seem sure.
    return { sigma: this.#sigmaOf(pooled, this.#first) ?? 0, df: pooled.df, source: 'repeats', ...given };
  }

  #add(group: PooledVariance): void {
    if (group.df < 1) return;
    this.#groups.push(group);
    this.#first ??= this.#sigmaOf(this.#pooled);
  }

  get #pooled(): PooledVariance {
    if (this.#rules >= 2) return poolRobust(this.#groups);
    return this.#groups.reduce((sum, { ss, df }) => ({ ss: sum.ss + ss, df: sum.df + df }), { ss: 0, df: 0 });
  }

  #sigmaOf(pooled: PooledVariance, first?: number): number | undefined {
    return estimateSigma(pooled, { guess: this.#given, first });
  }
}
