import type { PluginTest } from 'autoresearch/testing';

export default {
  options: {
    valid: [
      { metric: 'loss', direction: 'minimize' },
      { metric: 'accuracy', direction: 'maximize' },
    ],
    invalid: [{}, { metric: 'loss' }, { metric: 'loss', direction: 'down' }],
  },
} satisfies PluginTest<'objective'>;
