/** A run as a compliance reader wants it: for each change who proposed it, why, its risks, the evidence, what was decided by whom and when. */
import type { SettledExperiment } from '../experiment.ts';
import type { RunRecord } from '../ledger/read.ts';
import { isExperiment } from '../ledger/records.ts';
import { summarize } from '../model/summarize.ts';
import type { PromotionRecord, Reviewer, ReviewRecord } from '../ledger/review-records.ts';
import { promotionsOf, reviewsOf } from '../ledger/reviews.ts';
import { auditsOf, rolledBack } from '../views/incumbent-steps.ts';
import { gainOf, intervalOf, type Interval } from '../views/estimate.ts';
import { standingIn } from '../views/reviews.ts';

export interface AuditLog {
  readonly v: 1;
  readonly run: string;
  readonly opened: string;
  /** The commit the run started from, and the last entry of the ledger this was read from. */
  readonly base: string;
  readonly ledger: string;
  readonly objective: RunRecord['opening']['objective'];
  readonly engine: string;
  readonly host: string;
  readonly experiments: readonly AuditRow[];
  /** The run's own audits, oldest first. */
  readonly audits: readonly { readonly at: string; readonly after: number; readonly text: string; readonly rolledBack: boolean }[];
  readonly promotions: readonly LoggedPromotion[];
}

export interface AuditRow {
  readonly experiment: number;
  /** A control is the incumbent again, to see whether the machine drifts. */
  readonly kind: 'baseline' | 'control' | 'change';
  readonly proposedAt: string;
  readonly proposedBy: string;
  readonly title: string;
  readonly hypothesis: string;
  readonly rationale: string;
  readonly risks: readonly string[];
  readonly files: readonly string[];
  readonly parent: string;
  readonly candidate: string | null;
  readonly score: number | null;
  /** Score minus the incumbent's. */
  readonly delta: number | null;
  /** What the gates believe of the gain, positive when it is one. */
  readonly gain: Interval | null;
  readonly pGain: number | null;
  readonly trials: number;
  readonly gates: readonly string[];
  readonly verdict: SettledExperiment['verdict'];
  readonly reason: SettledExperiment['reason'];
  readonly decidedAt: string;
  readonly rolledBack: boolean;
  /** The state of its review; null if no human was asked and none has decided. */
  readonly standing: string | null;
  readonly reviews: readonly (Pick<ReviewRecord, 'at' | 'by' | 'decision' | 'note'> & { readonly entry: string })[];
  readonly promoted: readonly { readonly at: string; readonly branch: string; readonly commit: string }[];
  /** The ledger entry that holds the whole record. */
  readonly entry: string;
}

interface LoggedPromotion extends Pick<PromotionRecord, 'at' | 'branch' | 'onto' | 'commit'> {
  readonly by: Reviewer;
  readonly experiments: readonly number[];
  readonly leftOut: readonly string[];
  readonly audit: string | null;
  readonly entry: string;
}

/** Made from the ledger alone, so that the same ledger always gives the same log. */
export function auditLogOf(record: RunRecord, experiments: readonly SettledExperiment[]): AuditLog {
  const { run, opening, tip, sessions, sessionCommits } = record;
  const entryOf = new Map(sessions.map((session, index) => [session, sessionCommits[index] ?? '']));
  const audits = auditsOf(sessions);
  return {
    v: 1,
    run,
    opened: opening.at,
    base: opening.base,
    ledger: tip,
    objective: opening.objective,
    engine: opening.engine,
    host: opening.host,
    experiments: rowsOf(record, experiments, (session) => entryOf.get(session) ?? ''),
    audits: audits.map(({ after, audit }) => ({ at: audit.at, after, text: audit.text, rolledBack: audit.rolledBack })),
    promotions: promotionsOf(sessions).map((promotion) => ({
      at: promotion.at,
      by: promotion.by,
      branch: promotion.branch,
      onto: promotion.onto,
      commit: promotion.commit,
      experiments: promotion.changes.map(({ experiment }) => experiment),
      leftOut: promotion.leftOut.map(({ text }) => text),
      audit: promotion.audit?.text ?? null,
      entry: entryOf.get(promotion) ?? '',
    })),
  };
}

function rowsOf(
  { sessions, commits, opening, summaries }: RunRecord,
  experiments: readonly SettledExperiment[],
  entryOf: (session: ReviewRecord) => string,
): AuditRow[] {
  const reviews = reviewsOf(sessions);
  const promotions = promotionsOf(sessions);
  const undone = rolledBack(summaries, auditsOf(sessions));
  return experiments.filter(isExperiment).map((experiment) => {
    const { id, proposal, candidate, parent, score, delta, verdict, reason } = experiment;
    const { estimate, n } = summarize(experiment);
    return {
      experiment: id,
      kind: experiment.kind,
      proposedAt: experiment.startedAt,
      proposedBy: proposal.agent,
      title: proposal.title,
      hypothesis: proposal.hypothesis,
      rationale: proposal.rationale,
      risks: proposal.risks,
      files: experiment.changes.map(({ kind, path }) => `${kind} ${path}`),
      parent,
      candidate,
      score: score?.value ?? null,
      delta,
      gain: estimate ? gainOf(intervalOf(estimate), opening.objective.direction) : null,
      pGain: estimate?.pGain ?? null,
      trials: n ?? experiment.trials.length,
      gates: experiment.judgements.map((judgement) => `${judgement.gate} ${judgement.outcome} ${judgement.code}: ${judgement.reason}`),
      verdict,
      reason,
      decidedAt: experiment.settledAt,
      rolledBack: undone.has(id),
      standing: standingIn(reviews, experiment),
      reviews: (reviews.get(id) ?? []).map((review) => ({
        at: review.at,
        by: review.by,
        decision: review.decision,
        note: review.note,
        entry: entryOf(review),
      })),
      promoted: promotions.flatMap(({ at, branch, changes }) =>
        changes.filter((change) => change.experiment === id).map(({ commit }) => ({ at, branch, commit })),
      ),
      entry: commits.get(id) ?? '',
    };
  });
}
