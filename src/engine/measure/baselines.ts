import type { Run } from '../engine.ts';

/** Three repeats pin the noise down well enough. */
export const BASELINES = 3;
/** Experiments of a run that is too short for more than one trial of the baseline, and of one that is for more than two. */
const SHORT = 25;
const MIDDLING = 40;

/** How often the baseline is measured: as the config says, else as often as a gate that judges against noise needs it. */
export function baselinesWanted({ config, needsNoise, state }: Pick<Run, 'config' | 'needsNoise' | 'state'>): number {
  if (config.noise.baselines !== undefined || !needsNoise) return config.noise.baselines ?? 1;
  // What was measured of the noise before need not be measured again.
  if ((state.noise?.known?.df ?? 0) >= BASELINES - 1) return 1;
  return state.rules < 2 ? BASELINES : Math.min(BASELINES, affordable(state.view.budget.experiments));
}

/** In a short run each trial of the baseline costs an idea, which is worth more than a better estimate of the noise. */
function affordable(experiments = Infinity): number {
  if (experiments < SHORT) return 1;
  return experiments < MIDDLING ? 2 : BASELINES;
}
