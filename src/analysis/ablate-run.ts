import type { AblationRecord } from '../ledger/analysis-records.ts';
import { ablate } from './ablate.ts';
import { withMeasurer } from '../engine/session/with-measurer.ts';
import { measureStoppedRun, type StoppedRunRequest } from './measure-stopped-run.ts';

interface AblateRequest extends StoppedRunRequest {
  readonly trials: number | undefined;
  readonly drop: boolean;
  readonly onTrial: (done: number, of: number) => void;
}

/** Ablates a stopped run under its lock, and writes what was found into its ledger. */
export function ablateRun(request: AblateRequest): Promise<AblationRecord> {
  const { trials, drop, onTrial, signal, log } = request;
  return measureStoppedRun(request, {
    name: 'ablation',
    refusal: 'ablation trains commits, and an imported run has no trainer',
    measure({ record, wal, ...run }) {
      const kept = { file: wal, purpose: `ablation after ${record.tip}` };
      return withMeasurer({ ...run, base: record.opening.base, signal, log, kept }, (measurer) =>
        ablate({ measurer, state: run.state, repository: run.repository, budget: trials, drop, onTrial }),
      );
    },
  });
}
