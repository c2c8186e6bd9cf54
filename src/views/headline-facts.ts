/** The facts of a headline, out of a run's record. */
import type { AuditRecord } from '../ledger/records.ts';
import type { Claim } from './claim.ts';
import type { HeadlineFacts } from './headline.ts';
import type { Totals } from './rank.ts';
import type { StandingCounts } from './reviews.ts';
import type { ProcessState } from './process-state.ts';

interface Input {
  readonly run: string;
  readonly state: ProcessState;
  readonly label: string;
  readonly totals: Totals;
  readonly claim: Claim | null;
  readonly audits: readonly AuditRecord[];
  readonly standings: StandingCounts;
  readonly guards: readonly string[];
}

export function factsOf({ run, state, label, totals, claim, audits, standings, guards }: Input): HeadlineFacts {
  const { baseline, incumbent, counts, rolledBack, experiments, gain } = totals;
  const code = state.kind === 'stopped' ? state.reason.code : '';
  return {
    run,
    label,
    state: state.kind === 'stopped' && FAILED.has(code) ? 'failed' : state.kind,
    code,
    baseline: baseline?.score ?? null,
    gain,
    experiments,
    kept: incumbent === null || incumbent.id === baseline?.id ? 0 : counts.keep - rolledBack,
    rolledBack,
    incumbent: incumbent?.id ?? null,
    audit: claim,
    failures: audits.findLast(({ audit }) => audit.final.id === claim?.to && !audit.rolledBack)?.audit.failures ?? null,
    takenBackFor: audits.findLast(({ audit }) => audit.rolledBack)?.audit.failures ?? [],
    guards,
    waiting: standings.waiting + standings.asked,
    approved: standings.approved,
  };
}

/** Reasons that end a run before its time. */
const FAILED: ReadonlySet<string> = new Set(['CRASHES', 'NO_PROPOSALS', 'DATA_CHANGED', 'BASELINE_FAILED', 'AGENT_FAILED', 'INTERRUPTED']);
