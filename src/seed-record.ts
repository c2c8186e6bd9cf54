/** A trial that does not count, and what it scored. */
export interface SetAside {
  readonly index: number;
  readonly score: number;
}

/**
 * How seeds are used from here on, and what that makes of the score.
 * check: the seed explains the spread of the baseline, and the next candidate shows whether it does the same to every commit.
 * shared: it does, so that all trials are on the same two seeds and are compared seed by seed.
 * fresh: it does not, so that every trial has a seed of its own.
 */
export interface SeedRecord {
  readonly rule: 'check' | 'shared' | 'fresh';
  /** How much the second seed adds to a score, as a mean over `commits` commits. */
  readonly contrast: number;
  readonly commits: number;
  /** How many of the trials say something new; two on one seed do not, where the seed explains the spread. */
  readonly independent: number;
  /** What the trials say of the noise: sum of squares, and degrees of freedom. */
  readonly squares: number;
  readonly df: number;
  /** What the seeds of these trials add to the score, against the first seed. */
  readonly shift: number;
  /** What the incumbent would score on the same seeds. */
  readonly expected?: number;
}
