import { ReasonError, type Trial } from '../../../src/plugin.ts';

/** One value of the metric for each measured trial; throws METRIC_MISSING when one has none, or there is no trial. */
export function valuesOf(metric: string, trials: readonly Trial[], whose = 'candidate'): number[] {
  const values = trials.filter((trial) => trial.state === 'measured').map((trial) => trial.metrics[metric] ?? Number.NaN);
  if (values.length === 0) throw new ReasonError('METRIC_MISSING', `the ${whose} has no measured trial to take ${metric} from`);
  if (!values.every(Number.isFinite)) throw new ReasonError('METRIC_MISSING', `a trial of the ${whose} has no value for ${metric}`);
  return values;
}
