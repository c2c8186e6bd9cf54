import { better, definePlugin, ReasonError } from 'autoresearch/plugin';

export default definePlugin({
  kind: 'objective',
  name: 'my-plugin',
  apiVersion: 1,
  description: 'One metric as its worst trial has it, for what must not fail once.',
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['metric', 'direction'],
    properties: {
      metric: { type: 'string', description: 'The name of the metric, as under `metrics`.' },
      direction: { type: 'string', enum: ['minimize', 'maximize'], description: 'Which way is better.' },
    },
  },
  create: ({ metric, direction }) => ({
    metrics: [metric],
    direction,
    label: `worst ${metric}`,
    score(trials) {
      const values = trials.map((trial) => {
        const value = trial.metrics[metric];
        if (value === undefined) throw new ReasonError('METRIC_MISSING', `trial ${trial.index} has no ${metric}`);
        return value;
      });
      const value = values.reduce((worst, other) => (better(other, worst, direction) ? worst : other));
      const mean = values.reduce((sum, each) => sum + each, 0) / values.length;
      const squares = values.reduce((sum, each) => sum + (each - mean) ** 2, 0);
      return { value, spread: values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1)), n: values.length };
    },
  }),
});
