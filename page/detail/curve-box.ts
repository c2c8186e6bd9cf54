/** Where curves are drawn: one box, as wide as the budget of a trial and as high as all values of all curves in it. */
import type { NamedCurve } from '../../src/page/detail-model.ts';

export interface Box {
  readonly width: number;
  readonly height: number;
}

/** The path of each curve, so that all of them share one scale. */
export function pathMaker(curves: readonly NamedCurve[], { width, height }: Box): (curve: NamedCurve) => string {
  const values = curves.flatMap(({ points }) => points.map(([, value]) => value));
  const low = values.reduce((least, value) => Math.min(least, value), Infinity);
  const high = values.reduce((most, value) => Math.max(most, value), -Infinity);
  const place = (value: number): number => round(height - (height * (value - low)) / (high - low || 1));
  return ({ points }) => `M${points.map(([share, value]) => `${round(share * width)} ${place(value)}`).join('L')}`;
}

const round = (value: number): number => Math.round(value * 10) / 10;
