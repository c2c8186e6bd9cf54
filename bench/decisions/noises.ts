/** How one trial can be off: in units of the world's sigma, and below 0 where it looks too good. */
import { createRandom, type Random } from './random.ts';

export interface Occasion {
  readonly seed: number;
  /** Numbers that tell commits apart. */
  readonly commit: number;
  /** A number made from the commit itself, because policies ask for commits in different orders. */
  readonly random: Random;
}

/** The noise of one night; what is asked first is measured first. */
export type Noise = (occasion: Occasion) => number;
export type NoiseOfNight = (...night: readonly number[]) => Noise;

/** Where the streams of a night that belong to no commit begin. */
const OWN = 1_000_003;

/** Every trial is off by an amount of its own. */
export const fresh: NoiseOfNight =
  () =>
  ({ random }) =>
    random.normal();

/** The seed decides the error, which is the same for every commit. */
export const sharedSeed: NoiseOfNight =
  (...night) =>
  ({ seed }) =>
    createRandom(...night, OWN, seed).normal();

/** The seed decides the error, which differs from commit to commit; the same trial again gives the same number. */
export const fixedSeed: NoiseOfNight =
  (...night) =>
  ({ seed, commit }) =>
    createRandom(...night, OWN, commit, seed).normal();

/** The machine wanders: an autoregressive process of order 1 besides the noise of each trial. */
export const drift =
  (phi: number, sd: number): NoiseOfNight =>
  (...night) => {
    const machine = createRandom(...night, OWN);
    let level = sd * machine.normal();
    return ({ random }) => {
      level = phi * level + sd * Math.sqrt(1 - phi ** 2) * machine.normal();
      return level + random.normal();
    };
  };

/** Student's t with three degrees of freedom, as wide as a normal distribution of the same variance. */
export const heavyTails: NoiseOfNight =
  () =>
  ({ random }) => {
    const chi = random.normal() ** 2 + random.normal() ** 2 + random.normal() ** 2;
    return random.normal() / Math.sqrt(chi);
  };

/** A share of the trials is off by ten sigma more, on average, to one side: -1 makes them look too good. */
export const outliers =
  (share: number, side: 1 | -1): NoiseOfNight =>
  () =>
  ({ random }) =>
    random.normal() + (random.unit() < share ? side * random.exponential(10) : 0);
