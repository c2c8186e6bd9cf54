/** A measurement of several changes at once against what is known of them. */
import { DEFAULT_PRIOR, logEvidence, scalePrior, type Prior } from '../../stats.ts';
import { BEYOND_CHANCE, type Change, type Effect } from './change.ts';
import type { Measurement } from './measurement.ts';

export type Sum = Pick<Effect, 'E' | 'V'>;

/** The effect of a change whose claim is false: none, or a harm. In units of sigma. */
const DEAD: Prior = { w: [0.5, 0.3, 0.2, 0], mu: DEFAULT_PRIOR.mu };

/** What is expected of changes together; those of which nothing is known count as none. */
export function sumOf(places: readonly number[], changes: ReadonlyMap<number, Change>): Sum {
  return sumOfAll(places.flatMap((place) => changes.get(place) ?? []));
}

export function sumOfAll(changes: readonly Change[]): Sum {
  return changes.reduce((sum, { expected: { E, V } }) => ({ E: sum.E + E, V: sum.V + V }), { E: 0, V: 0 });
}

/** The measurement without what is known to be in it: `more` was added besides, `less` was left out. */
export function restOf({ d, s2 }: Measurement, more: Sum, less: Sum): Measurement {
  return { d: d - more.E + less.E, s2: s2 + more.V + less.V };
}

/** The log-likelihood ratio of a measurement, of the claim being true against it being false. */
export function evidenceFor({ d, s2 }: Measurement, { E, V }: Sum, sigma: number | null): number {
  const variance = s2 + V;
  if (sigma === null || sigma === 0) return d < 0 ? Infinity : -Infinity;
  const alive = -0.5 * ((d - E) ** 2 / variance + Math.log(2 * Math.PI * variance));
  return alive - logEvidence(d, Math.max(s2, Number.MIN_VALUE), scalePrior(DEAD, sigma));
}

/** Whether a measurement is too much worse than the claim to be chance. */
export function refutes({ d, s2 }: Measurement, { E, V }: Sum): boolean {
  return d - E > BEYOND_CHANCE * Math.sqrt(s2 + V);
}
