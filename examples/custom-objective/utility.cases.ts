import type { PluginTest } from 'autoresearch/testing';

const options = { accuracy: 'accuracy', latency: 'seconds', requestsPerDay: 10_000, earns: 0.05, costs: 0.4 };

export default {
  options: { valid: [options, { ...options, patience: 2 }], invalid: [{}, { ...options, requestsPerDay: 0 }, { ...options, latency: 3 }] },
  cases: {
    trials: [{ metrics: { accuracy: 0.93, seconds: 1.2 } }, { index: 1, seed: 2, metrics: { accuracy: 0.94, seconds: 1.1 } }],
  },
} satisfies PluginTest<'objective'>;
