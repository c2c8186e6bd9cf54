import type { Curve } from '../../../src/plugin.ts';

/** The pairs that make a curve: finite, the share of the budget from 0 to 1 and always rising. Others are left out. */
export function toCurve(pairs: Iterable<readonly [number, number]>): Curve {
  const curve: (readonly [number, number])[] = [];
  for (const [share, value] of pairs) {
    const last = curve.at(-1)?.[0] ?? -1;
    if (share >= 0 && share <= 1 && share > last && Number.isFinite(value)) curve.push([share, value]);
  }
  return curve;
}
