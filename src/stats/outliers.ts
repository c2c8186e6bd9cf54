/** Trials of one commit that are too far from the others to be noise. */
import { ensureFinite } from './check.ts';
import { mean, sumOfSquares } from './descriptive.ts';
import { studentCdf } from './student.ts';

/** How rarely noise alone may make the farthest trial look like that: where the noise is known, and where it is not. */
const RARE_KNOWN = 0.01;
/** The same where a trial was far off before: such trials are no surprise any more. */
const RARE_SEEN = 0.15;
const RARE = 0.1;
/** What is worth another trial before it is believed. */
const DOUBTFUL = 0.3;

/** What is known from elsewhere: the standard deviation of one trial, the degrees of freedom behind it, and whether trials were far off before. */
export interface KnownTrials {
  readonly sigma: number;
  readonly df: number;
  readonly seen?: boolean;
}

const UNKNOWN: KnownTrials = { sigma: 0, df: 0 };

interface Farthest {
  readonly index: number;
  /** How often the farthest of so many normal trials is that far off, at most. */
  readonly chance: number;
}

/**
 * The places of trials that do not belong with the others: further off than their spread, and what is known of the noise,
 * explain. The others are always more than half; of one or two trials, or of three where nothing is known, none can be told.
 */
export function outlying(scores: readonly number[], known: KnownTrials = UNKNOWN): number[] {
  ensureFinite(scores, 'scores');
  const isKnown = known.df > 0;
  const rare = isKnown ? rareFor(known) : RARE;
  const found: number[] = [];
  const left = scores.map((_, index) => index);
  while (left.length >= (isKnown ? 3 : 4) && 2 * (found.length + 1) < scores.length) {
    const far = farthest(
      left.map((index) => scores[index] ?? NaN),
      known,
    );
    if (far.chance >= rare) break;
    found.push(...left.splice(far.index, 1));
  }
  return found.toSorted((a, b) => a - b);
}

/** Is one of the trials so far from the others that another trial should come before their mean is believed? */
export function isDoubtful(scores: readonly number[], known: KnownTrials = UNKNOWN): boolean {
  ensureFinite(scores, 'scores');
  return scores.length >= 3 && farthest(scores, known).chance < DOUBTFUL;
}

/** Do two trials differ by more than the noise explains, so that one of them must be far off? False while nothing is known of it. */
export function disagree(one: number, other: number, known: KnownTrials): boolean {
  const { sigma, df } = known;
  if (df <= 0 || one === other) return false;
  return 2 * studentCdf(-Math.abs(one - other) / (Math.SQRT2 * sigma), df) < rareFor(known);
}

function rareFor({ seen = false }: KnownTrials): number {
  return seen ? RARE_SEEN : RARE_KNOWN;
}

/** The trial that is the furthest from the mean of the others, in units of the pooled noise; infinitely far where there is none. */
function farthest(scores: readonly number[], { sigma, df }: KnownTrials): Farthest {
  let [index, distance] = [-1, -1];
  for (const [place, score] of scores.entries()) {
    const others = scores.toSpliced(place, 1);
    const free = df + others.length - 1;
    const spread = Math.sqrt((df * sigma ** 2 + sumOfSquares(others)) / free);
    const off = Math.abs(score - mean(others));
    const found = off === 0 ? 0 : off / (spread * Math.sqrt(1 + 1 / others.length));
    if (found > distance) [index, distance] = [place, found];
  }
  const free = df + scores.length - 2;
  return { index, chance: distance === Infinity ? 0 : Math.min(1, 2 * scores.length * studentCdf(-distance, free)) };
}
