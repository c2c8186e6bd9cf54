import type { KnownNoise, Noise } from '../plugin.ts';

/** How much one trial varies, pooled over everything that was measured more than once without a change. */
export class NoiseEstimate {
  readonly #given: number | undefined;
  readonly #known: KnownNoise | undefined;
  #squares: number;
  #df: number;
  #first: number | null = null;

  /** `given` is a guess from the config and counts as two degrees of freedom; `known` was measured before, and counts as its own. */
  constructor(given: number | undefined, known?: KnownNoise) {
    this.#given = given;
    this.#known = known;
    this.#df = known?.df ?? 0;
    this.#squares = known === undefined ? 0 : known.sigma ** 2 * known.df;
    if (this.#df > 0) this.#first = this.#pooled();
  }

  /** Adds the trials behind one score: their sample standard deviation and their count. */
  add(spread: number, n: number): void {
    if (n < 2) return;
    this.#squares += spread ** 2 * (n - 1);
    this.#df += n - 1;
    this.#first ??= this.#pooled();
  }

  get noise(): Noise | null {
    const given = { ...(this.#given !== undefined && { given: this.#given }), ...(this.#known && { known: this.#known }) };
    if (this.#df === 0) return this.#given === undefined ? null : { sigma: this.#given, df: 0, source: 'config', ...given };
    // A few repeats that agree by chance would make the noise seem far too small.
    return { sigma: Math.max(this.#pooled(), 0.1 * (this.#first ?? 0)), df: this.#df, source: 'repeats', ...given };
  }

  #pooled(): number {
    const priorDf = this.#given === undefined ? 0 : 2;
    return Math.sqrt((this.#squares + priorDf * (this.#given ?? 0) ** 2) / (this.#df + priorDf));
  }
}
