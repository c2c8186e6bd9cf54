import type { Config } from '../../config/types.ts';
import { foldHistory } from '../../contract/fold-history.ts';
import { survivalOf } from '../../model/late-gains.ts';
import type { RunView, Summary } from '../../plugin.ts';
import type { Survival } from '../../stats.ts';
import { planAhead, yieldOf, type Pacing, type Plan } from './ahead.ts';

/** What a person allows. */
export interface PaceLimits {
  readonly slots: number;
  /** Proposals ahead for each slot; undefined where the engine may choose. */
  readonly lookahead: number | undefined;
}

/** What a plan rests on. */
export interface PaceFacts {
  /** Seconds that a proposal and a trial usually take, as the last ones did. */
  readonly proposal: number;
  readonly trial: number;
  /** The share of changes that are kept. */
  readonly keepRate: number;
  /** The share of moved gains that survive. */
  readonly survival: number;
}

/** How many slots are filled, and how many experiments are proposed ahead for each; `facts` is null while too little is known. */
export interface ChosenPlan extends Plan {
  readonly facts: PaceFacts | null;
}

/** So many are proposed ahead for each slot where nobody says how many. */
export const MOST_AHEAD = 2;
/** Seconds that proposals and trials must take both: less is not worth an idea on an older basis. */
const WORTHWHILE = 5;
/** How many of the last ones count. */
const RECENT = 10;
/** Before anything is decided, 15 % of changes are expected to be kept, with the weight of 20. */
const KEPT = 3;
const DECIDED = 20;
/** A plan that leaves slots idle must be better by this share: the model behind it is a rough one. */
const BETTER = 1.1;

interface Times {
  readonly proposals: number[];
  readonly trials: number[];
  keeps: number;
  changes: number;
}

/** How far ahead a run proposes and how many slots it fills, as its record suggests. */
export class Pace {
  readonly #limits: PaceLimits;
  readonly #survival: (run: RunView) => Pick<Survival, 'mean'>;
  readonly #fold = foldHistory<Times>({ start: nothing, follow });

  constructor(limits: PaceLimits, survival: (run: RunView) => Pick<Survival, 'mean'>) {
    this.#limits = limits;
    this.#survival = survival;
  }

  plan(run: RunView): ChosenPlan {
    return planFrom(this.#limits, this.#fold(run), () => this.#survival(run).mean);
  }
}

/** The same for the whole record of a run. */
export function planOf(limits: PaceLimits, history: readonly Summary[]): ChosenPlan {
  return planFrom(limits, history.reduce(follow, nothing()), () => survivalOf(history).mean);
}

/** What the config of a run allows; how many slots `auto` has found is read off the trials. */
export function limitsOf({ slots, lookahead }: Pick<Config, 'slots' | 'lookahead'>, history: readonly Pick<Summary, 'slot'>[]): PaceLimits {
  const found = () => Math.max(1, new Set(history.flatMap(({ slot }) => slot ?? [])).size);
  return { slots: slots === 'auto' ? found() : 'count' in slots ? slots.count : slots.length, lookahead };
}

function planFrom(limits: PaceLimits, { proposals, trials, keeps, changes }: Times, survival: () => number): ChosenPlan {
  const { slots, lookahead } = limits;
  if (proposals.length === 0 || trials.length === 0) return { width: slots, lookahead: lookahead ?? 0, facts: null };
  const [proposal, trial] = [median(proposals), median(trials)];
  const facts = { proposal, trial, keepRate: (keeps + KEPT) / (changes + DECIDED), survival: survival() };
  return { ...chosen(limits, facts, Math.min(proposal, trial) < WORTHWHILE), facts };
}

function nothing(): Times {
  return { proposals: [], trials: [], keeps: 0, changes: 0 };
}

function chosen({ slots, lookahead }: PaceLimits, facts: PaceFacts, isQuick: boolean): Plan {
  const ahead = lookahead ?? (isQuick ? 0 : undefined);
  if (slots === 1 && ahead !== undefined) return { width: 1, lookahead: ahead };
  const pacing: Pacing = { ...facts, slots, survival: { mean: facts.survival }, least: ahead ?? 0, most: ahead ?? MOST_AHEAD };
  // Where everything is over in a moment there is nothing to plan.
  const full = planAhead({ ...pacing, narrowest: slots });
  if (isQuick) return full;
  const best = planAhead(pacing);
  return yieldOf(pacing, best) > BETTER * yieldOf(pacing, full) ? best : full;
}

function follow(times: Times, { kind, verdict, proposalSeconds, trialSeconds, n }: Summary): Times {
  if (kind !== 'change') return times;
  times.changes++;
  if (verdict === 'keep') times.keeps++;
  push(times.proposals, proposalSeconds);
  push(times.trials, trialSeconds === undefined || n === undefined ? undefined : trialSeconds / n);
  return times;
}

function push(list: number[], value: number | undefined): void {
  if (value === undefined) return;
  list.push(value);
  if (list.length > RECENT) list.shift();
}

function median(list: readonly number[]): number {
  return list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0;
}
