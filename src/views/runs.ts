/** The runs of a repository, a line each. */
import type { Direction } from '../experiment.ts';
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
  /** As a share of the baseline; positive is better. */
  readonly gain: number | null;
}

export function runLine({ run, state, openedAt, objective, experiments, incumbent, gain }: Status, isImported: boolean): RunLine {
  return {
    run,
    state: isImported ? 'imported' : state.kind,
    openedAt,
    objective: { label: objective.label, direction: objective.direction },
    experiments: experiments.done,
    keeps: experiments.keep - experiments.rolledBack,
    score: incumbent?.score ?? null,
    gain: gain?.fraction ?? null,
  };
}

export function renderRuns(lines: readonly RunLine[], { colour, width }: TextOptions = {}): string {
  if (lines.length === 0) return 'there is no run here yet; start one with: autoresearch run (autoresearch init writes its config)';
  return renderTable(lines, COLUMNS, painter(colour), width).join('\n');
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
  { header: 'gain', align: 'right', cell: ({ gain }) => (gain === null ? '–' : formatPercent(gain)) },
  { header: 'opened', dropOrder: 1, cell: ({ openedAt }) => formatTime(openedAt) },
  { header: 'objective', flexible: true, cell: ({ objective }) => `${oneLine(objective.label)}, ${objective.direction}` },
];
