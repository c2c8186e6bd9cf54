import type { PluginTest } from 'autoresearch/testing';

export default {
  options: { valid: [{ file: 'train.py', name: 'LR' }], invalid: [{}, { file: 'train.py' }, { file: 'train.py', name: 'L R' }] },
  cases: { files: { 'train.py': 'LR = 0.1\n' } },
} satisfies PluginTest<'agent'>;
