import type { Config } from '../../config/types.ts';
import { parseDuration } from '../../duration.ts';
import { better, type Reason } from '../../experiment.ts';
import type { RunView } from '../../plugin.ts';

/** The limits of the config as numbers. */
export function budgetOf(budget: Config['budget']): RunView['budget'] {
  return {
    ...(budget.experiments !== undefined && { experiments: budget.experiments }),
    ...(budget.time !== undefined && { seconds: parseDuration(budget.time) / 1000 }),
    ...(budget.slotHours !== undefined && { slotSeconds: budget.slotHours * 3600 }),
    ...(budget.cost !== undefined && { usd: budget.cost }),
  };
}

/** Experiments that count against the budget, those in flight too: all but baselines and controls. */
function attempts({ counts, pending }: RunView): number {
  return counts.keep + counts.discard + counts.crash + counts.review + pending.filter(({ kind }) => kind === 'change').length;
}

const RECENT = 10;

/** Dollars of a proposal, as the last ones were; 0 while nothing has a price. */
export function usualCost({ history }: Pick<RunView, 'history'>): number {
  const costs = history.slice(-RECENT).flatMap(({ usd }) => (usd === undefined || usd === 0 ? [] : [usd]));
  return costs.length === 0 ? 0 : costs.reduce((sum, usd) => sum + usd, 0) / costs.length;
}

/**
 * The first reason to end the run before another experiment, if there is one.
 * @param elapsed seconds by the wall clock that experiments have been in flight and no record says yet
 */
export function stopReason(run: RunView, stop: Config['stop'], elapsed = 0): Reason | undefined {
  const { budget, incumbent, objective, slotSeconds = 0 } = run;
  const seconds = run.seconds + elapsed;
  const usd = run.pending.reduce((sum, pending) => sum + pending.usd, run.usd);
  const score = incumbent?.score?.value;
  if (stop.target !== undefined && score !== undefined && !better(stop.target, score, objective.direction)) {
    return { code: 'TARGET_REACHED', text: `the target ${stop.target} is reached` };
  }
  if (run.crashesInARow >= stop.crashes) {
    return { code: 'CRASHES', text: `${run.crashesInARow} experiments in a row crashed or were lost with their machine` };
  }
  if (run.emptyInARow >= stop.empty) {
    return { code: 'NO_PROPOSALS', text: `${run.emptyInARow} proposals in a row changed nothing that had not been measured` };
  }
  if (budget.experiments !== undefined && attempts(run) >= budget.experiments) {
    return {
      code: 'BUDGET_EXPERIMENTS',
      text: budget.experiments === 1 ? 'the one experiment is done' : `all ${budget.experiments} experiments are done`,
    };
  }
  if (budget.seconds !== undefined && seconds >= budget.seconds) {
    return { code: 'BUDGET_TIME', text: `the time budget is used: ${Math.round(seconds)} s of ${Math.round(budget.seconds)} s` };
  }
  if (budget.slotSeconds !== undefined && slotSeconds >= budget.slotSeconds) {
    const text = `the slots' hours are used: ${hours(slotSeconds)} h of ${hours(budget.slotSeconds)} h`;
    return { code: 'BUDGET_SLOT_HOURS', text };
  }
  if (budget.usd !== undefined && usd >= budget.usd) {
    return { code: 'BUDGET_COST', text: `the cost budget is used: $${usd.toFixed(2)} of $${budget.usd.toFixed(2)}` };
  }
  if (budget.usd !== undefined && usd + usualCost(run) > budget.usd) {
    const text = `$${usd.toFixed(2)} of $${budget.usd.toFixed(2)} are used, and a proposal costs about $${usualCost(run).toFixed(2)}`;
    return { code: 'BUDGET_COST', text };
  }
  if (stop.patience !== undefined && run.sinceKeep >= stop.patience) {
    return { code: 'PATIENCE', text: `no keep in the last ${run.sinceKeep} experiments` };
  }
  return undefined;
}

function hours(seconds: number): string {
  return (seconds / 3600).toFixed(2);
}
