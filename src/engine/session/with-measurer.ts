import { rmSync } from 'node:fs';
import { makeFolders } from '../../folders.ts';
import type { Repository } from '../../git/repository.ts';
import type { Worktree } from '../../git/worktree.ts';
import type { MeasurementFile } from '../../ledger/wal.ts';
import { unchanged } from '../../model/experiment-states.ts';
import type { RunState } from '../../model/run-state.ts';
import type { Log } from '../../plugin.ts';
import type { TrialEngine } from '../engine.ts';
import { worktreeEnvironment } from '../measure/environment.ts';
import { createMeasurer, type Measurer } from '../measure/measurer.ts';
import { agentDataEnvironment, handOverCommitted } from '../measure/run-data.ts';
import { Seals } from '../measure/seals.ts';
import { SharedSeals } from '../measure/shared-seals.ts';
import { openStages } from '../measure/stages.ts';
import { Slot } from '../slots/desk.ts';
import { firstSlot } from '../slots/names.ts';
import { dataDirOf, measurerDirOf, scratchDirOf } from '../slots/run-paths.ts';
import type { Assembly } from './assemble.ts';

/** A measurer with a worktree of its own, for commits that no run is working on. */
export interface ApartMeasurer extends Measurer {
  readonly worktree: Worktree;
}

interface MeasurerInput {
  readonly assembly: Assembly;
  readonly repository: Repository;
  readonly state: RunState;
  readonly base: string;
  readonly runDir: string;
  readonly signal: AbortSignal;
  readonly log: Log;
  readonly kept?: { readonly file: MeasurementFile; readonly purpose: string };
  /** Variables that trials get besides those of the loop, or in their place. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Opens a worktree and the sandbox around it, lets `work` measure there, and removes them again. */
export async function withMeasurer<T>(input: MeasurerInput, work: (measurer: ApartMeasurer) => Promise<T>): Promise<T> {
  const { assembly, repository, state, base, runDir, signal, log, kept, env: more = {} } = input;
  const { config, hooks, sandbox } = assembly;
  const name = firstSlot(config.slots);
  makeFolders(runDir);
  const data = await handOverCommitted(config, repository, base, runDir);
  const dir = measurerDirOf(runDir);
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
  const facts = { run: state.name, id: 0, kind: 'baseline', basis: { incumbent: null, commit: base } } as const;
  const experimentOf = (commit = base) => unchanged(facts, { title: 'measurement', candidate: commit });
  try {
    return await work({ ...createMeasurer({ engine, experimentOf, kept }), worktree });
  } finally {
    rmSync(dataDirOf(runDir), { recursive: true, force: true });
    await evaluator?.close();
    await worktree.remove();
  }
}
