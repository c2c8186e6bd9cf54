/** One experiment, whole: what was tried and why, what came out, how it was judged. */
import type { Direction, SettledExperiment, Trial } from '../experiment.ts';
import type { ReviewRecord } from '../ledger/review-records.ts';
import { TRUST_LEVELS, type TrustLevel } from '../trust.ts';
import { IMPORTED_TEXT, isImported } from './incumbent-steps.ts';
import { decimalsFor, formatNumber, formatSeconds, formatSigned, formatTime, plural, shortCommit } from './format.ts';
import { deltaMark, painter, VERDICT_STYLE, type Paint } from './paint.ts';
import { reviewLines } from './reviews.ts';
import { beliefText, curvesText, estimateText, judgementText } from './show-evidence.ts';
import { renderTable, type Column } from './table.ts';
import { oneLine, pad, printable, wrap } from './text.ts';
import type { ObjectiveView } from './log.ts';
import type { SwarmRow } from '../swarm/overview.ts';
import { claimText } from './swarm-log.ts';
import type { TextOptions } from './types.ts';

export interface ShowOptions extends TextOptions {
  /** The change as `git diff` prints it. */
  readonly diff?: string;
  /** An audit took this keep back. */
  readonly isRolledBack?: boolean;
  /** How far its number can be trusted. */
  readonly trust?: TrustLevel | null;
  /** Where several nodes work on the run: whose it is, and what others have found. */
  readonly swarm?: SwarmRow | undefined;
  /** What humans decided of it, oldest first. */
  readonly reviews?: readonly ReviewRecord[];
}

export function renderExperiment(experiment: SettledExperiment, objective: ObjectiveView, options: ShowOptions = {}): string {
  const paint = painter(options.colour);
  const { proposal, verdict } = experiment;
  // A control repeats the incumbent: it was never up for a verdict.
  const word = experiment.kind === 'control' ? paint('dim', 'control') : paint(VERDICT_STYLE[verdict], verdict);
  const head = `${options.swarm?.origin ?? `#${experiment.id}`} ${word}${options.isRolledBack ? paint('yellow', ' (rolled back)') : ''} ${paint('bold', oneLine(proposal.title))}`;
  const reason = `${oneLine(experiment.reason.text)} ${paint('dim', `(${oneLine(experiment.reason.code)})`)}`;
  const sections: [string, string][] = [
    ['Hypothesis', wrap(proposal.hypothesis, options.width, '  ')],
    ['Rationale', wrap(proposal.rationale, options.width, '  ')],
    ['Risks', proposal.risks.map((risk) => wrap(`- ${oneLine(risk)}`, options.width, '  ')).join('\n')],
    ['Parameters', parameters(experiment)],
    ['Judgements', experiment.judgements.map((judgement) => judgementText(judgement, paint, options.width)).join('\n')],
    ['Trials', trials(experiment.trials, paint, options.width)],
    ['The incumbent beside them', trials(experiment.beside ?? [], paint, options.width)],
    ['Reviews', reviewLines(options.reviews ?? [], options.width)],
    ['Curves', curvesText(experiment.trials)],
    ['Changes', experiment.changes.map((change) => `  ${pad(change.kind, 9)} ${oneLine(change.path)}`).join('\n')],
    ['Diff', options.diff === undefined ? '' : paintDiff(printable(options.diff), paint)],
  ];
  const blocks = sections.filter(([, body]) => body.trim() !== '').map(([title, body]) => `${paint('bold', title)}\n${body}`);
  return `${[[head, reason, '', ...facts(experiment, objective, paint, options)].join('\n'), ...blocks].join('\n\n')}\n`;
}

function nodeText({ node, owner, hardware }: SwarmRow): string {
  return `${node} of ${oneLine(owner)}${hardware === '' ? '' : `, on ${oneLine(hardware)}`}`;
}

function facts(experiment: SettledExperiment, objective: ObjectiveView, paint: Paint, { trust = null, swarm }: ShowOptions): string[] {
  const { proposal } = experiment;
  const cost = proposal.usage?.usd === undefined ? '' : `, $${proposal.usage.usd.toFixed(4)}`;
  const rows: [string, string | null][] = [
    ['run', oneLine(experiment.run)],
    ['node', swarm === undefined ? null : nodeText(swarm)],
    ['measures', swarm?.of ?? null],
    ['claim', swarm === undefined ? null : claimText(swarm)],
    [objective.label, scoreText(experiment, objective.direction)],
    ['number', trust === null ? null : TRUST_LEVELS[trust]],
    ['estimate', estimateText(experiment, decimalsOf(experiment))],
    ['believed', beliefText(experiment, decimalsOf(experiment))],
    [
      'metrics',
      Object.entries(experiment.metrics)
        .map(([name, value]) => `${oneLine(name)} ${number(value)}`)
        .join(', ') || null,
    ],
    ['expected', expectedText(experiment)],
    ['agent', `${oneLine(proposal.agent)} (words from ${proposal.source})${cost}`],
    ['declined', declinedText(experiment)],
    ['candidate', `${shortCommit(experiment.candidate)} on ${shortCommit(experiment.parent)}`],
    ['again of', experiment.again === undefined ? null : `#${experiment.again}, whose change it is, moved onto a later incumbent`],
    ['moved', movedText(experiment)],
    ['conflict', conflictText(experiment)],
    [
      'diff',
      experiment.diff === null ? null : `${plural(experiment.diff.files, 'file')}, +${experiment.diff.added} -${experiment.diff.removed}`,
    ],
    ['time', isImported(experiment) ? IMPORTED_TEXT : `${formatSeconds(experiment.seconds)}, settled ${formatTime(experiment.settledAt)}`],
  ];
  return rows.flatMap(([name, text]) => (text === null ? [] : [`${paint('dim', pad(oneLine(name), 10))} ${text}`]));
}

export function scoreText({ score, delta, incumbent }: SettledExperiment, direction: Direction): string {
  if (score === null) return 'no score';
  const decimals = decimalsOf({ score, delta });
  const spread = score.n > 1 ? ` ± ${formatNumber(score.spread, decimals)} over ${score.n} trials` : '';
  if (delta === null || incumbent === null) return formatNumber(score.value, decimals) + spread;
  const before = `#${incumbent.id} at ${formatNumber(incumbent.score, decimals)}`;
  return `${formatNumber(score.value, decimals)}${spread}, ${formatSigned(delta, decimals)} ${deltaMark(delta, direction)} against ${before}`;
}

function decimalsOf({ score, delta }: Pick<SettledExperiment, 'score' | 'delta'>): number {
  return decimalsFor([{ score: score?.value ?? null, delta }]);
}

function movedText({ moved = [] }: SettledExperiment): string | null {
  if (moved.length === 0) return null;
  return moved.map(({ candidate, parent }) => `from ${shortCommit(candidate)} on ${shortCommit(parent)}`).join(', ');
}

function conflictText({ conflict }: SettledExperiment): string | null {
  if (conflict === undefined) return null;
  const { paths, onto, fix } = conflict;
  const done = fix === undefined ? 'so it was not moved' : `which its agent merged: ${oneLine(fix)}`;
  return `${oneLine(paths.join(', ')) || 'what git could not merge'}, with ${shortCommit(onto)}, ${done}`;
}

function expectedText({ proposal: { expected } }: SettledExperiment): string | null {
  const parts = [
    ...(expected?.delta === undefined ? [] : [`a change of ${expected.delta > 0 ? '+' : ''}${number(expected.delta)}`]),
    ...(expected?.confidence === undefined ? [] : [`${Math.round(expected.confidence * 100)}% sure`]),
  ];
  return parts.length === 0 ? null : parts.join(', ');
}

function declinedText({ proposal: { declined = [] } }: SettledExperiment): string | null {
  const parts = declined.map(
    ({ agent, kind, usage }) => `${oneLine(agent)}: ${kind}${usage?.usd === undefined ? '' : `, $${usage.usd.toFixed(4)}`}`,
  );
  return parts.length === 0 ? null : parts.join('; ');
}

function parameters({ proposal: { params } }: SettledExperiment): string {
  return Object.entries(params ?? {})
    .map(([name, value]) => `  ${oneLine(name)} = ${oneLine(String(value))}`)
    .join('\n');
}

function trials(list: readonly Trial[], paint: Paint, width: number | undefined): string {
  if (list.length === 0) return '';
  const columns: Column<Trial>[] = [
    { header: 'trial', align: 'right', cell: (trial) => String(trial.index) },
    { header: 'seed', align: 'right', cell: (trial) => String(trial.seed) },
    { header: 'exit', cell: exitText },
    { header: 'time', align: 'right', cell: (trial) => formatSeconds(trial.seconds) },
    { header: 'memory', align: 'right', cell: (trial) => (trial.peakMemoryMb === null ? '–' : `${Math.round(trial.peakMemoryMb)} MiB`) },
    { header: 'slot', dropOrder: 1, cell: (trial) => oneLine(trial.slot) },
    {
      header: 'metrics',
      flexible: true,
      cell: (trial) =>
        Object.entries(trial.metrics)
          .map(([name, value]) => `${oneLine(name)} ${number(value)}`)
          .join(', '),
    },
  ];
  return renderTable(list, columns, paint, width === undefined ? undefined : width - 2)
    .map((line) => `  ${line}`)
    .join('\n');
}

/** How a trial ended, with the code or signal where that says more. */
export function exitText(trial: Trial): string {
  const detail = trial.signal ?? (trial.exitCode === null || trial.exitCode === 0 ? null : `code ${trial.exitCode}`);
  return detail === null ? trial.exit : `${trial.exit} (${detail})`;
}

/** Seven significant digits, without trailing zeros. */
function number(value: number): string {
  return String(Number(value.toPrecision(7)));
}

export function paintDiff(diff: string, paint: Paint): string {
  return diff
    .split('\n')
    .map((line) => {
      if (/^(diff|index|---|\+\+\+) /.test(line)) return paint('bold', line);
      if (line.startsWith('@@')) return paint('cyan', line);
      if (line.startsWith('+')) return paint('green', line);
      return line.startsWith('-') ? paint('red', line) : line;
    })
    .join('\n');
}
