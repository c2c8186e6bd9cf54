import type { Trial } from '../experiment.ts';

/** The mean of each metric over the measured trials. */
export function meanMetrics(trials: readonly Trial[]): Record<string, number> {
  const measured = trials.filter((trial) => trial.state === 'measured');
  const names = new Set(measured.flatMap((trial) => Object.keys(trial.metrics)));
  const mean = (name: string) => measured.reduce((sum, trial) => sum + (trial.metrics[name] ?? Number.NaN), 0) / measured.length;
  return Object.fromEntries([...names].map((name) => [name, mean(name)]));
}
