import type { PluginTest } from 'autoresearch/testing';

const where = { image: 'trainer:1', claim: 'trials', folder: process.env['AUTORESEARCH_SHARED'] ?? '/mnt/trials/autoresearch' };
const fast = { pollSeconds: 0.2, sandbox: 'off' };

/** They run jobs: the cluster of the current context must be there, or what stands for it. */
export default {
  options: {
    valid: [
      { ...where, run: ['true'] },
      {
        ...where,
        run: ['true'],
        subPath: 'ada/autoresearch',
        resources: { limits: { 'nvidia.com/gpu': '1' } },
        nodeSelector: { gpu: 'h100' },
      },
    ],
    invalid: [
      {},
      { ...where, run: [] },
      { ...where, run: ['true'], folder: 'relative' },
      { ...where, run: ['true'], subPath: '/root' },
      { ...where, run: ['true'], subPath: '../up' },
      { ...where, run: ['true'], resources: { limit: {} } },
    ],
  },
  cases: {
    hang: { options: { ...where, ...fast, run: ['sh', '-c', 'sleep 60 & sleep 60'] } },
    fail: { options: { ...where, ...fast, run: ['sh', '-c', 'echo no; exit 3'] } },
    print: { options: { ...where, ...fast, run: ['echo', 'loss: 0.5'] }, line: 'loss: 0.5' },
  },
} satisfies PluginTest<'trainer'>;
