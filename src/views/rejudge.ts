/** A gate's judgement of a recorded run's keeps now. */
import type { Rejudgement } from '../analysis/rejudge-run.ts';
import type { Rejudged } from '../analysis/rejudge.ts';
import { gain, type Estimate } from '../experiment.ts';
import { decimalsForEstimates, formatEstimate, formatProbability } from './estimate.ts';
import { decimalsFor, formatNumber, formatSigned, plural } from './format.ts';
import { formatSigma } from './noise.ts';
import { painter } from './paint.ts';
import { renderTable, type Column } from './table.ts';
import { oneLine } from './text.ts';
import type { TextOptions } from './types.ts';

type Outcome = 'stands' | 'undecided' | 'falls';

export interface RejudgedView {
  readonly id: number;
  readonly title: string;
  readonly verdict: string;
  readonly outcome: Outcome;
  readonly code: string;
  readonly reason: string;
  readonly score: number;
  /** Change of the score against the incumbent of its time, as recorded. */
  readonly delta: number | null;
  readonly estimate: Estimate | null;
}

/** What `rejudge --json` prints. Gains are positive when better. */
export interface RejudgementView {
  readonly run: string;
  readonly imported: boolean;
  readonly gate: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly objective: Rejudgement['objective'];
  readonly noise: Rejudgement['noise'];
  readonly keeps: readonly RejudgedView[];
  /** Discards the gate would have kept. */
  readonly missed: readonly RejudgedView[];
  readonly summary: {
    readonly keeps: number;
    readonly stand: number;
    readonly fall: number;
    readonly undecided: number;
    readonly claimedGain: number;
    /** What the estimates of all keeps add up to; null where the gate estimates nothing. */
    readonly estimatedGain: number | null;
  };
}

export function viewRejudgement({ judged, ...run }: Rejudgement): RejudgementView {
  const { direction } = run.objective;
  const rows = judged.map(viewOf);
  const keeps = rows.filter(({ verdict }) => verdict === 'keep');
  const count = (wanted: Outcome) => keeps.filter(({ outcome }) => outcome === wanted).length;
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + gain(value, 0, direction), 0);
  const effects = keeps.flatMap(({ estimate }) => estimate?.effect ?? []);
  return {
    ...run,
    keeps,
    missed: rows.filter(({ verdict, outcome }) => verdict === 'discard' && outcome === 'stands'),
    summary: {
      keeps: keeps.length,
      stand: count('stands'),
      fall: count('falls'),
      undecided: count('undecided'),
      claimedGain: sum(keeps.map(({ delta }) => delta ?? 0)),
      estimatedGain: effects.length === keeps.length && keeps.length > 0 ? sum(effects) : null,
    },
  };
}

const OUTCOMES = { pass: 'stands', fail: 'falls', more: 'undecided', review: 'undecided' } as const;

function viewOf({ experiment, judgement }: Rejudged): RejudgedView {
  const { id, proposal, verdict, score, delta } = experiment;
  const { outcome, code, reason, estimate = null } = judgement;
  return { id, title: proposal.title, verdict, outcome: OUTCOMES[outcome], code, reason, score: score?.value ?? NaN, delta, estimate };
}

export function renderRejudgement(view: RejudgementView, { colour, width }: TextOptions = {}): string {
  const paint = painter(colour);
  const { run, imported, gate, objective, noise, keeps, missed } = view;
  const table = (rows: readonly RejudgedView[]) => renderTable(rows, columnsOf([...keeps, ...missed]), paint, width);
  const sigma = noise === null ? 'as it was repeated in the run' : `${formatSigma(noise.sigma)}, ${noise.text}`;
  return [
    `${run} judged again by ${gate}: ${oneLine(objective.label)}, sigma ${sigma}`,
    ...(imported ? [paint('yellow', 'its numbers were imported, not measured by this engine')] : []),
    '',
    ...(keeps.length === 0 ? ['Nothing was kept besides the baseline.'] : table(keeps)),
    ...(missed.length === 0 ? [] : ['', `Discards that ${gate} would keep:`, ...table(missed)]),
    '',
    summaryText(view),
  ].join('\n');
}

const STYLES = { stands: 'green', undecided: 'yellow', falls: 'red' } as const;

function columnsOf(rows: readonly RejudgedView[]): Column<RejudgedView>[] {
  const decimals = decimalsFor(rows);
  const known = rows.flatMap(({ estimate }) => (estimate ? [{ estimate }] : []));
  const digits = decimalsForEstimates(known, decimals);
  const estimates: Column<RejudgedView>[] = [
    { header: 'estimate', align: 'right', cell: ({ estimate }) => (estimate ? formatEstimate(estimate, digits) : '–') },
    { header: 'P(gain)', align: 'right', cell: ({ estimate }) => formatProbability(estimate?.pGain) },
  ];
  return [
    { header: '#', align: 'right', cell: ({ id }) => String(id) },
    { header: 'now', cell: ({ outcome }) => outcome, style: ({ outcome }) => STYLES[outcome] },
    { header: 'score', align: 'right', dropOrder: 1, cell: ({ score }) => formatNumber(score, decimals) },
    { header: 'recorded', align: 'right', cell: ({ delta }) => (delta === null ? '–' : formatSigned(delta, decimals)) },
    ...(known.length > 0 ? estimates : []),
    { header: 'title', flexible: true, cell: ({ title }) => oneLine(title) },
  ];
}

/** `14 of 22 keeps stand, 6 fall, 2 are undecided: another trial might tell. Recorded gain 0.0282, estimated 0.0261.` */
function summaryText({ summary, keeps, missed }: RejudgementView): string {
  const { keeps: all, stand, fall, undecided, claimedGain, estimatedGain } = summary;
  const decimals = decimalsFor(keeps);
  const open = undecided > 0 ? `, ${undecided} undecided (another trial might tell)` : '';
  const late = missed.length > 0 ? `; ${plural(missed.length, 'discard')} would be kept` : '';
  const estimated = estimatedGain === null ? '' : `, shrunken estimates add up to ${formatNumber(estimatedGain, decimals)}`;
  return `${stand} of ${plural(all, 'keep')} stand, ${fall} fall${open}${late}. Recorded gain ${formatNumber(claimedGain, decimals)}${estimated}.`;
}
