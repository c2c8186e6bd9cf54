import type { GateResult, Json, RunView, ScoredExperiment } from '../../../src/plugin.ts';
import type { EarlyStop } from '../../../src/stats.ts';
import { firstAt } from './curve.ts';
import { compare, isOver, type LookOptions, type Seen } from './look.ts';
import type { Note } from './memory.ts';

interface Finished {
  readonly experiment: ScoredExperiment;
  readonly run: RunView;
  readonly metric: string;
  readonly looks: readonly number[];
  readonly states: readonly EarlyStop[];
  readonly options: LookOptions;
}

interface Pair extends Seen {
  readonly at: number;
  readonly look: number;
  readonly state: EarlyStop;
  readonly partial: number;
  readonly incumbentPartial: number;
}

/** How far the early differences of a finished trial were from its final one. Null if there is nothing to compare. */
export function judgementOf(finished: Finished): GateResult | null {
  const { experiment, run, options } = finished;
  const before = run.incumbent?.score?.value;
  const pairs = pairsOf(finished);
  if (before === undefined || pairs.length === 0) return null;
  const { value } = experiment.score;
  const deltaEnd = run.objective.direction === 'minimize' ? value - before : before - value;
  const note = noteOf(pairs, finished.looks.length, deltaEnd);
  const evidence = {
    metric: finished.metric,
    value,
    incumbent: before,
    deltaEnd,
    noise: run.noise?.sigma ?? null,
    floor: options.floor,
    looks: pairs.map(({ at, partial, incumbentPartial, delta, luck, tau, limit, action, state }): Json => {
      const { k, misses, spared, promising } = state;
      return { at, partial, incumbentPartial, delta, luck, k, tau, limit, action, misses: [...misses], spared, promising };
    }),
  };
  return { outcome: 'pass', code: 'WATCHED', reason: reasonOf(pairs, deltaEnd), evidence, note };
}

function pairsOf({ experiment, run, metric, looks, states, options }: Finished): Pair[] {
  return looks.flatMap((at, look) => {
    const partial = firstAt(experiment.trials.slice(0, 1), metric, at);
    const incumbentPartial = firstAt(run.incumbent?.trials ?? [], metric, at);
    const state = states[look];
    if (partial === null || incumbentPartial === null || state === undefined) return [];
    const seen = compare(state, { run, experiment: experiment.id, partial, incumbentPartial }, options);
    return [{ at, look, state, partial, incumbentPartial, ...seen }];
  });
}

/** Records the error of each look, and the first look that would have stopped the trial. */
function noteOf(pairs: readonly Pair[], looks: number, deltaEnd: number): { [key in keyof Note]: Json } {
  const over = pairs.find(isOver);
  const miss = Array.from({ length: looks }, (_, look) => {
    const pair = pairs.find((found) => found.look === look);
    // No measured difference is exact to six digits.
    return pair === undefined ? null : Number((pair.delta + pair.luck - deltaEnd).toPrecision(6));
  });
  return { miss, ...(over && { spared: over.look }) };
}

function reasonOf(pairs: readonly Pair[], deltaEnd: number): string {
  const [first] = pairs;
  if (first === undefined) return 'nothing to compare';
  const { at, delta, action, limit } = pairs.find(isOver) ?? first;
  const figures = `${side(delta)} at ${show(100 * at)} % of the budget, ${side(deltaEnd)} at its end`;
  if (action === 'shadow') return `only watched so far: ${figures}`;
  return action === 'go-on' ? `not hopeless: ${figures}` : `let finish as a check on the rule, with a limit of ${show(limit)}: ${figures}`;
}

function side(delta: number): string {
  return delta === 0 ? 'level with the incumbent' : `${show(Math.abs(delta))} ${delta > 0 ? 'behind' : 'ahead of'} the incumbent`;
}

function show(value: number): string {
  return Number(value.toPrecision(5)).toString();
}
