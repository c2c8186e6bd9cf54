/** One change as a human decides on it: what, why, risks, evidence, diff; and the list of all of them. */
import type { SettledExperiment } from '../experiment.ts';
import type { Reviewable } from '../review/queue.ts';
import { effectText } from './effect-text.ts';
import { decimalsForEstimates, formatInterval, formatProbability } from './estimate.ts';
import { decimalsFor, formatNumber, plural, shortCommit } from './format.ts';
import type { ObjectiveView } from './log.ts';
import { painter, VERDICT_STYLE, type Paint } from './paint.ts';
import { reviewLines, STANDING_STYLE } from './reviews.ts';
import { paintDiff, scoreText } from './show.ts';
import { renderTable, type Column } from './table.ts';
import { oneLine, pad, printable, wrap } from './text.ts';
import type { TextOptions } from './types.ts';

const MOST_LINES = 40;

interface CardInput {
  readonly item: Reviewable;
  readonly experiment: SettledExperiment;
  readonly diff: string;
  readonly objective: ObjectiveView;
  /** `2 of 5`. */
  readonly position: string;
}

export function renderReviewCard({ item, experiment, diff, objective, position }: CardInput, options: TextOptions = {}): string {
  const paint = painter(options.colour);
  const { proposal, verdict, reason } = experiment;
  const head = `${paint('dim', position)}  #${experiment.id} ${paint(VERDICT_STYLE[verdict], item.isParked ? 'parked' : verdict)} ${paint('bold', oneLine(proposal.title))}`;
  const facts: [string, string][] = [
    ['gain', effectOf(item, experiment)],
    [objective.label, scoreText(experiment, objective.direction)],
    ['decided', `${oneLine(reason.text)} ${paint('dim', `(${oneLine(reason.code)})`)}`],
    ['gates', gatesText(experiment)],
    ['agent', oneLine(proposal.agent)],
    ['candidate', `${shortCommit(experiment.candidate)} on ${shortCommit(experiment.parent)}`],
  ];
  const sections: [string, string][] = [
    ['Hypothesis', wrap(proposal.hypothesis, options.width, '  ')],
    ['Rationale', wrap(proposal.rationale, options.width, '  ')],
    ['Risks', proposal.risks.map((risk) => wrap(`- ${oneLine(risk)}`, options.width, '  ')).join('\n') || '  none named'],
    ['Reviews', reviewLines(item.reviews, options.width)],
    ['Diff', clip(diff, paint)],
  ];
  const blocks = sections.filter(([, body]) => body.trim() !== '').map(([title, body]) => `${paint('bold', title)}\n${body}`);
  const lines = facts.map(([name, text]) => `${paint('dim', pad(oneLine(name), 10))} ${text}`);
  return `${[[head, ...lines].join('\n'), ...blocks].join('\n\n')}\n`;
}

/** With the decimals that its own figures need. */
export function effectOf(
  item: Pick<Reviewable, 'estimated' | 'worth' | 'row'>,
  { score, delta }: Pick<SettledExperiment, 'score' | 'delta'>,
): string {
  const decimals = decimalsFor([{ score: score?.value ?? null, delta }]);
  return effectText(item, decimals, decimalsForEstimates([item.row], decimals));
}

function gatesText({ judgements }: SettledExperiment): string {
  return judgements.map(({ gate, outcome }) => `${oneLine(gate)} ${outcome}`).join(', ') || 'none asked';
}

function clip(diff: string, paint: Paint): string {
  const lines = printable(diff).split('\n');
  const more = lines.length - MOST_LINES;
  const shown = paintDiff(lines.slice(0, MOST_LINES).join('\n'), paint);
  return more > 0 ? `${shown}\n${paint('dim', `… ${plural(more, 'more line')}; d shows all`)}` : shown;
}

/** Everything a human can decide on, one line each. */
export function renderReviewList(items: readonly Reviewable[], options: TextOptions = {}): string {
  if (items.length === 0) return 'Nothing was kept or parked, so there is nothing to decide.\n';
  const paint = painter(options.colour);
  const decimals = decimalsFor(items.map(({ row }) => row));
  const digits = decimalsForEstimates(
    items.map(({ row }) => row),
    decimals,
  );
  const columns: Column<Reviewable>[] = [
    { header: '#', align: 'right', cell: ({ row }) => String(row.id) },
    { header: 'review', cell: ({ standing }) => standing, style: ({ standing }) => STANDING_STYLE[standing] },
    { header: 'verdict', cell: ({ isParked, isRolledBack }) => (isParked ? 'parked' : `keep${isRolledBack ? ' ↩' : ''}`) },
    {
      header: 'gain',
      align: 'right',
      cell: ({ estimated, worth }) =>
        estimated ? formatInterval(estimated, digits) : worth === null ? '–' : `${formatNumber(worth, decimals)} raw`,
    },
    { header: 'P(gain)', align: 'right', dropOrder: 1, cell: ({ row }) => formatProbability(row.estimate?.pGain) },
    { header: 'title', flexible: true, cell: ({ row }) => oneLine(row.title) },
    { header: 'decided by', dropOrder: 2, cell: ({ reviews }) => oneLine(reviews.at(-1)?.by.name ?? '–') },
    { header: 'note', dropOrder: 3, cell: ({ reviews }) => oneLine(reviews.at(-1)?.note ?? '').slice(0, 60) || '–' },
  ];
  return [...renderTable(items, columns, paint, options.width), ''].join('\n');
}
