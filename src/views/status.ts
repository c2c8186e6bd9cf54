/** Where a run stands: one object for programs, one page for people. */
import type { Reason } from '../experiment.ts';
import { forecast, paceOf, type Forecast, type Limits } from './forecast.ts';
import { totalsOf, type ScoredRow } from './rank.ts';
import type { ObjectiveView } from './log.ts';
import type { Row } from './types.ts';

export type RunState =
  | { readonly kind: 'running'; readonly pid: number }
  | { readonly kind: 'stopped'; readonly reason: Reason }
  /** It neither runs nor ended: a crash or a power cut. */
  | { readonly kind: 'interrupted' };

export interface StatusInput {
  readonly run: string;
  readonly branch: string;
  /** When the run was opened, ISO 8601. */
  readonly openedAt: string;
  readonly objective: ObjectiveView;
  readonly state: RunState;
  /** Every settled experiment, oldest first. */
  readonly rows: readonly Row[];
  /** What the run may use in all; a limit that is not set is absent. */
  readonly budget: Limits;
  /** ISO 8601. */
  readonly now: string;
}

/** What `status --json` prints. Seconds are time spent in experiments; fractions are of the baseline; the baseline itself is not counted. */
export interface Status {
  readonly run: string;
  readonly branch: string;
  readonly openedAt: string;
  readonly state: RunState;
  readonly objective: ObjectiveView;
  readonly experiments: {
    readonly done: number;
    readonly keep: number;
    readonly discard: number;
    readonly crash: number;
    readonly review: number;
  };
  readonly sinceKeep: number;
  readonly baseline: Point | null;
  readonly incumbent: Point | null;
  readonly gain: { readonly value: number; readonly fraction: number | null } | null;
  readonly used: { readonly seconds: number; readonly usd: number };
  readonly budget: Limits;
  readonly left: Limits;
  readonly perHour: number | null;
  readonly forecast: Forecast | null;
  /** The last five, oldest first. */
  readonly last: readonly Row[];
}

export interface Point {
  readonly id: number;
  readonly score: number;
  readonly commit: string | null;
  readonly title: string;
}

export function statusOf(input: StatusInput): Status {
  const { rows, objective, budget } = input;
  const totals = totalsOf(rows, objective.direction);
  const pace = paceOf(rows);
  const used = { experiments: totals.experiments, seconds: totals.seconds, usd: totals.usd };
  const left = leftOf(budget, used);
  return {
    run: input.run,
    branch: input.branch,
    openedAt: input.openedAt,
    state: input.state,
    objective,
    experiments: { done: totals.experiments, ...totals.counts },
    sinceKeep: totals.sinceKeep,
    baseline: pointOf(totals.baseline),
    incumbent: pointOf(totals.incumbent),
    gain: totals.gain === null ? null : { value: totals.gain, fraction: totals.fraction },
    used: { seconds: used.seconds, usd: used.usd },
    budget,
    left,
    perHour: pace === null ? null : 3600 / pace.seconds,
    forecast:
      input.state.kind === 'stopped' || pace === null ? null : forecast(pace, left, input.state.kind === 'running' ? input.now : null),
    last: rows.slice(-5),
  };
}

function leftOf(budget: Limits, used: Required<Limits>): Limits {
  const names = ['experiments', 'seconds', 'usd'] as const;
  return Object.fromEntries(names.flatMap((name) => (budget[name] === undefined ? [] : [[name, Math.max(0, budget[name] - used[name])]])));
}

function pointOf(row: ScoredRow | null): Point | null {
  return row === null ? null : { id: row.id, score: row.score, commit: row.candidate, title: row.title };
}
