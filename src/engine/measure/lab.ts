import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { hasHoldout } from '../../config/splits.ts';
import type { Repository } from '../../git/repository.ts';
import type { Worktree } from '../../git/worktree.ts';
import type { MeasurementFile } from '../../ledger/wal.ts';
import { deepFreeze, type CommittedExperiment, type Judgement, type Score, type Trial } from '../../experiment.ts';
import { ReasonError, type Log } from '../../plugin.ts';
import type { Assembly } from '../session/assemble.ts';
import type { TrialEngine } from '../engine.ts';
import { worktreeEnvironment } from './environment.ts';
import { guard } from './guard.ts';
import { meanMetrics } from './measurements.ts';
import { Slot } from '../slots/desk.ts';
import { firstSlot } from '../slots/names.ts';
import { dataDirOf, scratchDirOf } from '../slots/places.ts';
import { agentDataEnvironment, handOverCommitted } from './run-data.ts';
import type { RunState } from '../../model/run-state.ts';
import { Seals } from './seals.ts';
import { SharedSeals } from './shared-seals.ts';
import { openStages } from './stages.ts';
import { reasoned, trialOrReason } from './trial-or-reason.ts';

/** A place to measure any commit of a project outside the loop, with the run's own trainer, metrics and objective. */
export interface Lab {
  readonly worktree: Worktree;
  /** @throws ReasonError when the trial has no result */
  measure(commit: string, seed: number): Promise<Trial>;
  score(trials: readonly Trial[]): Promise<Score>;
  /** The judgements of the protecting gates on a commit's trials, compared with another commit's. */
  guard(trials: readonly Trial[], against: readonly Trial[]): Promise<readonly Judgement[]>;
  close(): Promise<void>;
}

interface LabInput {
  readonly assembly: Assembly;
  readonly repository: Repository;
  readonly state: RunState;
  readonly base: string;
  readonly runDir: string;
  readonly signal: AbortSignal;
  readonly log: Log;
  /** Keeps the trials, so that a kill costs none of them. */
  readonly wal?: MeasurementFile;
  /** What they are for, in the write-ahead file. */
  readonly purpose?: string;
  /** Variables that trials get besides those of the loop, or in their place. */
  readonly env?: Readonly<Record<string, string>>;
}

export async function openLab({
  assembly,
  repository,
  state,
  base,
  runDir,
  signal,
  log,
  wal,
  purpose = 'lab',
  env: more = {},
}: LabInput): Promise<Lab> {
  const { config, hooks, sandbox } = assembly;
  const name = firstSlot(config.slots);
  mkdirSync(runDir, { recursive: true });
  const data = await handOverCommitted(config, repository, base, runDir);
  const dir = join(runDir, 'worktrees', 'lab');
  const { worktree, evaluator } = await openStages({ assembly, repository, base, runDir, slot: name, dir, data, warn: log.warn });
  const seals = new Seals(new SharedSeals({ config, repository, layer: sandbox.layer, runDir, log }), worktree);
  const env = { ...worktreeEnvironment(config.workspace.env, worktree.dir), ...agentDataEnvironment(config, data), ...more };
  const slot = new Slot({ name, worktree, seals, env, evaluator, scratchDir: scratchDirOf(runDir, name) });
  const engine: TrialEngine = {
    config,
    needsNoise: false,
    hooks,
    state,
    sandbox,
    data,
    slot,
    runDir,
    emit: () => {},
    curves: new Map(),
    signal,
  };
  const measureOnce = (commit: string, seed: number): Promise<Trial> => {
    const isHoldout = hasHoldout(config);
    return trialOrReason(engine, subject(state, commit, base, []), { seed, isHoldout });
  };
  return {
    worktree,
    measure: (commit, seed) => (wal ? wal.trial(purpose, { commit, seed }, () => measureOnce(commit, seed)) : measureOnce(commit, seed)),
    async score(trials) {
      const score = await reasoned(signal, () => hooks.score.promise(subject(state, trials[0]?.commit ?? base, base, trials), state.view));
      if (score === undefined) throw new ReasonError('NO_OBJECTIVE', 'no objective answered with a score');
      return score;
    },
    async guard(trials, against) {
      const { anchor } = state;
      if (anchor === null) return [];
      const other = deepFreeze({ ...anchor, candidate: against[0]?.commit ?? base, trials: against, metrics: meanMetrics(against) });
      const one = deepFreeze({ ...subject(state, trials[0]?.commit ?? base, base, trials), metrics: meanMetrics(trials) });
      return reasoned(signal, () => guard(hooks, one, state.withAnchor(other)));
    },
    async close() {
      rmSync(dataDirOf(runDir), { recursive: true, force: true });
      await evaluator?.close();
      await worktree.remove();
    },
  };
}

/** A commit in the form that the stages of the loop expect. */
function subject(state: RunState, commit: string, base: string, trials: readonly Trial[]): CommittedExperiment {
  return deepFreeze({
    v: 1,
    run: state.name,
    id: 0,
    kind: 'baseline',
    basis: { incumbent: null, commit: base },
    state: 'committed',
    startedAt: new Date().toISOString(),
    parent: base,
    candidate: commit,
    proposal: { title: 'measurement', hypothesis: '', rationale: '', risks: [], agent: 'engine', source: 'engine' },
    changes: [],
    diff: { files: 0, added: 0, removed: 0 },
    trials,
    metrics: {},
    score: null,
    judgements: [],
  });
}
