import type { Coverage, NightResult } from './night.ts';

/** Sums over the nights of one policy in one world. */
export interface Tally {
  readonly nights: number;
  readonly gain: Sums;
  /** The gain minus naive greedy's of the same night, with the same ideas and the same luck. */
  readonly lead: Sums;
  /** Claim minus truth. */
  readonly bias: Sums;
  readonly keeps: number;
  readonly idle: number;
  readonly ideas: number;
  readonly intervals: Coverage;
  readonly early: Coverage;
  readonly audits: Coverage;
}

interface Sums {
  readonly sum: number;
  readonly squares: number;
}

const NONE: Coverage = { given: 0, right: 0 };
const ZERO: Sums = { sum: 0, squares: 0 };
export const EMPTY: Tally = {
  nights: 0,
  gain: ZERO,
  lead: ZERO,
  bias: ZERO,
  keeps: 0,
  idle: 0,
  ideas: 0,
  intervals: NONE,
  early: NONE,
  audits: NONE,
};

export function count({ gain, claim, ...counts }: NightResult, naive: NightResult): Tally {
  return { nights: 1, gain: one(gain), lead: one(gain - naive.gain), bias: one(claim - gain), ...counts };
}

export function add(a: Tally, b: Tally): Tally {
  return {
    nights: a.nights + b.nights,
    gain: plus(a.gain, b.gain),
    lead: plus(a.lead, b.lead),
    bias: plus(a.bias, b.bias),
    keeps: a.keeps + b.keeps,
    idle: a.idle + b.idle,
    ideas: a.ideas + b.ideas,
    intervals: both(a.intervals, b.intervals),
    early: both(a.early, b.early),
    audits: both(a.audits, b.audits),
  };
}

function both(a: Coverage, b: Coverage): Coverage {
  return { given: a.given + b.given, right: a.right + b.right };
}

function one(value: number): Sums {
  return { sum: value, squares: value ** 2 };
}

function plus(a: Sums, b: Sums): Sums {
  return { sum: a.sum + b.sum, squares: a.squares + b.squares };
}

/** A mean with its standard error. */
export interface Mean {
  readonly mean: number;
  readonly error: number;
}

/** What one policy comes to in one world: means of a night. */
export interface Cell {
  readonly nights: number;
  /** How much better the last incumbent really is; score units. */
  readonly gain: Mean;
  readonly lead: Mean;
  /** Claim minus truth, in units of the world's sigma. */
  readonly bias: Mean;
  /** Share of the keeps that are no gain; null without keeps. */
  readonly idleShare: number | null;
  /** Keeps per 100 trials of the budget. */
  readonly keeps: number;
  readonly ideas: number;
  /** How often the interval of an estimate holds the effect: of all, of the first ten experiments, of audits; null without any. */
  readonly covered: number | null;
  readonly coveredEarly: number | null;
  readonly coveredByAudits: number | null;
}

export function cellOf(
  { nights, gain, lead, bias, keeps, idle, ideas, intervals, early, audits }: Tally,
  { sigma, budget }: { readonly sigma: number; readonly budget: number },
): Cell {
  const mean = ({ sum, squares }: Sums, unit = 1): Mean => ({
    mean: sum / nights / unit,
    error: Math.sqrt(Math.max(0, squares / nights - (sum / nights) ** 2) / nights) / unit,
  });
  return {
    nights,
    gain: mean(gain),
    lead: mean(lead),
    bias: mean(bias, sigma),
    idleShare: keeps === 0 ? null : idle / keeps,
    keeps: (100 * keeps) / nights / budget,
    ideas: ideas / nights,
    covered: share(intervals),
    coveredEarly: share(early),
    coveredByAudits: share(audits),
  };
}

function share({ given, right }: Coverage): number | null {
  return given === 0 ? null : right / given;
}
