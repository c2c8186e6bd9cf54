import { NoiseEstimate } from '../engine/noise.ts';
import type { KnownNoise, Noise } from '../plugin.ts';
import type { Row } from './types.ts';

/** The noise of one trial as the run knew it after the last of these rows; `given` is the guess from the config, `known` what was measured before. */
export function noiseOf(rows: readonly Row[], given: number | undefined, known?: KnownNoise): Noise | null {
  const estimate = new NoiseEstimate(given, known);
  for (const { spread, n } of rows) estimate.add(spread ?? 0, n ?? 0);
  return estimate.noise;
}

/** `0.0031 (df 12)`. */
export function formatNoise({ sigma, df, source }: Noise): string {
  return `${formatSigma(sigma)} (${source === 'config' ? 'given in the config, nothing repeated yet' : `df ${df}`})`;
}

/** Two digits: a standard deviation is rarely known more precisely. */
export function formatSigma(sigma: number): string {
  return String(Number(sigma.toPrecision(2)));
}
