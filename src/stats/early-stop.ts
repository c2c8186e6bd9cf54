/**
 * When a running trial is hopeless: its curve is further above the incumbent's at the same part of the budget
 * than early curves were ever off. A pure state machine; the caller keeps the state and folds it from the record.
 */
import { ensure, ensureVariance } from './check.ts';
import { median, quantile, robustDeviation } from './descriptive.ts';
import { createGenerator } from './random.ts';

export interface EarlyStop {
  /** The limit is `k` tau, and at least the tail. */
  readonly k: number;
  /** How far the early difference was off the final one, for the experiments of the shadow phase and those that finished since; the score's unit. */
  readonly misses: readonly number[];
  /** Estimates of how much too good the incumbent's curve is at the look, one from each finished trial; its own is 0. */
  readonly hints: readonly number[];
  /** Kills since an experiment finished. */
  readonly inARow: number;
  /** Would-be kills that were left to finish since `k` last changed, and how many of them came out as likely gains. */
  readonly spared: number;
  readonly promising: number;
}

export interface EarlyStopOptions {
  /** Completed experiments before the first kill. */
  readonly shadow?: number;
  /** The share of would-be kills that are left to finish, and the largest share of those that may be likely gains. */
  readonly spare?: number;
  readonly tolerated?: number;
  /** After so many kills in a row the next one is left to finish too. */
  readonly mostInARow?: number;
}

export interface Look {
  /** The candidate's curve minus the incumbent's at the same progress, smoothed in the same way; lower is better. */
  readonly delta: number;
  readonly sigma: number;
  /** The run's seed and the experiment's id: which trials are spared depends on nothing else. */
  readonly seed: number;
  readonly experiment: number;
}

export interface LookResult {
  /** `shadow`: only watched so far. `spare`: over the limit, but left to finish as a check on the rule. */
  readonly action: 'go-on' | 'shadow' | 'spare' | 'kill';
  readonly tau: number;
  readonly limit: number;
}

export function watch(k = 1.5): EarlyStop {
  ensure(k > 0, 'k must be above 0', k);
  return { k, misses: [], hints: [], inARow: 0, spared: 0, promising: 0 };
}

/** The scale of early misses: max(2 sigma, 1.4826 MAD). */
export function tau({ misses }: EarlyStop, sigma: number): number {
  ensureVariance(sigma, 'sigma');
  return Math.max(2 * sigma, misses.length === 0 ? 0 : robustDeviation(misses));
}

/** Of how many experiments misses are remembered, after the shadow phase: effects, and misses with them, shrink as a run goes on. */
const MEMORY = 30;
/** The quantile at which the tail of the misses begins, and the number of misses needed to estimate it. */
const TAIL = 0.9;
const FEWEST_FOR_TAIL = 10;

/**
 * How far behind a trial may be: `k` tau, or the tail of the misses where that is further. A few kinds of change may start
 * slowly as a rule, which the median of all deviations does not see.
 */
export function limitOf(state: EarlyStop, sigma: number): number {
  const { k, misses } = state;
  const tail = misses.length < FEWEST_FOR_TAIL ? 0 : quantile(misses, TAIL);
  return Math.max(k * tau(state, sigma), tail);
}

/** Judges a running trial. A difference that is not finite (divergence) is killed at once, in the shadow phase too. */
export function look(state: EarlyStop, { delta, sigma, seed, experiment }: Look, options: EarlyStopOptions = {}): LookResult {
  const { shadow = 10, spare = 0.1, mostInARow = Infinity } = options;
  const scale = tau(state, sigma);
  const limit = limitOf(state, sigma);
  const result = (action: LookResult['action']): LookResult => ({ action, tau: scale, limit });
  if (!Number.isFinite(delta)) return result('kill');
  if (state.misses.length < shadow) return result('shadow');
  if (delta <= limit) return result('go-on');
  // If all trials look hopeless, the reference itself is doubtful: the machine may have been less busy then.
  const isDoubtful = state.inARow >= mostInARow;
  return result(isDoubtful || createGenerator(seed, experiment).unit() < spare ? 'spare' : 'kill');
}

/** Logs a completed experiment of the shadow phase: its difference at the look and at the end. */
export function logMiss(state: EarlyStop, atLook: number, atEnd: number, { shadow = 10 }: EarlyStopOptions = {}): EarlyStop {
  if (state.misses.length >= shadow || !Number.isFinite(atLook - atEnd)) return state;
  return { ...state, misses: [...state.misses, atLook - atEnd] };
}

/** Logs a completed experiment after the shadow phase, and forgets the oldest. */
export function logFinished(state: EarlyStop, atLook: number, atEnd: number, { shadow = 10 }: EarlyStopOptions = {}): EarlyStop {
  if (!Number.isFinite(atLook - atEnd)) return state;
  return { ...state, misses: [...state.misses, atLook - atEnd].slice(-Math.max(MEMORY, shadow)) };
}

/**
 * Records what a finished trial shows about the incumbent's curve: if the early differences of most candidates err to the
 * same side, the curve they were compared with was lucky or unlucky. `miss` is null if there was none; `kept` makes the
 * candidate's own curve the reference, about which only the previous reference gives an estimate.
 */
export function logReference(state: EarlyStop, miss: number | null, kept: boolean): EarlyStop {
  if (kept) return { ...state, hints: miss === null ? [] : [median([0, ...state.hints]) - miss] };
  return miss === null ? state : { ...state, hints: [...state.hints, miss].slice(-MEMORY) };
}

/** How lucky the incumbent's curve was at the look; never below 0, so that nothing is stopped for its bad luck. */
export function luckOf({ hints }: EarlyStop): number {
  return Math.max(0, median([0, ...hints]));
}

/** Logs whether an experiment was killed at a look, or finished. */
export function logEnd(state: EarlyStop, killed: boolean): EarlyStop {
  return { ...state, inARow: killed ? state.inARow + 1 : 0 };
}

/** Logs how a spared trial ended. Where too many are likely gains, the limit widens by half and the count starts anew. */
export function logSpared(state: EarlyStop, pGain: number, { tolerated = 0.1 }: EarlyStopOptions = {}): EarlyStop {
  const spared = state.spared + 1;
  const promising = state.promising + (pGain > 0.5 ? 1 : 0);
  if (promising > tolerated * spared) return { ...state, k: state.k * 1.5, spared: 0, promising: 0 };
  return { ...state, spared, promising };
}

/** The share of a trial's whole wall time spent at progress `f` of its budget, since start-up and compilation do not shrink. Seconds. */
export function effectiveFraction(f: number, budget: number, overhead: number): number {
  ensure(
    f >= 0 && f <= 1 && budget > 0 && overhead >= 0,
    'a fraction, a budget and an overhead are needed',
    `${f}, ${budget} and ${overhead}`,
  );
  return (f * budget + overhead) / (budget + overhead);
}
