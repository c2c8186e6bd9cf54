import {
  addClass,
  levelIn,
  moveSlot,
  replaceLevel,
  updateLevels,
  withOffsetsOf,
  type Belief,
  type SlotLevels,
} from '../../../src/stats.ts';
import { Clock } from './clock.ts';
import { createHypotheses, levelsAt, timesOf, type DriftHypothesis } from './drift-hypotheses.ts';
import { SlotStart, type SlotAndHardware } from './slot-start.ts';

interface Moved {
  readonly slot: string;
  readonly before: Belief;
  /** The level as it was measured. */
  readonly found: Belief;
}

/** Trials of a commit that was measured before. */
interface Again {
  readonly commit: string | null;
  readonly place: SlotAndHardware;
  readonly found: Belief;
  readonly n: number;
  readonly drifted: boolean;
}

/** What is believed of the incumbent, and of those before it to which an audit may go back: levels by slot, under each speed of drift. */
export class Beliefs {
  readonly hypotheses = createHypotheses();
  readonly clock = new Clock();
  readonly slots = new SlotStart();
  #commit: string | null = null;
  /** Trials behind the incumbent's measurement. */
  #trials = 0;

  get commit(): string | null {
    return this.#commit;
  }

  get isStarted(): boolean {
    return this.hypotheses[0]?.beliefs.has(this.#commit) === true;
  }

  /** Starts with a commit that was measured in one slot. */
  start(
    commit: string | null,
    place: SlotAndHardware,
    { m, n, sigma }: { readonly m: number; readonly n: number; readonly sigma: number },
  ): void {
    this.slots.measure(place, { m, n });
    this.moveTo(commit, n);
    this.#begin(sigma);
  }

  /** A keep: the commit is the incumbent from here on. Its beliefs are set already. */
  moveTo(commit: string | null, trials: number): void {
    this.#commit = commit;
    this.#trials = trials;
  }

  /** All levels from the trials of the starting point alone, with what is known of the noise by now. */
  #begin(sigma: number): void {
    const levels = this.slots.levels(sigma);
    const at = levels.slots.map((slot) => this.clock.now(slot));
    for (const { beliefs, gained } of this.hypotheses) {
      beliefs.set(this.#commit, { levels, at });
      gained.set(this.#commit, { m: 0, v: 0 });
    }
  }

  /** An audit that rolls back makes an earlier keep the incumbent again; what was believed of it still holds. */
  returnTo(commit: string | null): void {
    if (commit === this.#commit) return;
    for (const { beliefs } of this.hypotheses) {
      const [old, now] = [beliefs.get(commit), beliefs.get(this.#commit)];
      if (old === undefined) return;
      if (now === undefined || now.levels.slots.length === 1) continue;
      beliefs.set(commit, { levels: withOffsetsOf(old.levels, now.levels), at: now.at });
    }
    this.#commit = commit;
  }

  /** How much worse than the incumbent a commit is believed to be, with the variance of that; 0 for one that never was the incumbent. */
  aheadOf({ gained }: DriftHypothesis, commit: string | undefined): Belief {
    const [then, now] = [commit === undefined ? undefined : gained.get(commit), gained.get(this.#commit)];
    return then === undefined || now === undefined ? { m: 0, v: 0 } : { m: then.m - now.m, v: Math.abs(then.v - now.v) };
  }

  /** The incumbent's levels when a trial in this slot has just run; `sigma` is the noise of one trial. */
  levelsOf(hypothesis: DriftHypothesis, slot: string, sigma: number): SlotLevels {
    const held = hypothesis.beliefs.get(this.#commit);
    if (held === undefined) throw new RangeError('nothing is believed of the incumbent');
    return levelsAt(hypothesis, held, { clock: this.clock, slot, sigma, unmeasured: sigma ** 2 / this.#trials });
  }

  /** The same with the slot among them; null where it cannot be compared with any other. */
  levelsWith(hypothesis: DriftHypothesis, place: SlotAndHardware, sigma: number): SlotLevels | null {
    return this.slots.withSlot(this.levelsOf(hypothesis, place.slot, sigma), place, sigma);
  }

  set({ beliefs }: DriftHypothesis, commit: string | null, levels: SlotLevels, slot: string): void {
    beliefs.set(commit, { levels, at: timesOf(levels, { clock: this.clock, slot }) });
  }

  /**
   * Takes in a commit that was measured again: the incumbent, or one that was it when the trial began.
   * Where its slot has drifted, so has everything measured there before, by as much.
   */
  repeat({ commit, place, found: measured, n, drifted }: Again, sigma: number): void {
    const { slot } = place;
    const isNew = !this.slots.has(slot);
    if (this.slots.measure(place, { m: measured.m, n }) && isNew) return this.#begin(sigma);
    for (const hypothesis of this.hypotheses) {
      const ahead = this.aheadOf(hypothesis, commit ?? undefined);
      const found = { m: measured.m - ahead.m, v: measured.v + ahead.v };
      const levels = this.levelsWith(hypothesis, place, sigma);
      if (levels === null) {
        this.set(hypothesis, this.#commit, addClass(this.levelsOf(hypothesis, slot, sigma), { ...place, ...found }), slot);
        continue;
      }
      const before = levelIn(levels, slot);
      const [d, s2] = [found.m - before.m, found.v];
      if (s2 > 0) hypothesis.logWeight -= 0.5 * (d ** 2 / (s2 + before.v) + Math.log(s2 + before.v));
      // Without any noise, what a slot that is new shows is its level.
      if (isNew && s2 + before.v === 0) this.set(hypothesis, this.#commit, replaceLevel(levels, slot, found), slot);
      else if (drifted) this.#moveAll(hypothesis, levels, { slot, before, found });
      else this.set(hypothesis, this.#commit, updateLevels(levels, slot, { d, s2, posterior: { E: 0, V: 0 }, kept: false }), slot);
    }
    if (drifted) this.#trials = n;
  }

  #moveAll(hypothesis: DriftHypothesis, levels: SlotLevels, { slot, before, found }: Moved): void {
    for (const [commit, held] of hypothesis.beliefs) {
      if (!held.levels.slots.includes(slot)) continue;
      const moved = moveSlot(held.levels, slot, { by: found.m - before.m, v: before.v });
      hypothesis.beliefs.set(commit, { ...held, levels: moveSlot(moved, slot, { by: 0, v: found.v }) });
    }
    this.set(hypothesis, this.#commit, replaceLevel(levels, slot, found), slot);
  }

  /** The incumbent was measured anew in a slot: of all other beliefs, only those about differences between slots are kept. */
  restart({ slot, hardware }: SlotAndHardware, { m, v }: Belief, trials: number): void {
    this.#trials = trials;
    const first = { slots: [slot], classes: [hardware], mean: [m], cov: [[v]] };
    for (const { beliefs } of this.hypotheses) {
      const known = beliefs.get(this.#commit)?.levels;
      const levels = known === undefined || known.slots.length === 1 ? first : withOffsetsOf(first, known);
      beliefs.set(this.#commit, { levels, at: levels.slots.map((each) => this.clock.now(each)) });
    }
  }
}
