import type { RunView } from '../../plugin.ts';

/** How much dearer than any of the last ones a proposal may be, where others are at work beside it. */
const SPARE = 2;
const RECENT = 10;

/** An experiment in flight. */
export interface Held {
  /** Dollars it has used. */
  readonly usd: number;
  /** Dollars its agent may use in all; absent while no agent is at work on it. */
  readonly most?: number | undefined;
  /** Has this session asked an agent for it? Baselines, controls and offers cost nothing, and say nothing of what a proposal costs. */
  readonly isAsked?: boolean;
}

type Spending = Pick<RunView, 'budget' | 'usd' | 'history'>;

/** Dollars that are left if every agent at work uses all it may; Infinity without a limit. */
export function leftBeside({ budget, usd }: Pick<RunView, 'budget' | 'usd'>, flight: readonly Held[]): number {
  return budget.usd === undefined ? Infinity : Math.max(0, budget.usd - usd - sum(flight.map(mostOf)));
}

/**
 * The most dollars that another proposal may use, so that agents at work at once cannot use more than is left, all of them
 * together. Null: it must wait until one of those in flight has ended. The first proposal of a run is made alone, since nobody knows
 * what it will cost.
 * @param room how many experiments may be in flight, this one included
 */
export function reserve(run: Spending, flight: readonly Held[], room: number): number | null {
  const left = leftBeside(run, flight);
  const atWork = flight.filter(({ most }) => most !== undefined);
  const dearest = dearestOf(run, flight);
  const fair = (left + sum(atWork.map(mostOf))) / room;
  const share = dearest === null ? Infinity : Math.max(SPARE * dearest, fair);
  if (share <= left) return share;
  if (atWork.length > 0) return null;
  // While no record says what proposals cost, the run does not end for want of dollars: those in flight say it.
  return flight.length > 0 && dearest !== null && left < dearest ? null : left;
}

/** Null while no proposal has come. */
function dearestOf({ history }: Spending, flight: readonly Held[]): number | null {
  const settled = history.filter(({ kind, origin }) => kind === 'change' && origin === undefined).slice(-RECENT);
  const made = flight.filter(({ usd, most, isAsked = false }) => most === undefined && (isAsked || usd > 0));
  const costs = [...settled.map(({ usd = 0 }) => usd), ...made.map(({ usd }) => usd)];
  return costs.length === 0 ? null : Math.max(...costs);
}

function mostOf({ usd, most = 0 }: Held): number {
  return Math.max(usd, most);
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
