import type { Config, TransferCondition } from '../config/types.ts';
import { AutoresearchError } from '../errors.ts';
import type { RunRecord } from '../ledger/read.ts';
import type { TransferFinding, TransferRecord } from '../ledger/analysis-records.ts';
import { withMeasurer } from '../engine/session/with-measurer.ts';
import { measureStoppedRun, type StoppedRun, type StoppedRunRequest } from './measure-stopped-run.ts';
import type { RunState } from '../model/run-state.ts';
import { measureTransfer, summarizeTransfer } from './transfer.ts';

interface TransferRequest extends StoppedRunRequest {
  readonly conditions: readonly TransferCondition[];
  /** Trials of each side under each condition. */
  readonly trials: number;
  readonly onTrial: (done: number, of: number) => void;
}

/** Measures a stopped run's final commit against its anchor under other conditions, and writes that into its ledger. */
export function transferRun(request: TransferRequest): Promise<TransferRecord> {
  return measureStoppedRun(request, {
    name: 'transfer',
    refusal: 'a transfer trains commits, and an imported run has no trainer',
    measure: (run) => measureAll(request, run),
  });
}

async function measureAll(request: TransferRequest, { assembly, record, ...opened }: StoppedRun): Promise<TransferRecord> {
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
    const kept = { file: wal, purpose };
    const input = { ...opened, assembly: changed, base, signal, log, kept, env: condition.env };
    const number = earlierConditions(record) + findings.length;
    const { direction } = state.objective;
    const sides = { final: final.commit, anchor: anchor.commit };
    findings.push(
      await withMeasurer(input, (measurer) => measureTransfer({ condition, number, measurer, direction, ...sides, trials, onTrial })),
    );
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
