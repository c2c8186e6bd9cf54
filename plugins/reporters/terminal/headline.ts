/** The headline of a run as its reporter sees it. */
import { gain, headlineOf, undoneKeeps, type Headline, type RunEnd, type RunView } from '../../../src/plugin.ts';
import { gained, standingAudit } from './claims.ts';

export function headline(run: RunView, { outcome, reason }: RunEnd): Headline {
  const { name, objective, baseline, incumbent, audits, counts, guards = [] } = run;
  const undone = undoneKeeps(run).size;
  const audit = standingAudit(run);
  return headlineOf({
    run: name,
    label: objective.label,
    state: outcome,
    code: reason.code,
    baseline: baseline?.score?.value ?? null,
    gain: gained(run)?.value ?? null,
    experiments: Object.values(counts).reduce((sum, count) => sum + count, 0),
    kept: incumbent === null || incumbent.id === baseline?.id ? 0 : counts.keep - undone,
    rolledBack: undone,
    incumbent: incumbent?.id ?? null,
    audit:
      audit === undefined ? null : { value: gain(audit.claim.value, 0, objective.direction), shown: audit.claim.shown, to: audit.final.id },
    failures: audit?.failures ?? null,
    takenBackFor: audits.findLast(({ rolledBack }) => rolledBack)?.failures ?? [],
    guards,
    waiting: counts.review,
    approved: 0,
  });
}
