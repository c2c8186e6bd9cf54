import { definePlugin, type Direction, type Trial } from '../../../src/plugin.ts';
import { mean, standardDeviation } from '../../../src/stats.ts';
import { valuesOf } from '../lexicographic/values.ts';

export default definePlugin({
  kind: 'objective',
  name: 'pareto',
  apiVersion: 1,
  description: 'The first metric is the score; of all of them together, an archive of the best compromises is shown.',
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['metrics'],
    properties: {
      metrics: {
        type: 'array',
        minItems: 2,
        description: 'What the compromises are between; the first one is the score.',
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['metric', 'direction'],
          properties: {
            metric: { type: 'string', description: 'The name of the metric, as under `metrics`.' },
            direction: { type: 'string', enum: ['minimize', 'maximize'], description: 'Which way is better.' },
          },
        },
      },
    },
  },
  create({ metrics }, { path }) {
    const names = metrics.map(({ metric }) => metric);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) throw new Error(`${path}: ${twice} is there twice`);
    const primary: { readonly metric: string; readonly direction: Direction } | undefined = metrics[0];
    if (primary === undefined) throw new Error(`${path}: the first metric is the score, and there is none`);
    return {
      metrics: names,
      direction: primary.direction,
      label: primary.metric,
      score(trials: readonly Trial[]) {
        // A candidate without one of the others could not be placed in the archive.
        for (const name of names) valuesOf(name, trials);
        const values = valuesOf(primary.metric, trials);
        return { value: mean(values), spread: standardDeviation(values), n: values.length };
      },
    };
  },
});
