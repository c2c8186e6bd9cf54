import type { Basis, ExperimentKind, SettledExperiment } from '../experiment.ts';
import { Incumbents } from '../model/incumbents.ts';
import type { Summary } from '../contract/run-view.ts';
import type { AuditRecord, LedgerRecord } from './records.ts';
import type { InFlight } from './wal.ts';

/** As it may have been written: older versions wrote down neither the kind of an experiment nor what it was made on. */
type Older<T, K extends keyof T> = Omit<T, K> & Partial<Pick<T, K>>;
type OlderExperiment = Older<SettledExperiment, 'kind' | 'basis'>;
type OlderSummary = Older<Summary, 'kind' | 'basis' | 'incumbent'> & { readonly control?: true };

/** The record with what its version did not write down. */
export function completeRecord(record: LedgerRecord | OlderExperiment): LedgerRecord {
  if (!('state' in record)) return record;
  if (record.kind !== undefined && record.basis !== undefined) return record as SettledExperiment;
  const { incumbent, parent } = record;
  return { ...record, kind: kindOf(record), basis: { incumbent: incumbent?.id ?? null, commit: parent } };
}

/** An experiment in flight, which was made on the present incumbent: older versions had only one at a time. */
export function completeInFlight(written: InFlight, basis: Basis): InFlight {
  const isControl = written.state === 'committed' && written.candidate === written.parent;
  const kind = basis.incumbent === null ? 'baseline' : isControl ? 'control' : 'change';
  return { ...written, kind: written.kind ?? kind, basis: written.basis ?? basis };
}

/** These versions marked a control by its title alone, and used it for no other experiment of the engine. */
function kindOf({ proposal, incumbent }: OlderExperiment): ExperimentKind {
  if (incumbent === null) return 'baseline';
  return proposal.source === 'engine' && proposal.title === 'control' ? 'control' : 'change';
}

/** The same for the summaries of a whole run, in the order of the ledger. */
export function completeSummaries(summaries: readonly OlderSummary[], audits: readonly AuditRecord[]): Summary[] {
  const incumbents = new Incumbents();
  const waiting = audits.toReversed();
  return summaries.map(({ control, ...summary }) => {
    const incumbent = incumbents.current ?? null;
    incumbents.settle(summary);
    for (let next = waiting.at(-1); next?.after === summary.id; next = waiting.at(-1)) {
      incumbents.audit(next.audit);
      waiting.pop();
    }
    const kind = incumbent === null ? 'baseline' : control ? 'control' : 'change';
    return { kind, basis: incumbent, incumbent, ...summary };
  });
}
