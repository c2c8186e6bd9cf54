import { join } from 'node:path';
import { resolveRecorded } from '../config/load-config.ts';
import type { Config, TransferCondition } from '../config/types.ts';
import { AutoresearchError } from '../errors.ts';
import { openRepository } from '../git/repository.ts';
import { Ledger } from '../ledger/ledger.ts';
import { findRun, readRun, refuseImported, type RunRecord } from '../ledger/read.ts';
import type { TransferFinding, TransferRecord } from '../ledger/records.ts';
import { WriteAhead } from '../ledger/wal.ts';
import { assemble, withoutReporters, type Assembly } from './assemble.ts';
import { disposeAll } from './instances.ts';
import { openLab } from './lab.ts';
import { prepareProject } from './prepare.ts';
import { lockRun, stateOf, type RunRequest } from './run.ts';
import { foldLedger } from './run-state-from.ts';
import { measureTransfer, summarizeTransfer } from './transfer.ts';

interface TransferRequest extends Pick<RunRequest, 'cwd' | 'name' | 'log' | 'signal'> {
  readonly conditions: readonly TransferCondition[];
  /** Trials of each side under each condition. */
  readonly trials: number;
  readonly onAssembled: (assembly: Assembly) => void;
  readonly onTrial: (done: number, of: number) => void;
}

/** Measures a stopped run's final commit against its anchor under other conditions, and writes that into its ledger. */
export async function transferRun(request: TransferRequest): Promise<TransferRecord> {
  const { conditions, trials, signal, log } = request;
  const here = await openRepository(request.cwd);
  const run = await findRun(here.git, request.name);
  const before = await readRun(here.git, run);
  refuseImported(before, 'a transfer trains commits, and an imported run has no trainer');
  const { opening } = before;
  const repository = await openRepository(join(here.top, opening.projectPrefix));
  const { config, uses } = await resolveRecorded(opening.config, repository.projectDir);
  const assembly = await assemble(config, withoutReporters(uses), { ...request, projectDir: repository.projectDir });
  request.onAssembled(assembly);
  const { runDir, lock } = await lockRun(repository, run, assembly);
  try {
    await prepareProject({ ...request, assembly, repository });
    const record = await readRun(here.git, run);
    const state = stateOf(run, config, assembly, opening);
    await foldLedger(state, repository.git, record);
    const { incumbent, anchor } = state;
    if (!incumbent?.candidate || !anchor?.candidate || incumbent.id === anchor.id) {
      throw new AutoresearchError('RUN_NOT_FOUND', `run ${run} has kept nothing, so there is no gain to look for elsewhere`, {
        hint: `autoresearch log ${run}`,
      });
    }
    const [final, from] = [incumbent.candidate, anchor.candidate];
    const wal = new WriteAhead(join(runDir, 'transfer.jsonl'));
    const findings: TransferFinding[] = [];
    let done = 0;
    try {
      for (const condition of conditions) {
        const purpose = `transfer to ${JSON.stringify(condition)} after ${record.tip}`;
        const lab = await openLab({
          assembly: { ...assembly, config: under(config, condition) },
          repository,
          state,
          base: opening.base,
          runDir,
          signal,
          log,
          wal,
          purpose,
          env: condition.env,
        });
        const number = earlierConditions(record) + findings.length;
        const onTrial = () => request.onTrial(++done, conditions.length * trials * 2);
        try {
          const { direction } = state.objective;
          findings.push(await measureTransfer({ condition, number, lab, direction, final, anchor: from, trials, onTrial }));
        } finally {
          await lab.close();
        }
      }
      const found: TransferRecord = {
        v: 1,
        kind: 'transfer',
        at: new Date().toISOString(),
        final: { id: incumbent.id, commit: final },
        anchor: { id: anchor.id, commit: from },
        conditions: findings,
        text: summarizeTransfer(findings),
      };
      await new Ledger(repository.git, run, opening.objective, record.tip).append(found);
      wal.clear();
      return found;
    } finally {
      wal.close();
    }
  } finally {
    await disposeAll(assembly.instances, log.warn);
    lock.release();
  }
}

/** The config with what the condition changes about a trial. */
function under(config: Config, { timeout }: TransferCondition): Config {
  return timeout === undefined ? config : { ...config, trainer: { ...config.trainer, timeout } };
}

function earlierConditions({ sessions }: RunRecord): number {
  return sessions.reduce((sum, session) => sum + (session.kind === 'transfer' ? session.conditions.length : 0), 0);
}
