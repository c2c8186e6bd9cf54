import { drift, fixedSeed, heavyTails, outliers, sharedSeed, type NoiseOfNight } from './noises.ts';
import { BUDGETED, NOISY, SEEDED } from './names.ts';
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
  /** Trials of a night, where they are not as many as were asked for. */
  readonly budget?: number;
  /** How a trial is off; without it every trial by something of its own. */
  readonly noise?: NoiseOfNight;
  /** Its truth and its noise as a trial shows them, in units; without it their sum. */
  readonly shown?: (truth: number, noise: number, random: Random) => number;
  /** The least and the most a truth can be, in units from the start. */
  readonly limits?: readonly [least: number, most: number];
  /** Who is played: the names of policies; without it all that play everywhere. */
  readonly policies?: readonly string[];
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

const ITEMS = 100;
/** How often an item is wrong before the first change, and what one sigma is there. */
const WRONG = 0.7;
const ONE = Math.sqrt((WRONG * (1 - WRONG)) / ITEMS);

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
  ...hard(),
];

/** The effects of the public record where something else than fresh normal noise is in the way. */
function hard(): World[] {
  const effect = mixture(REAL);
  const common = { sigma: 1, weight: 0.25, effect } as const;
  const ar = drift(0.98, 3);
  return [
    { ...common, name: 'shared seed', about: 'the seed decides, the same for every commit', noise: sharedSeed, policies: SEEDED },
    { ...common, name: 'fixed seed', about: 'the seed decides, differently for every commit', noise: fixedSeed, policies: SEEDED },
    { ...common, name: 'fresh seed', about: 'the seed decides nothing', policies: SEEDED },
    {
      ...common,
      weight: 0.5,
      name: 'too good',
      about: '10 % of the trials are too good by 10 sigma',
      noise: outliers(0.1, -1),
      policies: NOISY,
    },
    {
      ...common,
      weight: 0.5,
      name: 'too bad',
      about: '10 % of the trials are too bad by 10 sigma',
      noise: outliers(0.1, 1),
      policies: NOISY,
    },
    { ...common, name: 't3', about: 'noise with heavy tails, t with 3 df', noise: heavyTails, policies: NOISY },
    { ...common, weight: 0.5, name: 'drift', about: 'the machine wanders: AR(1), phi 0.98, sd 3 sigma', noise: ar, policies: NOISY },
    {
      ...common,
      weight: 0.5,
      name: 'drift, null',
      about: 'the same machine, and no idea has any effect',
      noise: ar,
      effect: () => 0,
      policies: NOISY,
    },
    { ...common, name: 'rounded', about: 'the metric is shown in steps of 2 sigma', shown: rounded, policies: NOISY },
    {
      ...common,
      name: '100 items',
      about: 'the mean of 100 answers, right or wrong',
      shown: items,
      limits: [(0.01 - WRONG) / ONE, (0.99 - WRONG) / ONE],
      policies: NOISY,
    },
    { ...common, name: '10 trials', about: 'a night of 10 trials', budget: 10, weight: 2, policies: BUDGETED },
    { ...common, name: '20 trials', about: 'a night of 20 trials', budget: 20, weight: 1, policies: BUDGETED },
  ];
}

function rounded(truth: number, noise: number): number {
  return 2 * Math.round((truth + noise) / 2);
}

/** Asks every item; the noise of this world is theirs. */
function items(truth: number, _noise: number, random: Random): number {
  const rate = WRONG + truth * ONE;
  let wrong = 0;
  for (let item = 0; item < ITEMS; item++) if (random.unit() < rate) wrong++;
  return (wrong / ITEMS - WRONG) / ONE;
}

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
