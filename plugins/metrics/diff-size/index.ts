import { definePlugin, ReasonError } from '../../../src/plugin.ts';

export default definePlugin({
  kind: 'metric',
  name: 'diff-size',
  apiVersion: 1,
  description: 'How many lines the candidate changes against its parent.',
  schema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      count: {
        type: 'string',
        enum: ['changed', 'added', 'removed', 'net'],
        default: 'changed',
        description: 'Lines added and removed together, either alone, or added minus removed.',
      },
    },
  },
  create: ({ count }, { label }) => ({
    measure({ experiment: { diff } }) {
      if (diff === null) throw new ReasonError('METRIC_MISSING', `${label}: the candidate has no diff`);
      const { added, removed } = diff;
      return { changed: added + removed, added, removed, net: added - removed }[count];
    },
  }),
});
