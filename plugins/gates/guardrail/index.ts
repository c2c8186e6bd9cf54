import { definePlugin, type GateResult, type ScoredExperiment } from '../../../src/plugin.ts';

export default definePlugin({
  kind: 'gate',
  name: 'guardrail',
  apiVersion: 1,
  description: 'Fails a candidate whose metric leaves its limits, in any trial.',
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['metric'],
    properties: {
      metric: { type: 'string', description: 'The metric to guard, as under `metrics`.' },
      max: { type: 'number', description: 'The largest value allowed.' },
      min: { type: 'number', description: 'The smallest value allowed.' },
    },
  },
  create({ metric, max, min }, { path }) {
    if (max === undefined && min === undefined) throw new Error(`${path} has neither max nor min, so it guards nothing`);
    return {
      judge({ trials }: ScoredExperiment): GateResult {
        const values = trials.filter((trial) => trial.state === 'measured').map((trial) => trial.metrics[metric]);
        const evidence = { metric, values: values.map((value) => value ?? null), max: max ?? null, min: min ?? null };
        const missing = values.length === 0 || values.some((value) => value === undefined);
        if (missing) return { outcome: 'fail', code: 'GUARDRAIL', reason: `${metric} was not measured`, evidence };
        const present = values as number[];
        const highest = Math.max(...present);
        const lowest = Math.min(...present);
        if (max !== undefined && highest > max) return { outcome: 'fail', code: 'GUARDRAIL', reason: `${metric} ${highest} is above its limit ${max}`, evidence };
        if (min !== undefined && lowest < min) return { outcome: 'fail', code: 'GUARDRAIL', reason: `${metric} ${lowest} is below its limit ${min}`, evidence };
        return { outcome: 'pass', code: 'WITHIN_LIMITS', reason: `${metric} ${present.join(', ')} is within its limits`, evidence };
      },
    };
  },
});
