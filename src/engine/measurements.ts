import type { Measurements } from '../hooks.ts';
import { ReasonError } from '../plugin.ts';
import type { Trial } from '../experiment.ts';

/** Collects the values of one trial; each name once, each value finite. */
export function collectMeasurements(): Measurements & { readonly values: Record<string, number> } {
  const values: Record<string, number> = {};
  return {
    values,
    record(name, value) {
      if (name in values) throw new ReasonError('METRIC_DUPLICATE', `metric ${name} was measured twice`);
      if (typeof value !== 'number' || !Number.isFinite(value)) {
        throw new ReasonError('METRIC_NOT_FINITE', `metric ${name} is ${String(value)}, not a finite number`);
      }
      values[name] = value;
    },
  };
}

/** The mean of each metric over the measured trials. */
export function meanMetrics(trials: readonly Trial[]): Record<string, number> {
  const measured = trials.filter((trial) => trial.state === 'measured');
  const names = new Set(measured.flatMap((trial) => Object.keys(trial.metrics)));
  const mean = (name: string) => measured.reduce((sum, trial) => sum + (trial.metrics[name] ?? Number.NaN), 0) / measured.length;
  return Object.fromEntries([...names].map((name) => [name, mean(name)]));
}
