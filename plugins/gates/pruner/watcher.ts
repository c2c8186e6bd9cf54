import type { Reason, RunningTrial, RunView } from '../../../src/plugin.ts';
import type { EarlyStop } from '../../../src/stats.ts';
import { between, firstAt, readPoint, type Point } from './curve.ts';
import { compare, type LookOptions } from './look.ts';

interface WatcherOptions extends LookOptions {
  readonly pattern: RegExp;
  readonly looks: readonly number[];
  readonly metric: string | undefined;
  /** Is this candidate compared with the incumbent? */
  isCompared(trial: RunningTrial): boolean;
  statesOf(run: RunView): readonly EarlyStop[];
}

/** Follows the curve of the trial that is running, and says when to stop it. */
export function createWatcher(options: WatcherOptions): (trial: RunningTrial, run: RunView) => Reason | null {
  const { pattern, isCompared } = options;
  let name = '';
  let last: Point | null = null;
  return (trial, run) => {
    const { experiment, index, line } = trial;
    const point = readPoint(line, pattern);
    if (point === null) return null;
    if (point === 'diverged') return { code: 'DIVERGED', text: `the curve is not finite any more: ${line.trim().slice(0, 200)}` };
    const before = name === `${experiment.id}/${index}` ? last : null;
    if (before !== null && point[0] <= before[0]) return null;
    [name, last] = [`${experiment.id}/${index}`, point];
    return isCompared(trial) ? judgePoint({ trial, run, before, point }, options) : null;
  };
}

interface Step {
  readonly trial: RunningTrial;
  readonly run: RunView;
  readonly before: Point | null;
  readonly point: Point;
}

/** The looks between the last point and this one. */
function judgePoint({ trial, run, before, point }: Step, options: WatcherOptions): Reason | null {
  const metric = options.metric ?? run.objective.label;
  for (const [index, at] of options.looks.entries()) {
    const isPassed = before === null ? at === point[0] : before[0] < at && at <= point[0];
    const incumbentPartial = isPassed ? firstAt(run.incumbent?.trials ?? [], metric, at) : null;
    const state = options.statesOf(run)[index];
    if (incumbentPartial === null || state === undefined) continue;
    const partial = between(before ?? point, point, at);
    const { action, delta, luck, limit } = compare(state, { run, experiment: trial.experiment.id, partial, incumbentPartial }, options);
    if (action !== 'kill') continue;
    const figures = `${show(partial)} against ${show(incumbentPartial)}${luck > 0 ? `, which is too good by ${show(luck)}` : ''}`;
    return {
      code: 'HOPELESS',
      text: `behind the incumbent by ${show(delta)} at ${show(100 * at)} % of the budget (${figures}), and ${show(limit)} is allowed`,
    };
  }
  return null;
}

function show(value: number): string {
  return Number(value.toPrecision(5)).toString();
}
