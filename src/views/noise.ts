import { NoiseEstimate } from '../model/noise.ts';
import type { OpeningRecord } from '../ledger/records.ts';
import type { Noise } from '../plugin.ts';
import type { Row } from './types.ts';

/** The noise of one trial as the run knew it after the last of these rows; `opening` says what was known of it before. */
export function noiseOf(rows: readonly Row[], opening?: Pick<OpeningRecord, 'config' | 'noise' | 'rules'>): Noise | null {
  const estimate = new NoiseEstimate(opening?.config.noise.sigma, opening?.noise, opening?.rules);
  for (const row of rows) estimate.follow(row);
  return estimate.noise;
}

/** `0.0031 (df 12)`. */
export function formatNoise({ sigma, df, source }: Noise): string {
  return `${formatSigma(sigma)} (${source === 'config' ? 'given in the config, nothing repeated yet' : `df ${Number(df.toFixed(1))}`})`;
}

/** Two digits: a standard deviation is rarely known more precisely. */
export function formatSigma(sigma: number): string {
  return String(Number(sigma.toPrecision(2)));
}
