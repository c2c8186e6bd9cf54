import type { Engine } from './engine.ts';

/** Three repeats pin the noise down well enough. */
export const BASELINES = 3;

/** How often the baseline is measured: as the config says, else as often as a gate that judges against noise needs it. */
export function baselinesWanted({ config, needsNoise, state }: Pick<Engine, 'config' | 'needsNoise' | 'state'>): number {
  if (config.noise.baselines !== undefined || !needsNoise) return config.noise.baselines ?? 1;
  // What was measured of the noise before need not be measured again.
  return (state.noise?.known?.df ?? 0) >= BASELINES - 1 ? 1 : BASELINES;
}
