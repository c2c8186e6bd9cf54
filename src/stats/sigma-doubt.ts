/** What sigma may really be, where a few repeats are all that is known of it. */
import { ensure, ensureVariance } from './check.ts';

/** One value that sigma may have, as a multiple of its estimate, with its probability. */
export interface SigmaNode {
  readonly factor: number;
  readonly weight: number;
}

const CERTAIN: readonly SigmaNode[] = [{ factor: 1, weight: 1 }];
/** From here on the doubt changes no figure that is shown. */
const ENOUGH = 100;
/** Steps of 1.3 standard deviations of ln sigma, about 1 / sqrt(2 df); the upper tail is the longer one. */
const STEP = 1.3;
const FROM = -2;
const TO = 4;

/**
 * The posterior of sigma given an estimate with `df` degrees of freedom and no other knowledge (density of ln sigma proportional to
 * sigma^-df exp(-df / 2 sigma^2)), on a few points. A mixture of normal distributions over them is close to Student's t.
 */
export function sigmaNodes(df: number): readonly SigmaNode[] {
  ensure(df > 0, 'the degrees of freedom must be above 0', df);
  if (df >= ENOUGH) return CERTAIN;
  const step = STEP / Math.sqrt(2 * df);
  const logs: number[] = [];
  for (let i = FROM; i <= TO; i++) logs.push(i * step);
  const density = logs.map((log) => Math.exp(-df * (log + Math.exp(-2 * log) / 2 - 0.5)));
  const total = density.reduce((sum, each) => sum + each, 0);
  return logs.map((log, index) => ({ factor: Math.exp(log), weight: (density[index] ?? 0) / total }));
}

/** What several distributions of one effect come to, each with its weight; weights need not sum to 1. */
export interface Part {
  readonly weight: number;
  readonly E: number;
  readonly V: number;
  readonly pGain: number;
}

export function mixParts(parts: readonly Part[]): { readonly E: number; readonly V: number; readonly pGain: number } {
  const total = parts.reduce((sum, { weight }) => sum + weight, 0);
  ensure(total > 0 && Number.isFinite(total), 'weights must have a finite sum above 0', total);
  const over = (of: (part: Part) => number) => parts.reduce((sum, part) => sum + part.weight * of(part), 0) / total;
  const E = over((part) => part.E);
  const V = over((part) => part.V + (part.E - E) ** 2);
  ensureVariance(V, 'the variance');
  return { E, V, pGain: over((part) => part.pGain) };
}
