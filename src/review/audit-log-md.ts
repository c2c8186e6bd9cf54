import { formatInterval, formatProbability } from '../views/estimate.ts';
import { decimalsFor } from '../views/format.ts';
import type { AuditLog, AuditRow } from './audit-log.ts';
import { cell, inline, quote } from './markdown.ts';
import { nameOf } from './reviewer.ts';
import { experimentsText } from './evidence.ts';

/** The log as a page to read: one section for each experiment, oldest first. */
export function renderAuditMarkdown(log: AuditLog): string {
  const { objective } = log;
  const facts: [string, string][] = [
    ['opened', log.opened],
    ['started from', log.base],
    ['objective', `${objective.label}, ${objective.direction}`],
    ['engine', `autoresearch ${log.engine} on ${log.host}`],
    ['ledger', log.ledger],
  ];
  return `${[
    `# Audit log of the run ${inline(log.run)}`,
    table(facts),
    ...log.experiments.map((row) => section(row, objective.label)),
    ...listed(
      'Audits of the run',
      log.audits.map(({ at, after, text }) => `${at}, after experiment ${after}: ${text}`),
    ),
    ...listed(
      'Promotions',
      log.promotions.map(
        ({ at, by, branch, commit, experiments, audit }) =>
          `${at}: ${experimentsText(experiments)} to ${branch} at ${commit} by ${nameOf(by)}; ${audit ?? 'not audited'}`,
      ),
    ),
  ].join('\n\n')}\n`;
}

function section(row: AuditRow, label: string): string {
  const decimals = decimalsFor([row]);
  const gain = row.gain ? `${formatInterval(row.gain, decimals)}, P(gain) ${formatProbability(row.pGain)}` : 'not estimated';
  const facts: [string, string][] = [
    ['proposed', `by ${row.proposedBy}, ${row.proposedAt}`],
    ['files', row.files.join(', ')],
    [label, row.score === null ? 'not measured' : `${row.score}${row.delta === null ? '' : ` (${row.delta} against the incumbent)`}`],
    ['gain', gain],
    ['trials', String(row.trials)],
    [
      'verdict',
      `${row.verdict}, ${row.reason.code}: ${row.reason.text}, ${row.decidedAt}${row.rolledBack ? '; rolled back by an audit' : ''}`,
    ],
    ...row.gates.map((gate): [string, string] => ['gate', gate]),
    ['review', row.standing ?? 'no human was asked'],
    ...row.reviews.map((review): [string, string] => [
      review.decision,
      `by ${nameOf(review.by)}, ${review.at}${review.note === '' ? '' : `: ${review.note}`}`,
    ]),
    ...row.promoted.map(({ at, branch, commit }): [string, string] => ['promoted', `to ${branch} as ${commit}, ${at}`]),
    ['commit', `${row.candidate ?? 'none'} on ${row.parent}`],
    ['ledger', row.entry],
  ];
  return [
    `## Experiment ${row.experiment}: ${inline(row.title)}`,
    quote('Hypothesis', row.hypothesis),
    quote('Why', row.rationale),
    quote('Risks', row.risks.join('\n') || (row.kind === 'change' ? 'none named' : '')),
    table(facts),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function table(facts: readonly (readonly [string, string])[]): string {
  return ['| | |', '| --- | --- |', ...facts.map(([name, value]) => `| ${cell(name)} | ${cell(value)} |`)].join('\n');
}

function listed(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [[`## ${heading}`, '', ...lines.map((line) => `- ${inline(line)}`)].join('\n')];
}
