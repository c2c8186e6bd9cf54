import type { PluginTest } from 'autoresearch/testing';

/** What the tests cannot invent: options, and a trial with and without a value. */
export default {
  options: {
    valid: [{ word: 'latency_ms:' }, { word: 't=', quantile: 0.5 }],
    invalid: [{}, { word: '' }, { word: 't=', quantile: 0 }],
  },
  cases: {
    present: { output: 'warm-up\nlatency_ms: 12\nlatency_ms: 48.5\nlatency_ms: 15\n', value: 48.5 },
    missing: { output: 'warm-up\ndone\n' },
  },
} satisfies PluginTest<'metric'>;
