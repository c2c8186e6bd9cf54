import type { Curve, Trial } from '../../../src/plugin.ts';

export type Point = readonly [share: number, value: number];

/** What a line says of the trial: a point, or that its value is not finite any more; null where it is another line. */
export function readPoint(line: string, pattern: RegExp): Point | 'diverged' | null {
  const [, share = '', text = ''] = pattern.exec(line) ?? [];
  const at = share === '' ? Number.NaN : Number(share);
  if (!(at >= 0 && at <= 1)) return null;
  if (/^[+-]?(nan|inf(inity)?)$/i.test(text)) return 'diverged';
  const value = text === '' ? Number.NaN : Number(text);
  if (Number.isNaN(value)) return null;
  return Number.isFinite(value) ? [at, value] : 'diverged';
}

/** The value on the straight line between two points. */
export function between([from, start]: Point, [to, end]: Point, at: number): number {
  return to === from ? end : start + ((end - start) * (at - from)) / (to - from);
}

/** A curve's value at a share of the budget; null before its first point and after its last. */
export function valueAt(curve: Curve, at: number): number | null {
  const next = curve.findIndex(([share]) => share >= at);
  const point = curve[next];
  if (point === undefined) return null;
  const before = curve[next - 1];
  if (before !== undefined) return between(before, point, at);
  return point[0] === at ? point[1] : null;
}

/**
 * The curve a first trial is compared with: that of the first of these trials, which had the same seed, so that the
 * effect of the seed cancels out; if it has none, the mean of the others. Null where none has a curve there.
 */
export function firstAt(trials: readonly Trial[], metric: string, at: number): number | null {
  const values = trials.map(({ curves }) => valueAt(curves?.[metric] ?? [], at));
  const [first] = values;
  const known = typeof first === 'number' ? [first] : values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}
