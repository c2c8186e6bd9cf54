import type { PluginTest } from 'autoresearch/testing';

export default {
  options: { valid: [{ run: ['python3', 'train.py'] }], invalid: [{}, { run: [] }, { run: ['train'], niceness: 20 }] },
  cases: {
    // A child in the background is the one that is easily forgotten.
    hang: { options: { run: ['sh', '-c', 'sleep 60 & sleep 60'] } },
    fail: { options: { run: ['sh', '-c', 'echo out of memory; exit 3'] } },
    print: { options: { run: ['echo', 'loss: 0.5'] }, line: 'loss: 0.5' },
  },
} satisfies PluginTest<'trainer'>;
