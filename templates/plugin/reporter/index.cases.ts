import type { PluginTest } from 'autoresearch/testing';

export default {
  options: { valid: [{}, { file: 'out/kept.md' }], invalid: [{ file: '' }, { path: 'kept.md' }] },
} satisfies PluginTest<'reporter'>;
