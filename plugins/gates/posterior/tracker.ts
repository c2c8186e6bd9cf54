import type { SeedRecord, Summary } from '../../../src/plugin.ts';
import { learn, learnedPrior, posterior, scalePrior, update, type Belief } from '../../../src/stats.ts';
import { beliefAt, createCourses, type Course, type Under } from './courses.ts';
import { evidenceOf, judgeUnderDoubt } from './doubt.ts';
import type { FilterOptions, Finding, Measured } from './filter.ts';
import { Repeats } from './repeats.ts';

type Shown = Pick<Measured, 'value' | 'n' | 'spread' | 'beside' | 'seeds'>;

/**
 * The belief about the incumbent under several speeds of drift at once, each as likely as it makes what was measured.
 * Nothing that the run's history does not hold.
 */
export class Tracker {
  readonly #options: FilterOptions;
  readonly #courses = createCourses();
  readonly #repeats: Repeats;
  #isShared = false;
  #isCounted = false;
  #commit: string | null = null;
  #trials = 0;
  #now = 0;
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
    return this.#courses[0]?.beliefs.has(this.#commit) === true;
  }

  /** Takes in the next settled experiment. One without a score (crashed, stopped, unchanged) only takes time. */
  follow(summary: Summary): void {
    const { score, spread = 0, n = 1, beside, seeds, candidate, verdict } = summary;
    if (score === null) {
      this.#now += 1;
      return;
    }
    const measured: Measured = { value: score, spread, n, ...(beside && { beside }), ...(seeds && { seeds }) };
    this.#countAside(summary.setAside, score);
    if (!this.isStarted) {
      if (verdict === 'keep') this.calibrate(measured, candidate);
      return;
    }
    this.returnTo(summary.parent);
    if (seeds) this.#adopt(measured, seeds);
    if (summary.control) {
      this.#repeats.add(measured);
      this.#repeat(measured, summary.reason.code === 'DRIFT');
    } else {
      this.#settle(measured, verdict === 'keep', candidate);
      // That of the experiment that showed seeds to be shared is in already.
      if (!this.#isCounted) this.#repeats.add(measured);
      this.#isCounted = false;
    }
    this.#now += n;
  }

  #countAside(aside: Summary['setAside'] = [], score: number): void {
    const { scale } = this.#options;
    this.#aside += aside.length;
    this.#refuted += aside.filter((off) => scale.of(off.score) < scale.of(score)).length;
  }

  /** Starts from a measured incumbent. */
  calibrate(measured: Measured, commit: string | null): void {
    const { n, seeds } = measured;
    this.#repeats.start(this.#options, measured);
    this.#isShared = seeds?.rule === 'shared';
    this.#repeats.add(measured);
    this.#commit = commit;
    this.#trials = seeds?.independent ?? n;
    const belief = this.#believed(measured);
    for (const { beliefs } of this.#courses) beliefs.set(commit, { ...belief, at: this.#now });
  }

  /** An audit that rolls back makes an earlier keep the incumbent again; what was believed of it still holds. */
  returnTo(commit: string | null): void {
    if (this.#courses[0]?.beliefs.has(commit)) this.#commit = commit;
  }

  /** What a candidate's trials say of its effect; null before the baseline. */
  look(shown: Shown): Finding | null {
    if (shown.seeds) this.#adopt(shown, shown.seeds);
    const found = this.#under(shown);
    if (found.length === 0) return null;
    const noise = this.#repeats.noiseOf(shown);
    const finding = judgeUnderDoubt(found, { ...noise, s2: noise.sigma ** 2 / shown.n });
    return { ...finding, aside: this.#aside, refuted: this.#refuted };
  }

  /** The candidate held against what is believed under each speed of drift; beside the incumbent, drift has nothing to spoil. */
  #under({ value, n, beside, seeds }: Shown): Under[] {
    const { scale, prior: base, learn: learns, pseudoCounts } = this.#options;
    if (!beside && !this.isStarted) return [];
    const { sigma } = this.#repeats.noiseOf(beside ? { beside } : {});
    const s2 = sigma ** 2 / n;
    const courses = beside ? this.#courses.slice(0, 1) : this.#courses;
    const highest = Math.max(...courses.map(({ logWeight }) => logWeight));
    return courses.map((course) => {
      const before = beside ? { m: scale.of(beside.value), v: 0 } : this.#beliefOf(course);
      const priorAt = (factor: number) => {
        const scaled = scalePrior(base, sigma * factor);
        return learns && sigma > 0 ? learnedPrior(scaled, course.learned, pseudoCounts) : scaled;
      };
      const prior = priorAt(1);
      const d = scale.of(value - (seeds?.shift ?? 0)) - before.m;
      const weight = Math.exp(course.logWeight - highest);
      return { course, weight, before, prior, priorAt, d, s2, posterior: posterior(d, s2, before.v, prior) };
    });
  }

  #beliefOf(course: Course): Belief {
    const sigma = this.sigma ?? 0;
    // Measured while no noise was known, and some is known now.
    return beliefAt(course, this.#commit, this.#now + 1, { sigma, unmeasured: sigma ** 2 / this.#trials });
  }

  #set(course: Course, commit: string | null, { m, v }: Belief): void {
    course.beliefs.set(commit, { m, v, at: this.#now + 1 });
  }

  #settle(measured: Measured, kept: boolean, candidate: string | null): void {
    const { n, beside } = measured;
    for (const under of this.#under(measured)) {
      const { course, before, prior, d, s2, posterior: found } = under;
      if (!beside) course.logWeight += evidenceOf(under, this.#repeats.noiseOf({}));
      this.#set(course, this.#commit, update(before, { d, s2, posterior: found, kept: false }));
      if (kept) this.#set(course, candidate, update(before, { d, s2, posterior: found, kept: true }));
      if (s2 > 0) course.learned = learn(course.learned, found, prior);
    }
    if (!kept) return;
    this.#commit = candidate;
    this.#trials = n;
  }

  /** The incumbent measured again. Where it has drifted, so has everything measured before, by as much. */
  #repeat(measured: Measured, drifted: boolean): void {
    const { m, v: s2 } = this.#believed(measured);
    for (const course of this.#courses) {
      const before = this.#beliefOf(course);
      const d = m - before.m;
      if (s2 > 0) course.logWeight -= 0.5 * (d ** 2 / (s2 + before.v) + Math.log(s2 + before.v));
      if (!drifted) {
        this.#set(course, this.#commit, update(before, { d, s2, posterior: { E: 0, V: 0 }, kept: false }));
        continue;
      }
      for (const [commit, belief] of course.beliefs)
        course.beliefs.set(commit, { ...belief, m: belief.m + d, v: belief.v + before.v + s2 });
      this.#set(course, this.#commit, { m, v: s2 });
    }
    if (drifted) this.#trials = measured.n;
  }

  /** From here on trials are compared seed by seed: the incumbent's level is that on the first seed. */
  #adopt(shown: Shown, { rule, expected = NaN, shift, independent }: SeedRecord): void {
    if (rule !== 'shared' || this.#isShared) return;
    this.#isShared = true;
    this.#repeats.add(shown);
    this.#isCounted = true;
    this.#trials = independent;
    const m = this.#options.scale.of(expected - shift);
    for (const course of this.#courses) course.beliefs.set(this.#commit, { m, v: (this.sigma ?? 0) ** 2 / independent, at: this.#now });
  }

  #believed({ value, n, seeds }: Measured): Belief {
    return { m: this.#options.scale.of(value - (seeds?.shift ?? 0)), v: (this.sigma ?? 0) ** 2 / (seeds?.independent ?? n) };
  }
}
