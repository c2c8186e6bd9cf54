import { IncumbentCommits, type KnownNoise, type Score, type Summary } from '../../../src/plugin.ts';
import {
  estimateSigma,
  learn,
  learnedPrior,
  NO_REPEATS,
  NOTHING_LEARNED,
  posterior,
  scalePrior,
  update,
  type Belief,
  type Interval,
  type Learned,
  type PooledVariance,
  type Posterior,
  type Prior,
} from '../../../src/stats.ts';
import type { Scale } from './scale.ts';

export interface Learning {
  /** In units of sigma. */
  readonly prior: Prior;
  readonly learn: boolean;
  readonly pseudoCounts: number;
}

export interface FilterOptions extends Learning {
  readonly scale: Scale;
  /** The config's figure for the noise, in units of the score. */
  readonly given: number | undefined;
  /** What was measured of the noise before the run. */
  readonly known?: KnownNoise | undefined;
  /** The run's set of decision rules. */
  readonly rules: number;
}

/** The evidence of a measured candidate, on the scale where lower is better. */
export interface Finding {
  /** The candidate's mean minus the belief's, and the variance of that mean. */
  readonly d: number;
  readonly s2: number;
  readonly sigma: number;
  /** Degrees of freedom behind sigma. */
  readonly df: number;
  readonly before: Belief;
  /** In units of the scale, with what the run has learned. */
  readonly prior: Prior;
  readonly posterior: Posterior;
  /** The 95 % interval of the effect, where it is not that of a normal distribution. */
  readonly interval?: Interval;
  /** Trials so far that were set aside, and those of them that were too good to be true. */
  readonly aside?: number;
  readonly refuted?: number;
  /** What a trial adds to the doubt of the incumbent's level, in units of sigma squared. */
  readonly drift?: number;
  /** With several slots: the one the candidate ran in, and what would then be believed of the incumbent in each. */
  readonly slots?: { readonly slot: string; after(kept: boolean): readonly (readonly [slot: string, level: Belief])[] };
  /** The effect against the commit that the change was made on, where that is not the incumbent any more. */
  readonly own?: { readonly d: number; readonly E: number; readonly V: number; readonly pGain: number };
}

export type Measured = Pick<Score, 'value' | 'spread' | 'n' | 'beside' | 'seeds'>;

/** The estimate of the incumbent and what has been learned about effects, folded from the run's history alone. */
export class Filter {
  readonly #options: FilterOptions;
  #learned: Learned = NOTHING_LEARNED;
  #repeats: PooledVariance = NO_REPEATS;
  /** Of the differences from the incumbent beside, where trials are interleaved. */
  #pairs: PooledVariance = NO_REPEATS;
  #firstSigma: number | undefined;
  #given: number | undefined;
  /** Beliefs by commit: of the incumbent, and of those before it, to which an audit may go back. */
  readonly #beliefs = new Map<string | null, Belief>();
  #commit: string | null = null;
  readonly #incumbents = new IncumbentCommits();
  /** Trials behind the incumbent's measurement. */
  #trials = 0;

  constructor(options: FilterOptions) {
    this.#options = options;
  }

  /** The noise of one trial on the filter's scale; undefined while nothing was measured twice and the config has no figure. */
  get sigma(): number | undefined {
    return estimateSigma(this.#repeats, { guess: this.#given, first: this.#firstSigma });
  }

  /** The noise of one difference between trials side by side; drift, which affects both, cancels out. */
  get #pairSigma(): number | undefined {
    const { sigma } = this;
    return estimateSigma(this.#pairs, { guess: sigma === undefined ? undefined : Math.SQRT2 * sigma });
  }

  /** Takes in the next settled experiment. One without a score (crashed, stopped, unchanged) says nothing. */
  follow(summary: Summary): void {
    const incumbent = this.#incumbents.follow(summary);
    const { score, spread = 0, n = 1, beside, candidate, verdict } = summary;
    if (score === null) return;
    const measured = { value: score, spread, n, ...(beside && { beside }) };
    if (this.belief === null) {
      if (verdict === 'keep') this.calibrate(measured, candidate);
      return;
    }
    this.returnTo(incumbent);
    if (summary.kind === 'control') {
      this.#pool(measured);
      this.#repeat(measured, summary.reason.code === 'DRIFT');
    } else {
      this.#settle(measured, verdict === 'keep', candidate);
      this.#pool(measured);
    }
  }

  /** Starts from a measured incumbent. */
  calibrate(measured: Measured, commit: string | null): void {
    const { scale, given, known } = this.#options;
    if (known) this.#repeats = { ss: scale.spreadOf(known.sigma, measured.value) ** 2 * known.df, df: known.df };
    this.#given = given === undefined ? undefined : scale.spreadOf(given, measured.value);
    this.#pool(measured);
    this.#commit = commit;
    this.#trials = measured.n;
    this.#beliefs.set(commit, this.#believed(measured));
  }

  /** An audit that rolls back makes an earlier keep the incumbent again; what was believed of it still holds. */
  returnTo(commit: string | null): void {
    if (this.#beliefs.has(commit)) this.#commit = commit;
  }

  get isStarted(): boolean {
    return this.belief !== null;
  }

  /** What is believed of the incumbent; null before the baseline. */
  get belief(): Belief | null {
    const belief = this.#beliefs.get(this.#commit);
    if (belief === undefined) return null;
    // The level was measured before any noise was known.
    return belief.v === 0 ? { m: belief.m, v: (this.sigma ?? 0) ** 2 / this.#trials } : belief;
  }

  /**
   * The evidence of a candidate's trials on its effect; null before the baseline.
   * Without noise, or any knowledge of it, the difference is the effect.
   */
  look({ value, n, beside }: Pick<Measured, 'value' | 'n' | 'beside'>): Finding | null {
    const { scale, prior: base, learn: learns, pseudoCounts } = this.#options;
    // If the incumbent was measured beside it, no estimate of the incumbent is needed: its uncertainty is part of the noise of the difference.
    const before = beside ? { m: scale.of(beside.value), v: 0 } : this.belief;
    if (before === null) return null;
    const sigma = (beside ? this.#pairSigma : this.sigma) ?? 0;
    const { df } = beside ? this.#pairs : this.#repeats;
    const scaled = scalePrior(base, sigma);
    const prior = learns && sigma > 0 ? learnedPrior(scaled, this.#learned, pseudoCounts) : scaled;
    const d = scale.of(value) - before.m;
    const s2 = sigma ** 2 / n;
    return { d, s2, sigma, df, before, prior, posterior: posterior(d, s2, before.v, prior) };
  }

  #settle(measured: Measured, kept: boolean, candidate: string | null): void {
    const finding = this.look(measured);
    if (finding === null) return;
    // What the candidate shows of the incumbent it replaces is kept too, in case an audit rolls back to it.
    this.#beliefs.set(this.#commit, after(finding, false));
    if (kept) {
      this.#commit = candidate;
      this.#trials = measured.n;
      this.#beliefs.set(candidate, after(finding, true));
    }
    if (finding.s2 > 0) this.#learned = learn(this.#learned, finding.posterior, finding.prior);
  }

  /** The incumbent measured again. Where it has drifted, so has everything measured before, by as much. */
  #repeat(measured: Measured, drifted: boolean): void {
    const before = this.belief;
    if (before === null) return;
    const { m, v: s2 } = this.#believed(measured);
    const d = m - before.m;
    if (!drifted) {
      this.#beliefs.set(this.#commit, update(before, { d, s2, posterior: { E: 0, V: 0 }, kept: false }));
      return;
    }
    for (const [commit, belief] of this.#beliefs) this.#beliefs.set(commit, { m: belief.m + d, v: belief.v + before.v + s2 });
    this.#beliefs.set(this.#commit, { m, v: s2 });
    this.#trials = measured.n;
  }

  #believed({ value, n }: Measured): Belief {
    return { m: this.#options.scale.of(value), v: (this.sigma ?? 0) ** 2 / n };
  }

  #pool({ value, spread, n, beside }: Measured): void {
    if (n < 2) return;
    const { scale } = this.#options;
    const add = ({ ss, df }: PooledVariance, of: number) => ({ ss: ss + scale.spreadOf(of, value) ** 2 * (n - 1), df: df + n - 1 });
    this.#repeats = add(this.#repeats, spread);
    if (beside) this.#pairs = add(this.#pairs, beside.spread);
    this.#firstSigma ??= this.sigma;
  }
}

/** What is believed of the incumbent once the candidate has been kept or discarded. */
export function after({ d, s2, before, posterior: found, own }: Finding, kept: boolean): Belief {
  const effect = own === undefined ? found : { E: own.E + d - own.d, V: own.V };
  return update(before, { d, s2, posterior: effect, kept });
}
