import { parseDuration } from '../../duration.ts';
import type { CommittedExperiment, Reason, Trial } from '../../experiment.ts';
import { withTrials } from '../../model/experiment-states.ts';
import { ReasonError, type Subject, type TrialOutcome } from '../../plugin.ts';
import { readLogIfThere } from '../../read-if-there.ts';
import type { TrialEngine } from '../engine.ts';
import { collectMeasurements } from './measurements.ts';
import { loopSeed } from './seeds.ts';
import { deviceEnvironment } from '../slots/devices.ts';
import { jobsDirOf, trialLogOf } from '../slots/run-paths.ts';
import { splitEnvironment } from './run-data.ts';
import type { Suspicion } from './shared-seals.ts';
import { tellTrial } from './tell-trial.ts';
import type { TrialResult } from './trial-result.ts';
import { watchTrial } from './watch-trial.ts';

/** How a trial differs from the next one in the loop: an audit's has a seed of its own, and held-out data. */
export interface TrialPlan {
  readonly seed: number;
  readonly isHoldout: boolean;
  /** What it is of. Default: an audit. */
  readonly subject?: Subject;
}

/** Runs the trainer once on the candidate and reads its metrics. */
export async function runTrial(engine: TrialEngine, experiment: CommittedExperiment, plan?: TrialPlan): Promise<TrialResult> {
  const { slot } = engine;
  const { worktree } = slot;
  const index = experiment.trials.length;
  await slot.ready(experiment.candidate);
  if (!worktree.removeOutputs()) await slot.restore(experiment.candidate);
  if (plan?.isHoldout) worktree.linkForAudit();
  const seed = plan?.seed ?? loopSeed(engine, experiment, index);
  const tell = tellTrial(engine, experiment, { index, seed, subject: plan && (plan.subject ?? 'audit') });
  try {
    const result = await trainAndMeasure(engine, experiment, { plan, index, seed, tell });
    tell.finished(result);
    return result;
  } finally {
    tell.trained();
  }
}

interface PlannedTrial {
  readonly plan: TrialPlan | undefined;
  readonly index: number;
  readonly seed: number;
  readonly tell: ReturnType<typeof tellTrial>;
}

async function trainAndMeasure(
  engine: TrialEngine,
  experiment: CommittedExperiment,
  { plan, index, seed, tell }: PlannedTrial,
): Promise<TrialResult> {
  const { config, slot } = engine;
  const { worktree } = slot;
  const logFile = trialLogOf(engine.runDir, slot.name);
  // An early stop would make the audit depend on the rule it should check.
  const watch = watchTrial(engine, experiment, { index, isWatched: plan === undefined });
  // Counting the changed lines costs no time while the trainer runs.
  const stat = experiment.diff ?? worktree.diffStat(experiment.parent, experiment.candidate);
  // Awaited when the trial is over; an earlier failure must not end the engine while the trial runs.
  Promise.resolve(stat).catch(() => {});
  const startedAt = new Date().toISOString();
  const env = trialEnvironment(engine, experiment, { index, seed, isHoldout: plan?.isHoldout === true });
  const outcome = await slot.work(() =>
    engine.hooks.train.promise({
      experiment: experiment.id,
      index,
      candidate: experiment.candidate,
      seed,
      slot: slot.name,
      cwd: worktree.cwd,
      tree: worktree.treeOf(experiment.candidate),
      env,
      timeoutMs: parseDuration(config.trainer.timeout),
      logFile,
      jobsDir: jobsDirOf(engine.runDir),
      signal: watch.signal,
      onLine(line) {
        tell.line(line);
        watch.onLine(line);
      },
    }),
  );
  tell.trained();
  engine.signal.throwIfAborted();
  const stopped = await watch.settle();
  const log = await readLogIfThere(logFile);
  if (outcome === undefined) throw new ReasonError('NO_TRAINER', 'no trainer answered');
  const { exitCode, signal, seconds, peakMemoryMb, hardware, lost } = outcome;
  const exit = stopped && outcome.exit === 'aborted' ? 'stopped' : outcome.exit;
  const ran = {
    slot: slot.name,
    commit: experiment.candidate,
    startedAt,
    ...(hardware !== undefined && { hardware }),
    ...(lost && { lost }),
  };
  const trial: Trial = { index, state: 'finished', seed, ...ran, exit, exitCode, signal, seconds, peakMemoryMb, metrics: {} };
  const breach = engine.sandbox.takeBreach(worktree.dir);
  const tampered = await slot.seals.afterTrial(experiment);
  const failure = limits(tampered, breach) ?? failureOf({ ...outcome, exit }, config.trainer.timeout, stopped);
  const counted = { ...experiment, diff: await stat };
  if (failure) return { experiment: withTrial(counted, trial), log, failure };
  const read = (finished: Trial, results: Results) => {
    tell.stage('measure');
    return measure(engine, counted, finished, results);
  };
  if (slot.evaluator === null) return read(trial, { cwd: worktree.cwd, log, printed: log });
  tell.stage('evaluate');
  const request = { experiment, from: worktree.cwd, isHoldout: plan?.isHoldout === true, env, signal: engine.signal };
  const { evaluation, log: printed, modelLog, failure: unmeasured } = await slot.evaluator.run(request);
  const evaluated: Trial = evaluation === null ? trial : { ...trial, evaluation };
  const both = joinLogs([log, modelLog === '' ? '' : `--- predictions\n${modelLog}`, `--- evaluation\n${printed}`]);
  if (unmeasured) return { experiment: withTrial(counted, evaluated), log: both, failure: crash(unmeasured.code, unmeasured.text) };
  return read(evaluated, { cwd: slot.evaluator.cwd, log: both, printed, trained: log });
}

/** Each part on lines of its own. */
function joinLogs(parts: readonly string[]): string {
  return parts
    .filter(Boolean)
    .map((part) => (part.endsWith('\n') ? part : `${part}\n`))
    .join('');
}

function withTrial(experiment: CommittedExperiment, trial: Trial): CommittedExperiment {
  return withTrials(experiment, [...experiment.trials, trial]);
}

/** Where the numbers of a trial are. */
interface Results {
  readonly cwd: string;
  /** The whole log, for people. */
  readonly log: string;
  /** What metrics may believe. */
  readonly printed: string;
  /** What the trainer printed, where that is something else. */
  readonly trained?: string;
}

async function measure(
  { hooks }: TrialEngine,
  experiment: CommittedExperiment,
  trial: Trial,
  { cwd, log, printed, trained }: Results,
): Promise<TrialResult> {
  const measurements = collectMeasurements();
  const input = {
    trial,
    experiment,
    cwd,
    output: async () => printed,
    ...(trained !== undefined && { trainerOutput: async () => trained }),
  };
  try {
    await hooks.measure.promise(input, measurements);
  } catch (error) {
    if (!(error instanceof ReasonError)) throw error;
    return { experiment: withTrial(experiment, { ...trial, ...measurements.collected }), log, failure: crash(error.code, error.message) };
  }
  return { experiment: withTrial(experiment, { ...trial, state: 'measured', ...measurements.collected }), log, failure: null };
}

function failureOf(outcome: TrialOutcome, timeout: string, stopped: Reason | null): TrialResult['failure'] {
  if (outcome.exit === 'completed') return null;
  if (outcome.exit === 'stopped') {
    return { verdict: 'discard', reason: stopped ?? { code: 'TRIAL_STOPPED', text: outcome.detail ?? 'the trainer stopped the trial' } };
  }
  if (outcome.exit === 'lost') return { verdict: 'discard', reason: { code: 'TRIAL_LOST', text: outcome.detail ?? 'its machine failed' } };
  if (outcome.exit === 'timed-out') return crash('TRIAL_TIMED_OUT', `the trial did not end within ${timeout}`);
  const ended = outcome.signal ? `was ended by ${outcome.signal}` : `ended with exit code ${outcome.exitCode}`;
  return crash(
    'TRIAL_FAILED',
    [`the trainer ${outcome.exitCode === null && !outcome.signal ? 'did not run' : ended}`, outcome.detail].filter(Boolean).join(': '),
  );
}

/** A trial that tampered with something or exceeded a limit has that for a result, whatever else it gave. */
function limits(tampered: Suspicion | null, breach: Reason | null): TrialResult['failure'] {
  if (tampered) return { verdict: 'discard', reason: tampered };
  return breach && { verdict: 'crash', reason: breach };
}

function crash(code: string, text: string): TrialResult['failure'] {
  return { verdict: 'crash', reason: { code, text } };
}

function trialEnvironment(
  engine: TrialEngine,
  experiment: CommittedExperiment,
  { index, seed, isHoldout }: TrialPlan & { readonly index: number },
): Record<string, string> {
  const { slot } = engine;
  return {
    ...slot.env,
    AUTORESEARCH_RUN: engine.state.name,
    AUTORESEARCH_EXPERIMENT: String(experiment.id),
    AUTORESEARCH_TRIAL: String(index),
    AUTORESEARCH_SEED: String(seed),
    AUTORESEARCH_SLOT: slot.name,
    // With an evaluator, the candidate must not be able to tell an audit from the loop.
    ...(slot.evaluator === null ? splitEnvironment(engine.data, isHoldout) : {}),
    ...deviceEnvironment(slot.name),
  };
}
