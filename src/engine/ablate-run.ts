import { join } from 'node:path';
import { resolveRecorded } from '../config/load-config.ts';
import { openRepository } from '../git/repository.ts';
import { Ledger } from '../ledger/ledger.ts';
import { findRun, readRun, refuseImported } from '../ledger/read.ts';
import type { AblationRecord } from '../ledger/records.ts';
import { WriteAhead } from '../ledger/wal.ts';
import { ablate } from './ablate.ts';
import { assemble, withoutReporters, type Assembly } from './assemble.ts';
import { disposeAll } from './instances.ts';
import { openLab } from './lab.ts';
import { prepareProject } from './prepare.ts';
import { lockRun } from './lock-run.ts';
import { stateOf, type RunRequest } from './run.ts';
import { foldLedger } from './run-state-from.ts';

interface AblateRequest extends Pick<RunRequest, 'cwd' | 'name' | 'log' | 'signal'> {
  readonly trials: number | undefined;
  readonly drop: boolean;
  readonly onAssembled: (assembly: Assembly) => void;
  readonly onTrial: (done: number, of: number) => void;
}

/** Ablates a stopped run under its lock, and writes what was found into its ledger. */
export async function ablateRun(request: AblateRequest): Promise<AblationRecord> {
  const here = await openRepository(request.cwd);
  const run = await findRun(here.git, request.name);
  const before = await readRun(here.git, run);
  refuseImported(before, 'ablation trains commits, and an imported run has no trainer');
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
    const wal = new WriteAhead(join(runDir, 'ablation.jsonl'));
    const { signal, log } = request;
    const purpose = `ablation after ${record.tip}`;
    const lab = await openLab({ assembly, repository, state, base: opening.base, runDir, signal, log, wal, purpose });
    try {
      const found = await ablate({ lab, state, repository, budget: request.trials, drop: request.drop, onTrial: request.onTrial });
      await new Ledger(repository.git, run, opening.objective, record.tip).append(found);
      wal.clear();
      return found;
    } finally {
      wal.close();
      await lab.close();
    }
  } finally {
    await disposeAll(assembly.instances, request.log.warn);
    lock.release();
  }
}
