/** The text of a pull request for a promotion: what is in it, the evidence for each change, what was left out. */
import type { PromotionRecord } from '../ledger/review-records.ts';
import { plural } from '../views/format.ts';
import type { Approved } from './approved.ts';
import { missing } from './build.ts';
import { cell, inline, quote } from './markdown.ts';
import { nameOf } from './reviewer.ts';
import type { StoppedRun } from './stopped-run.ts';
import { evidenceOf, experimentsText, ofExperiments } from './evidence.ts';

export function pullRequestText({ record }: Pick<StoppedRun, 'record'>, promotion: PromotionRecord, approved: readonly Approved[]): string {
  const { opening, run } = record;
  const byId = new Map(approved.map((change) => [change.experiment.id, change]));
  const changes = promotion.changes.flatMap(({ experiment, commit }) => {
    const change = byId.get(experiment);
    return change ? [{ change, commit }] : [];
  });
  const title = `${plural(changes.length, 'approved change')} of the run ${run} for ${opening.objective.label}`;
  return `${[
    `# ${inline(title)}`,
    auditText(promotion),
    table(changes, opening.objective.direction),
    ...changes.map(({ change, commit }) => section(change, commit, promotion, opening.objective)),
    ...leftOut(promotion),
    provenance(run, promotion),
  ].join('\n\n')}\n`;
}

interface Shown {
  readonly change: Approved;
  readonly commit: string;
}

function auditText({ audit }: PromotionRecord): string {
  if (audit === null) return '**Not audited**: this branch as a whole was not measured.';
  const { trials, text } = audit;
  const counts = `${plural(trials.promoted.length, 'fresh trial')} of this branch against ${trials.onto.length} of what it is put onto`;
  return `**${inline(capital(text))}** (${counts}, on seeds the run never used).`;
}

function table(changes: readonly Shown[], direction: 'minimize' | 'maximize'): string {
  const rows = changes.map(({ change: { experiment, item, review }, commit }) => {
    const { effect } = evidenceOf(item, experiment, direction);
    return `| ${experiment.id} | ${cell(experiment.proposal.title)} | ${cell(effect)} | ${cell(review.by.name)} | ${commit.slice(0, 10)} |`;
  });
  return ['| experiment | change | gain | approved by | commit |', '| ---: | --- | --- | --- | --- |', ...rows].join('\n');
}

function section(
  change: Approved,
  commit: string,
  promotion: PromotionRecord,
  objective: { readonly label: string; readonly direction: 'minimize' | 'maximize' },
): string {
  const { experiment, item, review } = change;
  const { proposal, id } = experiment;
  const { effect, score, gates } = evidenceOf(item, experiment, objective.direction);
  const without = missing(change, promotion.changes);
  return [
    `## Experiment ${id}: ${inline(proposal.title)}`,
    quote('Hypothesis', proposal.hypothesis),
    quote('Why', proposal.rationale),
    quote('Risks', proposal.risks.join('\n') || 'none named'),
    [
      `- ${inline(objective.label)}: ${inline(ofExperiments(score))}`,
      `- gain: ${inline(effect)}`,
      ...gates.map((gate) => `- ${inline(gate)}`),
      ...(item.isRolledBack ? ['- **an audit of the run took this change back**'] : []),
      ...(without.length > 0 ? [`- **measured on top of ${experimentsText(without)}, not part of this branch**`] : []),
      `- proposed by ${inline(proposal.agent)}, approved by ${inline(nameOf(review.by))} at ${review.at}, commit ${commit}`,
    ].join('\n'),
    quote('Note of the reviewer', review.note),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function leftOut({ leftOut: list }: PromotionRecord): string[] {
  if (list.length === 0) return [];
  return [['## Approved, and not part of it', '', ...list.map(({ text }) => `- ${inline(ofExperiments(text))}`)].join('\n')];
}

function provenance(run: string, { onto, commit, by }: PromotionRecord): string {
  return [
    '## Where this comes from',
    '',
    `Run ${inline(run)}, put onto ${onto}, last commit ${commit}, promoted by ${inline(nameOf(by))}. Each commit has the ids of its ledger entries as trailers.`,
    '`autoresearch verify` checks the record, `autoresearch audit-log` exports it.',
  ].join('\n');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
