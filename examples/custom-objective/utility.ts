import { definePlugin, ReasonError, type Trial } from 'autoresearch/plugin';
import { mean, standardDeviation } from 'autoresearch/stats';

export default definePlugin({
  kind: 'objective',
  name: 'utility',
  apiVersion: 1,
  description: 'What a model is worth a day: right answers earn, wrong ones cost, and so does every second of waiting.',
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['accuracy', 'latency', 'requestsPerDay', 'earns', 'costs'],
    properties: {
      accuracy: { type: 'string', description: 'The metric with the share of right answers, 0 to 1.' },
      latency: { type: 'string', description: 'The metric with the seconds of an answer.' },
      requestsPerDay: { type: 'number', exclusiveMinimum: 0, description: 'How many answers are given a day.' },
      earns: { type: 'number', description: 'What a right answer earns, in dollars.' },
      costs: { type: 'number', description: 'What a wrong answer costs, in dollars.' },
      patience: { type: 'number', exclusiveMinimum: 0, default: 5, description: 'Seconds after which half of the people have left.' },
    },
  },
  create({ accuracy, latency, requestsPerDay, earns, costs, patience }) {
    const worth = (trial: Trial): number => {
      const right = valueOf(trial, accuracy);
      if (right < 0 || right > 1) throw new ReasonError('SCORE_UNDEFINED', `${accuracy} is ${right}, which is no share of answers`);
      const staying = 0.5 ** (valueOf(trial, latency) / patience);
      return requestsPerDay * staying * (right * earns - (1 - right) * costs);
    };
    return {
      metrics: [accuracy, latency],
      direction: 'maximize',
      label: 'dollars a day',
      score(trials) {
        const values = trials.map(worth);
        return { value: mean(values), spread: values.length < 2 ? 0 : standardDeviation(values), n: values.length };
      },
    };
  },
});

function valueOf(trial: Trial, metric: string): number {
  const value = trial.metrics[metric];
  if (value === undefined) throw new ReasonError('METRIC_MISSING', `trial ${trial.index} has no ${metric}`);
  return value;
}
