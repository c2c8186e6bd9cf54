/** The runs of a repository, a line each. */
import type { Direction } from '../experiment.ts';
import type { Claim } from './claim.ts';
import { formatNumber, formatPercent, formatTime } from './format.ts';
import { painter } from './paint.ts';
import type { ProcessState } from './process-state.ts';
import type { Status } from './status.ts';
import { renderTable, type Column } from './table.ts';
import { oneLine } from './text.ts';
import type { TextOptions } from './types.ts';

/** What `runs --json` prints for each run. */
export interface RunLine {
  readonly run: string;
  readonly state: ProcessState['kind'] | 'imported';
  readonly openedAt: string;
  readonly objective: { readonly label: string; readonly direction: Direction };
  readonly experiments: number;
  readonly keeps: number;
  /** The incumbent's score, as recorded. */
  readonly score: number | null;
  /** As a share of the baseline, as audited, or by the scores of the run where nothing is audited; positive is better. */
  readonly gain: number | null;
  /** What the last audit that stands has shown; null where there is none. */
  readonly audited: Claim['shown'] | null;
}

export function runLine(
  { run, state, openedAt, objective, experiments, baseline, incumbent, gain, claim }: Status,
  isImported: boolean,
): RunLine {
  return {
    run,
    state: isImported ? 'imported' : state.kind,
    openedAt,
    objective: { label: objective.label, direction: objective.direction },
    experiments: experiments.done,
    keeps: experiments.keep - experiments.rolledBack,
    score: incumbent?.score ?? null,
    gain: claim === null ? (gain?.fraction ?? null) : shareOf(claim.value, baseline?.score),
    audited: claim?.shown ?? null,
  };
}

/** Of a baseline of 0 there is no share. */
function shareOf(value: number, baseline: number | undefined): number | null {
  return baseline === undefined || baseline === 0 ? null : value / Math.abs(baseline);
}

export function renderRuns(lines: readonly RunLine[], { colour, width }: TextOptions = {}): string {
  if (lines.length === 0) return 'there is no run here yet; start one with: autoresearch run (autoresearch init writes its config)';
  return renderTable(lines, COLUMNS, painter(colour), width).join('\n');
}

/** A gain that no audit has measured is called raw, as in reviews. */
function gainText({ gain, audited }: RunLine): string {
  if (audited === 'none') return 'none shown';
  if (gain === null) return '–';
  return audited === null && gain !== 0 ? `${formatPercent(gain)} raw` : formatPercent(gain);
}

const STYLES = { running: 'green', interrupted: 'yellow', stopped: undefined, imported: 'dim' } as const;

const COLUMNS: readonly Column<RunLine>[] = [
  { header: 'run', cell: ({ run }) => run },
  { header: 'state', cell: ({ state }) => state, style: ({ state }) => STYLES[state] },
  { header: 'experiments', align: 'right', cell: ({ experiments }) => String(experiments) },
  { header: 'keeps', align: 'right', cell: ({ keeps }) => String(keeps) },
  {
    header: 'score',
    align: 'right',
    cell: ({ score }) =>
      score === null
        ? '–'
        : formatNumber(score, 6)
            .replace(/(\.\d*?)0+$/, '$1')
            .replace(/\.$/, ''),
  },
  { header: 'gain', align: 'right', cell: gainText },
  { header: 'opened', dropOrder: 1, cell: ({ openedAt }) => formatTime(openedAt) },
  { header: 'objective', flexible: true, cell: ({ objective }) => `${oneLine(objective.label)}, ${objective.direction}` },
];
