import { estimateSigma, NO_REPEATS, poolRobust, type PooledVariance } from '../../../src/stats.ts';
import type { FilterOptions, Measured } from './filter.ts';
import type { Scale } from './scale.ts';

/** A guess counts as so many degrees of freedom. */
const GUESS = 2;

/** What a run's repeats say of the noise, on the filter's scale. */
export class Repeats {
  readonly #scale: Scale;
  #groups: readonly PooledVariance[] = [];
  #pooled: PooledVariance = NO_REPEATS;
  /** Of the differences from the incumbent beside, where trials are interleaved. */
  #pairs: PooledVariance = NO_REPEATS;
  #first: number | undefined;
  #given: number | undefined;
  #isShared = false;

  constructor(scale: Scale) {
    this.#scale = scale;
  }

  /** The noise of one trial; undefined while nothing was measured twice and the config has no figure. */
  get sigma(): number | undefined {
    return estimateSigma(this.#pooled, { guess: this.#given, first: this.#first });
  }

  /** The noise that a candidate is judged by, the repeats behind it, and with those that a guess counts as. */
  noiseOf({ beside }: Pick<Measured, 'beside'>): { readonly sigma: number; readonly df: number; readonly free: number } {
    const { sigma } = this;
    if (!beside) return { sigma: sigma ?? 0, df: this.#pooled.df, free: this.#pooled.df + (this.#given === undefined ? 0 : GUESS) };
    // Of one difference between trials side by side; drift, which both have, is no part of it.
    const pair = estimateSigma(this.#pairs, { guess: sigma === undefined ? undefined : Math.SQRT2 * sigma });
    return { sigma: pair ?? 0, df: this.#pairs.df, free: this.#pairs.df + (sigma === undefined ? 0 : GUESS) };
  }

  /** Begins with what is known before the first trial. */
  start({ given, known }: FilterOptions, { value }: Pick<Measured, 'value'>): void {
    if (known) this.#add({ ss: this.#scale.spreadOf(known.sigma, value) ** 2 * known.df, df: known.df });
    this.#given = given === undefined ? undefined : this.#scale.spreadOf(given, value);
  }

  /** Takes in the trials behind one score. */
  add({ value, spread, n, beside, seeds }: Measured): void {
    const unit = this.#scale.spreadOf(1, value) ** 2;
    // Once it is known that a seed shifts every commit alike, that shift is not noise, and what was pooled before is dropped.
    if (seeds?.rule === 'shared' && !this.#isShared) [this.#groups, this.#first, this.#isShared] = [[], undefined, true];
    const { squares, df } = seeds ?? { squares: spread ** 2 * (n - 1), df: n - 1 };
    this.#add({ ss: squares * unit, df });
    if (!beside || n < 2) return;
    const { ss, df: free } = this.#pairs;
    this.#pairs = { ss: ss + beside.spread ** 2 * unit * (n - 1), df: free + n - 1 };
  }

  #add(group: PooledVariance): void {
    if (group.df < 1) return;
    this.#groups = [...this.#groups, group];
    this.#pooled = poolRobust(this.#groups);
    this.#first ??= this.sigma;
  }
}
