import { oneLine } from '../ledger/message.ts';
import type { OpeningRecord } from '../ledger/records.ts';
import { printable } from '../views/text.ts';
import type { Approved } from './approved.ts';
import { nameOf } from './reviewer.ts';
import { evidenceOf, experimentsText, ofExperiments, withoutCalls } from './evidence.ts';

const SUBJECT = 72;
const NAME = 200;

/** The message of a promoted change: what and why, risks, evidence, who approved; ids of the ledger as trailers. */
export function promotedMessage(change: Approved, { run, objective }: OpeningRecord, without: readonly number[]): string {
  const { experiment, item, review, candidate, entry, reviewEntry } = change;
  const { proposal, id } = experiment;
  const { effect, score, gates } = evidenceOf(item, experiment, objective.direction);
  const sections = [
    section('Hypothesis', proposal.hypothesis),
    section('Why', proposal.rationale),
    section('Risks', proposal.risks.length > 0 ? proposal.risks.map((risk) => `- ${risk}`).join('\n') : 'none named'),
    section(
      'Evidence',
      [
        `${objective.label}: ${ofExperiments(score)}`,
        `gain: ${effect}`,
        ...gates,
        ...(item.isRolledBack ? ['an audit of the run took this change back'] : []),
        ...(without.length > 0 ? [`measured on top of ${experimentsText(without)}, not part of this branch`] : []),
      ].join('\n'),
    ),
    section('Proposed by', `${proposal.agent}, in experiment ${id} of ${run}`),
    section('Approved by', `${nameOf(review.by)}, ${review.at}${review.note === '' ? '' : `\n${review.note}`}`),
  ];
  const trailers = [
    `Autoresearch-Run: ${run}`,
    `Autoresearch-Experiment: ${id}`,
    `Autoresearch-Candidate: ${candidate}`,
    `Autoresearch-Ledger: ${entry}`,
    `Autoresearch-Review: ${reviewEntry}`,
    `Approved-by: ${withoutCalls(oneLine(nameOf(review.by), NAME))}`,
  ];
  const title = withoutCalls(oneLine(proposal.title, SUBJECT) || `experiment ${id}`);
  return `${title}\n\n${sections.filter(Boolean).join('\n\n')}\n\n${trailers.join('\n')}\n`;
}

/** Indented, so that no text of a model can pass for one of our fields, or end the message early. */
function section(name: string, text: string): string {
  const body = withoutCalls(printable(text.toWellFormed())).trim();
  if (body === '') return '';
  return `${name}:\n${body
    .split('\n')
    .map((line) => (line.trim() === '' ? '' : `  ${line}`))
    .join('\n')}`;
}
