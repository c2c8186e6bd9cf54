import type { GateResult, Trial } from '../../../src/plugin.ts';

interface Limits {
  readonly metric: string;
  readonly max: number | undefined;
  readonly min: number | undefined;
}

/** Is the metric within its limits in every trial? */
export function checkLimits(trials: readonly Trial[], { metric, max, min }: Limits): GateResult {
  const values = trials.filter((trial) => trial.state === 'measured').map((trial) => trial.metrics[metric]);
  const evidence = { metric, values: values.map((value) => value ?? null), max: max ?? null, min: min ?? null };
  const present = values.filter((value) => value !== undefined);
  const fail = (reason: string): GateResult => ({ outcome: 'fail', code: 'GUARDRAIL', reason, evidence });
  if (values.length === 0 || present.length < values.length) return fail(`${metric} was not measured`);
  const highest = Math.max(...present);
  const lowest = Math.min(...present);
  if (max !== undefined && highest > max) return fail(`${metric} ${highest} is above its limit ${max}`);
  if (min !== undefined && lowest < min) return fail(`${metric} ${lowest} is below its limit ${min}`);
  return { outcome: 'pass', code: 'WITHIN_LIMITS', reason: `${metric} ${present.join(', ')} is within its limits`, evidence };
}
