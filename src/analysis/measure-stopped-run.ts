import { join } from 'node:path';
import { resolveRecorded } from '../config/load-config.ts';
import { openRepository, type Repository } from '../git/repository.ts';
import { Ledger } from '../ledger/ledger.ts';
import { findRun } from '../ledger/find-run.ts';
import { readRun, refuseImported, type RunRecord } from '../ledger/read.ts';
import type { AblationRecord, TransferRecord } from '../ledger/analysis-records.ts';
import { MeasurementFile } from '../ledger/wal.ts';
import { assemble, withoutReporters, type Assembly } from '../engine/session/assemble.ts';
import { disposeAll } from '../engine/session/instances.ts';
import { lockRun } from '../engine/session/lock-run.ts';
import { prepareProject } from '../engine/session/prepare.ts';
import { stateOf, type RunRequest } from '../engine/session/run.ts';
import type { RunState } from '../model/run-state.ts';
import { foldLedger } from '../engine/session/run-state-from.ts';

export interface StoppedRunRequest extends Pick<RunRequest, 'cwd' | 'name' | 'log' | 'signal'> {
  readonly onAssembled: (assembly: Assembly) => void;
}

/** A stopped run whose lock is held, with all that its trials need. */
export interface StoppedRun {
  readonly assembly: Assembly;
  readonly repository: Repository;
  readonly state: RunState;
  readonly runDir: string;
  readonly wal: MeasurementFile;
  readonly record: RunRecord;
}

interface Measurement<R> {
  /** Names the file that keeps its trials over a kill. */
  readonly name: string;
  /** Why an imported run is refused. */
  readonly refusal: string;
  measure(run: StoppedRun): Promise<R>;
}

/** Runs trials of a stopped run under its lock, and writes what was found into its ledger. */
export async function measureStoppedRun<R extends AblationRecord | TransferRecord>(
  request: StoppedRunRequest,
  { name, refusal, measure }: Measurement<R>,
): Promise<R> {
  const here = await openRepository(request.cwd);
  const run = await findRun(here.git, request.name);
  const before = await readRun(here.git, run);
  refuseImported(before, refusal);
  const { opening } = before;
  const repository = await openRepository(join(here.top, opening.projectPrefix));
  const { config, uses } = await resolveRecorded(opening.config, repository.projectDir);
  const assembly = await assemble(config, withoutReporters(uses), { ...request, projectDir: repository.projectDir });
  request.onAssembled(assembly);
  const { runDir, lock } = await lockRun(repository, run, assembly, request.log);
  try {
    await prepareProject({ ...request, assembly, repository });
    const record = await readRun(here.git, run);
    const state = stateOf(run, config, assembly, opening);
    await foldLedger(state, repository.git, record);
    // A separate file, because the run's own may hold an experiment to resume.
    const wal = new MeasurementFile(join(runDir, `${name}.jsonl`));
    try {
      const found = await measure({ assembly, repository, state, runDir, wal, record });
      await new Ledger(repository.git, run, opening.objective, record.tip).append(found);
      wal.clear();
      return found;
    } finally {
      wal.close();
    }
  } finally {
    await disposeAll(assembly.instances, request.log.warn);
    lock.release();
  }
}
