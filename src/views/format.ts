/** Numbers, times and commits as people read them. */
import type { Direction } from '../experiment.ts';
import type { Row } from './types.ts';

const finite = (value: number | null): value is number => value !== null && Number.isFinite(value);

/** Decimals at which the scores of a run differ visibly: two digits of a typical delta, at least four of a score. */
export function decimalsFor(rows: readonly Pick<Row, 'score' | 'delta'>[]): number {
  const scores = rows
    .map((row) => row.score)
    .filter(finite)
    .map(Math.abs)
    .filter((value) => value > 0);
  const deltas = rows
    .map((row) => row.delta)
    .filter(finite)
    .map(Math.abs)
    .filter((value) => value > 0);
  const forScore = scores.length === 0 ? 4 : 3 - exponent(median(scores));
  const forDelta = deltas.length === 0 ? 0 : 1 - exponent(median(deltas));
  return Math.min(8, Math.max(0, forScore, forDelta));
}

const exponent = (value: number): number => Math.floor(Math.log10(value));

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

export function formatNumber(value: number, decimals: number): string {
  const size = Math.abs(value);
  if (size >= 1e9 || (size > 0 && size < 0.5 * 10 ** -decimals)) return value.toExponential(2);
  return value.toFixed(decimals);
}

/** A number with its sign always shown. */
export function formatSigned(value: number, decimals: number): string {
  return (value > 0 ? '+' : '') + formatNumber(value, decimals);
}

/** `0.0224` is `2.24%`. */
export function formatPercent(fraction: number): string {
  const percent = fraction * 100;
  return `${percent.toFixed(Math.abs(percent) >= 100 ? 0 : Math.abs(percent) >= 10 ? 1 : 2)}%`;
}

/** `4.2s`, `5m 03s`, `2h 10m`, `3d 4h`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 60) return seconds < 9.95 ? `${seconds.toFixed(1)}s` : `${Math.round(seconds)}s`;
  const whole = Math.round(seconds);
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)}m ${two(whole % 60)}s`;
  if (whole < 86_400) return `${Math.floor(whole / 3600)}h ${two((whole % 3600) / 60)}m`;
  return `${Math.floor(whole / 86_400)}d ${Math.floor((whole % 86_400) / 3600)}h`;
}

export function formatUsd(usd: number): string {
  return `$${usd.toFixed(2)}`;
}

/** `2026-01-31 22:04 UTC`. */
export function formatTime(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

export function shortCommit(commit: string | null): string {
  return commit === null ? '–' : commit.slice(0, 7);
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

export function wordFor(direction: Direction): string {
  return direction === 'minimize' ? 'lower is better' : 'higher is better';
}
