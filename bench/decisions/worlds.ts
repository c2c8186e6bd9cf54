import type { Random } from './random.ts';

/** Standard deviation of one trial in the record the worlds are calibrated on, in bits per byte; effects are in its units. */
export const UNIT = 0.24e-3;

/** Where ideas come from and how far one measurement is off; lower scores are better. */
export interface World {
  readonly name: string;
  readonly about: string;
  /** Noise of one trial, in units. */
  readonly sigma: number;
  /** How many nights it gets, as a share of those asked for. */
  readonly weight: number;
  /** The effect of the next idea on the score, in units; below 0 is a gain. */
  effect(random: Random): number;
}

interface Kind {
  readonly weight: number;
  /** Mean size of an exponential effect; negative for a gain. */
  readonly mean: number;
}

/** 20 % of ideas do nothing, 36 % do a small harm, 25 % a large one, and 19 % are gains of 1.2 sigma on average. */
const REAL: readonly Kind[] = [
  { weight: 0.2, mean: 0 },
  { weight: 0.36, mean: 3 },
  { weight: 0.25, mean: 12 },
  { weight: 0.19, mean: -1.2 },
];

export const WORLDS: readonly World[] = [
  { name: 'real', about: 'the effects of the public record', sigma: 1, weight: 1, effect: mixture(REAL) },
  { name: 'low noise', about: 'the same effects, half the noise', sigma: 0.5, weight: 0.25, effect: mixture(REAL) },
  { name: 'high noise', about: 'the same effects, twice the noise', sigma: 2, weight: 0.25, effect: mixture(REAL) },
  { name: 'null', about: 'no idea has any effect', sigma: 1, weight: 0.5, effect: () => 0 },
  {
    name: 'all harmful',
    about: 'every idea harms, by 1.5 sigma on average',
    sigma: 1,
    weight: 0.25,
    effect: mixture([{ weight: 1, mean: 1.5 }]),
  },
  {
    name: 'rare big gains',
    about: '2 % of ideas gain 6 sigma, the others do nothing or a small harm',
    sigma: 1,
    weight: 0.25,
    effect: (random) => (random.unit() < 0.02 ? -6 : random.unit() < 0.5 ? 0 : random.exponential(3)),
  },
  {
    name: 'few gains',
    about: '5 % gains among small harm',
    sigma: 1,
    weight: 0.25,
    effect: mixture([
      { weight: 0.95, mean: 1.5 },
      { weight: 0.05, mean: -1.5 },
    ]),
  },
];

function mixture(kinds: readonly Kind[]): World['effect'] {
  return (random) => {
    let left = random.unit();
    for (const { weight, mean } of kinds) {
      if (left < weight) return mean === 0 ? 0 : Math.sign(mean) * random.exponential(Math.abs(mean));
      left -= weight;
    }
    return 0;
  };
}
