import type { Trial } from '../../../src/experiment.ts';
import { createRandom } from '../random.ts';
import { commitOf, trialOf } from '../records.ts';
import { UNIT, type World } from '../worlds.ts';

/** Where the streams of a night begin that belong to no idea. */
const NOISE = 1_000_003;
const SLOTS = 2_000_003;
const AGENTS = 3_000_017;
const LUCK = 4_000_037;
/** How far slots are off each other: a standard deviation in units of sigma. */
const OFF = 1;
/** What a proposal takes, in trials of 300 s. */
const AGENT = [0.2, 1] as const;

export interface Scene {
  readonly world: World;
  readonly slots: number;
  readonly seed: number;
  readonly night: number;
  /** How likely an idea still works after one more keep, once it is moved onto that. */
  readonly survive: number;
}

/** The part that is simulated: ideas whose effects add up, trials in slots that are off each other, and how long agents think. */
export class ParallelNature {
  readonly #scene: Scene;
  readonly #truth = new Map([[commitOf(0), 0]]);
  readonly #offsets: readonly number[];
  readonly #agents;
  #trials = 0;

  constructor(scene: Scene) {
    this.#scene = scene;
    const { slots, seed, night } = scene;
    const random = createRandom(seed, night, SLOTS);
    this.#offsets = Array.from({ length: slots }, () => (slots > 1 ? OFF * random.normal() : 0));
    this.#agents = createRandom(seed, night, AGENTS);
  }

  /** An idea as a commit on another one; `keeps` came between what it was proposed on and that. */
  commit(idea: number, { on, as, keeps }: { readonly on: string; readonly as: string; readonly keeps: number }): void {
    const { world, seed, night, survive } = this.#scene;
    const works = keeps === 0 || createRandom(seed, night, LUCK, idea).unit() < survive ** keeps;
    const effect = works ? world.effect(createRandom(seed, night, idea)) : 0;
    this.#truth.set(as, this.truthOf(on) + effect);
  }

  /** What the commit is worth, in units. */
  truthOf(commit: string): number {
    const truth = this.#truth.get(commit);
    if (truth === undefined) throw new Error(`nothing is known of the commit ${commit}`);
    return truth;
  }

  trial(commit: string, { index, seed: given }: Pick<Trial, 'index' | 'seed'>, slot = 0): Trial {
    const { world, seed, night } = this.#scene;
    const noise = createRandom(seed, night, NOISE, ++this.#trials).normal();
    const value = 1 + (this.truthOf(commit) + ((this.#offsets[slot] ?? 0) + noise) * world.sigma) * UNIT;
    return trialOf(commit, { index, seed: given }, { value, curve: [] });
  }

  /** How long the next proposal takes, in trials. */
  think(): number {
    const [least, most] = AGENT;
    return least + (most - least) * this.#agents.unit();
  }
}
