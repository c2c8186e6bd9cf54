import type { SeedRecord, Summary } from '../../../src/plugin.ts';
import { learn, learnedPrior, levelIn, posterior, scalePrior, updateLevels, type Belief } from '../../../src/stats.ts';
import { Beliefs } from './beliefs.ts';
import { effectOf, type Conditional } from './drift-hypotheses.ts';
import { evidenceOf, judgeUnderDoubt } from './doubt.ts';
import type { FilterOptions, Finding, Measured } from './filter.ts';
import { Repeats } from './repeats.ts';
import type { SlotAndHardware } from './slot-start.ts';

/** Reasons of controls that found the machine, or one slot of it, changed. */
const DRIFTS: ReadonlySet<string> = new Set(['DRIFT', 'SLOT_DRIFT']);

/** What a candidate's trials show, where they ran, and on which commit the change was made. */
type Shown = Pick<Measured, 'value' | 'n' | 'spread' | 'beside' | 'seeds'> & SlotAndHardware & { readonly parent?: string };

/**
 * The belief about the incumbent's level in each slot, under several speeds of drift at once, each as likely as it makes what was
 * measured. It is folded from the run's history alone, in its order: a change may have been made on an earlier incumbent.
 */
export class Tracker {
  readonly #options: FilterOptions;
  readonly #beliefs = new Beliefs();
  readonly #repeats: Repeats;
  /** Commits of the keeps, by their experiment. */
  readonly #kept = new Map<number, string | null>();
  #isShared = false;
  #isCounted = false;
  #aside = 0;
  #refuted = 0;

  constructor(options: FilterOptions) {
    this.#options = options;
    this.#repeats = new Repeats(options.scale);
  }

  /** The noise of one trial on the filter's scale; undefined while nothing was measured twice and the config has no figure. */
  get sigma(): number | undefined {
    return this.#repeats.sigma;
  }

  get isStarted(): boolean {
    return this.#beliefs.isStarted;
  }

  /** Takes in the next settled experiment. One without a score (crashed, stopped, unchanged) only takes time. */
  follow(summary: Summary): void {
    const { id, score, spread = 0, n = 1, beside, seeds, candidate, verdict, parent } = summary;
    const place = this.#beliefs.slots.placeOf(summary);
    if (score === null) {
      this.#beliefs.clock.pass(summary.slot === undefined ? undefined : place.slot, 1);
      return;
    }
    const measured: Measured = { value: score, spread, n, ...(beside && { beside }), ...(seeds && { seeds }) };
    this.#countAside(summary.setAside, score);
    if (verdict === 'keep') this.#kept.set(id, candidate);
    if (!this.isStarted) {
      if (verdict === 'keep') this.calibrate({ ...measured, ...place }, candidate);
      return;
    }
    this.#beliefs.returnTo(this.#incumbentOf(summary));
    if (seeds) this.#adopt({ ...measured, ...place }, seeds);
    if (summary.kind === 'control') {
      this.#repeats.add(measured);
      const again = { commit: candidate, place, found: this.#believed(measured), n, drifted: DRIFTS.has(summary.reason.code) };
      this.#beliefs.repeat(again, this.sigma ?? 0);
    } else {
      this.#settle({ ...measured, ...place, parent }, verdict === 'keep', candidate);
      // The experiment that showed seeds to be shared is counted already.
      if (!this.#isCounted) this.#repeats.add(measured);
      this.#isCounted = false;
    }
    this.#beliefs.clock.pass(place.slot, n);
  }

  /** The incumbent that it was compared with, which need not be the one that it was made on. */
  #incumbentOf({ basis, incumbent, parent }: Summary): string | null {
    return incumbent === null || incumbent === basis ? parent : (this.#kept.get(incumbent) ?? parent);
  }

  #countAside(aside: Summary['setAside'] = [], score: number): void {
    const { scale } = this.#options;
    this.#aside += aside.length;
    this.#refuted += aside.filter((off) => scale.of(off.score) < scale.of(score)).length;
  }

  /** Starts from a measured incumbent. */
  calibrate(measured: Measured & Partial<SlotAndHardware>, commit: string | null): void {
    const { n, seeds } = measured;
    this.#repeats.start(this.#options, measured);
    this.#isShared = seeds?.rule === 'shared';
    this.#repeats.add(measured);
    const start = { m: this.#believed(measured).m, n: seeds?.independent ?? n, sigma: this.sigma ?? 0 };
    this.#beliefs.start(commit, this.#beliefs.slots.placeOf(measured), start);
  }

  /** An audit that rolls back makes an earlier keep the incumbent again; what was believed of it still holds. */
  returnTo(commit: string | null): void {
    this.#beliefs.returnTo(commit);
  }

  /** Can a candidate that ran there be compared: was the incumbent, or what it came from, measured on such hardware? */
  hasBaseline(place: Partial<SlotAndHardware>): boolean {
    const [hypothesis] = this.#beliefs.hypotheses;
    if (hypothesis === undefined || !this.isStarted) return true;
    return this.#beliefs.levelsWith(hypothesis, this.#beliefs.slots.placeOf(place), this.sigma ?? 0) !== null;
  }

  /** What a candidate's trials say of its effect; null before the baseline, or where there is none for its hardware. */
  look(candidate: Measured & Partial<SlotAndHardware> & { readonly parent?: string }): Finding | null {
    const shown: Shown = { ...candidate, ...this.#beliefs.slots.placeOf(candidate) };
    if (shown.seeds) this.#adopt(shown, shown.seeds);
    const found = this.#under(shown);
    if (found.length === 0) return null;
    const noise = this.#repeats.noiseOf(shown);
    const finding = judgeUnderDoubt(found, { ...noise, s2: noise.sigma ** 2 / shown.n, slot: shown.slot, rules: this.#options.rules });
    return { ...finding, aside: this.#aside, refuted: this.#refuted };
  }

  /** The candidate held against what is believed under each speed of drift; with `trainer.interleave`, drift does no harm. */
  #under(shown: Shown): Conditional[] {
    const { value, n, beside, seeds, slot, hardware } = shown;
    const { scale, prior: base, learn: learns, pseudoCounts } = this.#options;
    if (!beside && !this.isStarted) return [];
    const { sigma } = this.#repeats.noiseOf(beside ? { beside } : {});
    const s2 = sigma ** 2 / n;
    const hypotheses = beside ? this.#beliefs.hypotheses.slice(0, 1) : this.#beliefs.hypotheses;
    const highest = Math.max(...hypotheses.map(({ logWeight }) => logWeight));
    return hypotheses.flatMap((hypothesis) => {
      const levels = beside
        ? { slots: [slot], classes: [hardware], mean: [scale.of(beside.value)], cov: [[0]] }
        : this.#beliefs.levelsWith(hypothesis, shown, this.sigma ?? 0);
      if (levels === null) return [];
      const before = levelIn(levels, slot);
      const priorAt = (factor: number) => {
        const scaled = scalePrior(base, sigma * factor);
        return learns && sigma > 0 ? learnedPrior(scaled, hypothesis.learned, pseudoCounts) : scaled;
      };
      const prior = priorAt(1);
      const d = scale.of(value - (seeds?.shift ?? 0)) - before.m;
      const weight = Math.exp(hypothesis.logWeight - highest);
      const ahead = shown.parent === this.#beliefs.commit ? 0 : this.#beliefs.aheadOf(hypothesis, shown.parent).m;
      const own = ahead === 0 ? {} : { own: { d: d - ahead, posterior: posterior(d - ahead, s2, before.v, prior) } };
      return [{ hypothesis, weight, before, levels, prior, priorAt, d, s2, posterior: posterior(d, s2, before.v, prior), ...own }];
    });
  }

  #settle(measured: Shown, kept: boolean, candidate: string | null): void {
    const { n, beside, slot } = measured;
    this.#beliefs.slots.end();
    for (const under of this.#under(measured)) {
      const { hypothesis, levels, prior, d, s2, posterior: found, own } = under;
      const effect = effectOf(under);
      if (!beside) hypothesis.logWeight += evidenceOf(under, this.#repeats.noiseOf({}));
      this.#beliefs.set(hypothesis, this.#beliefs.commit, updateLevels(levels, slot, { d, s2, posterior: effect, kept: false }), slot);
      if (kept) this.#beliefs.set(hypothesis, candidate, updateLevels(levels, slot, { d, s2, posterior: effect, kept: true }), slot);
      const { m, v } = hypothesis.gained.get(this.#beliefs.commit) ?? { m: 0, v: 0 };
      if (kept) hypothesis.gained.set(candidate, { m: m + effect.E, v: v + effect.V });
      if (s2 > 0) hypothesis.learned = learn(hypothesis.learned, own?.posterior ?? found, prior);
    }
    if (kept) this.#beliefs.moveTo(candidate, n);
  }

  /** From here on trials are compared seed by seed: the incumbent's level is that on the first seed. */
  #adopt(shown: Measured & SlotAndHardware, { rule, expected = NaN, shift, independent }: SeedRecord): void {
    if (rule !== 'shared' || this.#isShared) return;
    this.#isShared = true;
    this.#repeats.add(shown);
    this.#isCounted = true;
    const m = this.#options.scale.of(expected - shift);
    this.#beliefs.restart(shown, { m, v: (this.sigma ?? 0) ** 2 / independent }, independent);
  }

  #believed({ value, n, seeds }: Measured): Belief {
    return { m: this.#options.scale.of(value - (seeds?.shift ?? 0)), v: (this.sigma ?? 0) ** 2 / (seeds?.independent ?? n) };
  }
}
