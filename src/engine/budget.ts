import type { Config } from '../config/types.ts';
import { parseDuration } from '../duration.ts';
import { better, type Reason } from '../experiment.ts';
import type { RunView } from '../plugin.ts';

/** The limits of the config as numbers. */
export function budgetOf(budget: Config['budget']): RunView['budget'] {
  return {
    ...(budget.experiments !== undefined && { experiments: budget.experiments }),
    ...(budget.time !== undefined && { seconds: parseDuration(budget.time) / 1000 }),
    ...(budget.cost !== undefined && { usd: budget.cost }),
  };
}

/** Experiments that count against the budget: all but baselines and controls. */
function attempts({ counts }: RunView): number {
  return counts.keep + counts.discard + counts.crash + counts.review;
}

/** The first reason to end the run before another experiment, if there is one. */
export function stopReason(run: RunView, stop: Config['stop']): Reason | undefined {
  const { budget, incumbent, objective } = run;
  const score = incumbent?.score?.value;
  if (stop.target !== undefined && score !== undefined && !better(stop.target, score, objective.direction)) {
    return { code: 'TARGET_REACHED', text: `the target ${stop.target} is reached` };
  }
  if (run.crashesInARow >= stop.crashes) {
    return { code: 'CRASHES', text: `${run.crashesInARow} experiments in a row crashed` };
  }
  if (budget.experiments !== undefined && attempts(run) >= budget.experiments) {
    return { code: 'BUDGET_EXPERIMENTS', text: `all ${budget.experiments} experiments are done` };
  }
  if (budget.seconds !== undefined && run.seconds >= budget.seconds) {
    return { code: 'BUDGET_TIME', text: `the time budget is used: ${Math.round(run.seconds)} s of ${Math.round(budget.seconds)} s` };
  }
  if (budget.usd !== undefined && run.usd >= budget.usd) {
    return { code: 'BUDGET_COST', text: `the cost budget is used: $${run.usd.toFixed(2)} of $${budget.usd.toFixed(2)}` };
  }
  if (stop.patience !== undefined && run.sinceKeep >= stop.patience) {
    return { code: 'PATIENCE', text: `no keep in the last ${run.sinceKeep} experiments` };
  }
  return undefined;
}
