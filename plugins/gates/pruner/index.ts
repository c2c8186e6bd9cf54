import { definePlugin, type GateResult, type RunningTrial, type RunView, type ScoredExperiment } from '../../../src/plugin.ts';
import { judgementOf } from './judgement.ts';
import { createMemory } from './memory.ts';
import { createScheduleCheck } from './schedule.ts';
import { schema } from './schema.ts';
import { createWatcher } from './watcher.ts';

export default definePlugin({
  kind: 'gate',
  name: 'pruner',
  apiVersion: 1,
  description: 'Stops a trial early that is hopelessly behind the incumbent, or whose curve is no longer finite.',
  schema,
  create({ rule, at, k, skipParams, skipPaths, ...options }, { path, label }) {
    if (groupsOf(options.pattern) < 2)
      throw new Error(`${path}: ${options.pattern} needs two groups, for the share of the budget and for the value`);
    const looks = at.toSorted((a, b) => a - b);
    const statesOf = createMemory({ gate: label, looks: looks.length, k, shadow: options.shadowRuns });
    const scheduleOf = createScheduleCheck(skipParams, skipPaths);
    const watch = createWatcher({
      ...options,
      pattern: new RegExp(options.pattern),
      metric: options.metric,
      looks,
      statesOf,
      // If the gate asks for another trial, the first one has ended and was seen.
      isCompared: ({ experiment, index }) => rule !== 'none' && index === 0 && scheduleOf(experiment) === null,
    });
    return {
      observe(trial: RunningTrial, run: RunView) {
        // The baseline and controls are measured, and never judged.
        const isJudged = trial.experiment.candidate !== trial.experiment.parent;
        const reason = isJudged ? watch(trial, run) : null;
        return reason === null ? undefined : { stop: reason };
      },
      judge(experiment: ScoredExperiment, run: RunView): GateResult {
        if (rule === 'none') return notWatched('only values that are not finite stop a trial');
        const schedule = scheduleOf(experiment);
        if (schedule !== null) return notWatched(`it changes the schedule: ${schedule}`);
        const metric = options.metric ?? run.objective.label;
        const judgement = judgementOf({ experiment, run, looks, states: statesOf(run), metric, options });
        return judgement ?? notWatched(`there is no curve of ${metric} of both; the option \`curve\` of its metric records it`);
      },
    };
  },
});

function notWatched(reason: string): GateResult {
  return { outcome: 'pass', code: 'NOT_WATCHED', reason: `not compared with the incumbent's curve: ${reason}` };
}

function groupsOf(pattern: string): number {
  // The empty alternative always matches, and a match has a place for every group.
  return (new RegExp(`${pattern}|`).exec('')?.length ?? 1) - 1;
}
