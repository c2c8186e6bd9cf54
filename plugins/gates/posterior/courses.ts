import { NOTHING_LEARNED, type Belief, type Learned, type Posterior, type Prior } from '../../../src/stats.ts';

/** How fast the machine may drift: the variance that a trial adds, in units of sigma squared, and how likely that is beforehand. */
const SPEEDS = [
  { q: 0, weight: 0.85 },
  { q: 0.02, weight: 0.05 },
  { q: 0.1, weight: 0.05 },
  { q: 0.4, weight: 0.05 },
] as const;

/** What is believed if the machine drifts with one speed. */
export interface Course {
  readonly q: number;
  /** Logarithm of how likely it is, given all that was measured, up to a constant. */
  logWeight: number;
  learned: Learned;
  /** By commit; `at` is the time in trials. */
  readonly beliefs: Map<string | null, Belief & { readonly at: number }>;
}

/** A candidate held against what is believed under one speed of drift. */
export interface Under {
  readonly course: Course;
  /** How likely this speed is, against the likeliest. */
  readonly weight: number;
  readonly before: Belief;
  readonly prior: Prior;
  /** The prior, were sigma so many times its estimate. */
  priorAt(factor: number): Prior;
  /** The candidate's mean minus the belief's, and the variance of that mean. */
  readonly d: number;
  readonly s2: number;
  readonly posterior: Posterior;
}

export function createCourses(): Course[] {
  return SPEEDS.map(({ q, weight }) => ({ q, logWeight: Math.log(weight), learned: NOTHING_LEARNED, beliefs: new Map() }));
}

/** The incumbent's belief `now`, which is less sure the longer ago it was measured; `unmeasured` is its variance where none was known. */
export function beliefAt(
  { q, beliefs }: Course,
  commit: string | null,
  now: number,
  { sigma, unmeasured }: { readonly sigma: number; readonly unmeasured: number },
): Belief {
  const belief = beliefs.get(commit);
  if (belief === undefined) return { m: NaN, v: 0 };
  return { m: belief.m, v: (belief.v === 0 ? unmeasured : belief.v) + q * sigma ** 2 * (now - belief.at) };
}
