import { definePlugin, ReasonError } from 'autoresearch/plugin';

export default definePlugin({
  kind: 'metric',
  name: 'my-plugin',
  apiVersion: 1,
  description: 'A quantile of the numbers that a trial prints after a word, such as its latencies.',
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['word'],
    properties: {
      word: { type: 'string', minLength: 1, description: 'What each line with a number starts with, such as `latency_ms:`.' },
      quantile: { type: 'number', exclusiveMinimum: 0, maximum: 1, default: 0.95, description: 'Which quantile; 0.5 is the median.' },
    },
  },
  create: ({ word, quantile }, { label }) => ({
    async measure({ output }) {
      const lines = (await output()).split('\n').filter((line) => line.startsWith(word));
      const numbers = lines.map((line) => numberIn(line.slice(word.length), label)).toSorted((a, b) => a - b);
      const value = numbers[Math.ceil(quantile * numbers.length) - 1];
      // Never 0 for "missing": the engine must know that there is no number.
      if (value === undefined) throw new ReasonError('METRIC_MISSING', `${label}: no line of the output starts with "${word}"`);
      return value;
    },
  }),
});

function numberIn(text: string, label: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(value)) throw new ReasonError('METRIC_NOT_FINITE', `${label}: "${text.trim()}" is not a number`);
  return value;
}
