import type { Trial } from '../../src/experiment.ts';
import { fresh, type Noise } from './noises.ts';
import { createRandom, type Random } from './random.ts';
import { commitOf, trialOf, type Measured } from './records.ts';
import { UNIT, type World } from './worlds.ts';

/** Where a running trial shows its curve for the first time, as a share of its budget. */
export const LOOK_AT = 0.4;
/** How far a change moves the curve there without moving where it ends: its standard deviation, in units of sigma. */
const MISS = 3;
const BASELINE_SCORE = 1;

interface Commit {
  /** The score it would have without noise. */
  readonly truth: number;
  /** How far its curve is off at the look; a change is made on the shape its parent has. */
  readonly shape: number;
  readonly random: Random;
}

/** The simulated part: what a commit is really worth, and what a measurement of it shows. */
export class Nature {
  readonly #world: World;
  readonly #commits = new Map<string, Commit>();
  readonly #night: readonly [seed: number, night: number];
  readonly #noise: Noise;

  constructor(world: World, seed: number, night: number) {
    this.#world = world;
    this.#night = [seed, night];
    this.#noise = (world.noise ?? fresh)(seed, night);
    this.#commits.set(commitOf(0), { truth: BASELINE_SCORE, shape: 0, random: createRandom(seed, night, 0) });
  }

  /** The next idea, made on a commit. */
  invent(idea: number, on: string, commit: string): void {
    const random = createRandom(...this.#night, idea);
    const { truth, shape } = this.#get(on);
    const { sigma, effect, limits: [least, most] = [-Infinity, Infinity] } = this.#world;
    const moved = Math.min(most * UNIT, Math.max(least * UNIT, truth - BASELINE_SCORE + effect(random) * UNIT));
    this.#commits.set(commit, { truth: BASELINE_SCORE + moved, shape: shape + random.normal() * MISS * sigma * UNIT, random });
  }

  truthOf(commit: string): number {
    return this.#get(commit).truth;
  }

  /** One trial: its score, and the curve on its way there. */
  measure(commit: string, seed: number): Measured {
    const { truth, shape, random } = this.#get(commit);
    const { sigma, shown } = this.#world;
    const off = this.#noise({ seed, commit: Number.parseInt(commit, 16), random }) * sigma;
    const moved = (truth - BASELINE_SCORE) / UNIT;
    const value = shown === undefined ? truth + off * UNIT : BASELINE_SCORE + shown(moved, off, random) * UNIT;
    return {
      value,
      curve: [
        [LOOK_AT, truth + shape],
        [1, value],
      ],
    };
  }

  trial(commit: string, place: Pick<Trial, 'index' | 'seed'>): Trial {
    return trialOf(commit, place, this.measure(commit, place.seed));
  }

  /** Forgets what cannot be asked for any more. */
  forget(commit: string): void {
    this.#commits.delete(commit);
  }

  #get(commit: string): Commit {
    const found = this.#commits.get(commit);
    if (found === undefined) throw new Error(`nothing is known of the commit ${commit}`);
    return found;
  }
}
