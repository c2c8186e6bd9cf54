import { join } from 'node:path';
import { resolveRecorded } from '../config/load-config.ts';
import type { Config, TransferCondition } from '../config/types.ts';
import { AutoresearchError } from '../errors.ts';
import { openRepository, type Repository } from '../git/repository.ts';
import { Ledger } from '../ledger/ledger.ts';
import { findRun, readRun, refuseImported, type RunRecord } from '../ledger/read.ts';
import type { TransferFinding, TransferRecord } from '../ledger/records.ts';
import { WriteAhead } from '../ledger/wal.ts';
import { assemble, withoutReporters, type Assembly } from './assemble.ts';
import { disposeAll } from './instances.ts';
import { openLab } from './lab.ts';
import { prepareProject } from './prepare.ts';
import { lockRun } from './lock-run.ts';
import { stateOf, type RunRequest } from './run.ts';
import type { RunState } from './run-state.ts';
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
  const here = await openRepository(request.cwd);
  const run = await findRun(here.git, request.name);
  const before = await readRun(here.git, run);
  refuseImported(before, 'a transfer trains commits, and an imported run has no trainer');
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
    const wal = new WriteAhead(join(runDir, 'transfer.jsonl'));
    try {
      const found = await measureAll(request, { assembly, repository, state, runDir, wal, record });
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

interface Opened {
  readonly assembly: Assembly;
  readonly repository: Repository;
  readonly state: RunState;
  readonly runDir: string;
  readonly wal: WriteAhead;
  readonly record: RunRecord;
}

async function measureAll(request: TransferRequest, { assembly, record, ...opened }: Opened): Promise<TransferRecord> {
  const { conditions, trials, signal, log } = request;
  const { state, wal } = opened;
  const { final, anchor } = sidesOf(state);
  const base = record.opening.base;
  const findings: TransferFinding[] = [];
  let done = 0;
  const onTrial = () => request.onTrial(++done, conditions.length * trials * 2);
  for (const condition of conditions) {
    const purpose = `transfer to ${JSON.stringify(condition)} after ${record.tip}`;
    const changed = { ...assembly, config: under(assembly.config, condition) };
    const lab = await openLab({ ...opened, assembly: changed, base, signal, log, wal, purpose, env: condition.env });
    try {
      const number = earlierConditions(record) + findings.length;
      const { direction } = state.objective;
      findings.push(
        await measureTransfer({ condition, number, lab, direction, final: final.commit, anchor: anchor.commit, trials, onTrial }),
      );
    } finally {
      await lab.close();
    }
  }
  return { v: 1, kind: 'transfer', at: new Date().toISOString(), final, anchor, conditions: findings, text: summarizeTransfer(findings) };
}

function sidesOf({ name, incumbent, anchor }: RunState): Pick<TransferRecord, 'final' | 'anchor'> {
  if (!incumbent?.candidate || !anchor?.candidate || incumbent.id === anchor.id) {
    throw new AutoresearchError('RUN_NOT_FOUND', `run ${name} has kept nothing, so there is no gain to look for elsewhere`, {
      hint: `autoresearch log ${name}`,
    });
  }
  return { final: { id: incumbent.id, commit: incumbent.candidate }, anchor: { id: anchor.id, commit: anchor.candidate } };
}

/** The config with what the condition changes about a trial. */
function under(config: Config, { timeout }: TransferCondition): Config {
  return timeout === undefined ? config : { ...config, trainer: { ...config.trainer, timeout } };
}

function earlierConditions({ sessions }: RunRecord): number {
  return sessions.reduce((sum, session) => sum + (session.kind === 'transfer' ? session.conditions.length : 0), 0);
}
