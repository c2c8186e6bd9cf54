import type { PluginTest } from 'autoresearch/testing';

const image = 'docker.io/library/busybox:1.37';

/** They run containers: docker must be there, or what stands for it. */
export default {
  options: {
    valid: [
      { image, run: ['true'] },
      { engine: 'podman', image, run: ['true'], network: 'host', mount: ['/data:/data'] },
    ],
    invalid: [{}, { image }, { image, run: [] }, { engine: 'lxc', image, run: ['true'] }, { image, run: ['true'], mount: ['data'] }],
  },
  cases: {
    hang: { options: { image, run: ['sh', '-c', 'sleep 60 & sleep 60'] } },
    fail: { options: { image, run: ['sh', '-c', 'echo no; exit 3'] } },
    print: { options: { image, run: ['echo', 'loss: 0.5'] }, line: 'loss: 0.5' },
  },
} satisfies PluginTest<'trainer'>;
