import { spawnSync } from 'node:child_process';
import { defineConfig } from 'vitest/config';
import SlowFirst from './test/slow-first.ts';

export default defineConfig({
  // The examples import the package by its name. In tests that is the source: a fresh clone has no build.
  resolve: { alias: [{ find: /^autoresearch\/(plugin|agent|stats|testing)$/, replacement: `${import.meta.dirname}/src/$1.ts` }] },
  test: {
    // For tests that hang. A run that takes ten seconds takes minutes where other programs want the same cores.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // What a test waits for may take long on a busy machine: the usual second is an assertion about time.
    expect: { poll: { timeout: 300_000 } },
    // Tests start real processes; two at a time is what two cores bear.
    maxWorkers: 2,
    // Another user than the one the modules belong to cannot write beside them.
    ...(process.env['VITEST_MODULE_CACHE'] !== undefined && { fsModuleCachePath: process.env['VITEST_MODULE_CACHE'] }),
    setupFiles: ['test/property-seed.ts'],
    sequence: { sequencer: SlowFirst },
    // A project each for what must be set up first; `core` needs nothing but npm ci.
    projects: [
      {
        extends: true,
        test: {
          name: 'core',
          include: ['test/**/*.test.ts', 'plugins/**/*.test.ts'],
          exclude: [
            'test/attacks/*-{bwrap,sandbox}.test.ts',
            'test/{real-agents,nanochat,presets,examples,site,browser,trackers,ray}/**',
            'test/swarm/net/**',
            'plugins/trainers/{ssh,slurm}/**',
          ],
          // Reports are made of the built page.
          globalSetup: 'test/page/setup.ts',
        },
      },
      // Every attack of docs/security.md, as a whole run each: five minutes of two cores.
      { extends: true, test: { name: 'attacks', include: ['test/attacks/*-{bwrap,sandbox}.test.ts'] } },
      // Nodes of a swarm over git remotes, and who attacks them: many processes.
      { extends: true, test: { name: 'swarm', include: ['test/swarm/net/**/*.test.ts'], testTimeout: 1_200_000 } },
      // The page in a browser that the machine must have.
      {
        extends: true,
        test: { name: 'page', include: ['test/browser/**/*.test.ts'], globalSetup: 'test/page/setup.ts' },
      },
      // Whole runs of the presets: minutes.
      {
        extends: true,
        test: { name: 'presets', include: ['test/presets/**/*.test.ts'], globalSetup: 'test/page/setup.ts' },
      },
      // Coding agents as they come from npm, installed once into .cache.
      {
        extends: true,
        test: {
          name: 'real-agents',
          include: ['test/real-agents/**/*.test.ts'],
          globalSetup: ['test/real-agents/setup.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'nanochat',
          include: ['test/nanochat/**/*.test.ts'],
          globalSetup: 'test/nanochat/setup.ts',
          // Real models are trained: a night in miniature takes minutes.
          testTimeout: 1_200_000,
          fileParallelism: false,
        },
      },
      // Trials over a real sshd on this machine.
      { extends: true, test: { name: 'ssh', include: ['plugins/trainers/ssh/**/*.test.ts'] } },
      // Jobs of a real Ray, installed once into .cache, in a network namespace.
      {
        extends: true,
        test: {
          name: 'ray',
          include: ['test/ray/**/*.test.ts'],
          globalSetup: ['test/ray/setup.ts'],
          hookTimeout: 900_000,
          fileParallelism: false,
        },
      },
      // Trials as jobs of a real Slurm, in a network namespace of this machine.
      { extends: true, test: { name: 'slurm', include: ['plugins/trainers/slurm/**/*.test.ts'] } },
      // The documentation as a site.
      {
        extends: true,
        test: { name: 'site', include: ['test/site/**/*.test.ts'], globalSetup: 'test/site/setup.ts' },
      },
      {
        // MLflow, TensorBoard, W&B and an OpenTelemetry collector, installed once into .cache.
        extends: true,
        test: {
          name: 'trackers',
          // Their OpenTelemetry collector is built from its Go modules.
          include: spawnSync('go', ['version']).status === 0 ? ['test/trackers/**/*.test.ts'] : [],
          globalSetup: ['test/trackers/setup.ts'],
        },
      },
      {
        // Packs the package and installs it, and what examples need, from the registry.
        extends: true,
        test: { name: 'examples', include: ['test/examples/**/*.test.ts'], globalSetup: 'test/examples/setup.ts' },
      },
    ],
  },
});
