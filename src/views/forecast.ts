/** When the budget will be used up, from how the last experiments went. */
import type { Row } from './types.ts';

export interface Limits {
  readonly experiments?: number;
  readonly seconds?: number;
  readonly usd?: number;
}

/** What one attempt uses. */
export interface Pace {
  readonly seconds: number;
  readonly usd: number;
}

export interface Forecast {
  /** The limit that will be reached first. */
  readonly limit: keyof Limits;
  readonly experiments: number;
  readonly seconds: number;
  /** When that is, ISO 8601; null for a run that is not running. */
  readonly at: string | null;
}

const RECENT = 20;

/** The mean use of the last attempts, including the controls between them; null before the first attempt. */
export function paceOf(rows: readonly Row[]): Pace | null {
  const attempts = rows.filter((row) => row.kind !== 'control').slice(-RECENT);
  const recent = attempts[0] === undefined ? [] : rows.slice(rows.indexOf(attempts[0]));
  const mean = (of: (row: Row) => number): number => recent.reduce((sum, row) => sum + of(row), 0) / attempts.length;
  const seconds = mean((row) => row.seconds);
  return seconds > 0 ? { seconds, usd: mean((row) => row.usd ?? 0) } : null;
}

/** Null without any limit, or where no limit is ever reached. */
export function forecast(pace: Pace, left: Limits, now: string | null): Forecast | null {
  const reached = [
    { limit: 'experiments' as const, experiments: left.experiments },
    { limit: 'seconds' as const, experiments: left.seconds === undefined ? undefined : left.seconds / pace.seconds },
    { limit: 'usd' as const, experiments: left.usd === undefined || pace.usd === 0 ? undefined : left.usd / pace.usd },
  ].flatMap(({ limit, experiments }) => (experiments === undefined ? [] : [{ limit, experiments: Math.max(0, experiments) }]));
  const first = reached.toSorted((a, b) => a.experiments - b.experiments)[0];
  if (first === undefined) return null;
  const seconds = first.experiments * pace.seconds;
  const at = now === null ? null : new Date(Date.parse(now) + seconds * 1000).toISOString();
  return { limit: first.limit, experiments: Math.round(first.experiments), seconds, at };
}
