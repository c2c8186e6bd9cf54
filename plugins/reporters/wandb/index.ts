import { resolve } from 'node:path';
import { definePlugin } from '../../../src/plugin.ts';
import { reporterOf } from '../_delivery/reporter.ts';
import { schema } from './schema.ts';
import { wandbService } from './service.ts';

export default definePlugin({
  kind: 'reporter',
  name: 'wandb',
  apiVersion: 1,
  description: 'Reports a run to Weights & Biases, by its Python package; offline too.',
  schema,
  create(options, context) {
    const { python, project, mode = '', dir, patienceMs, live } = options;
    return {
      async verify(preflight) {
        const program = python.includes('/') ? resolve(context.projectDir, python) : python;
        const { exit, spawnError } = await context.exec([
          program,
          '-c',
          'import importlib.util, sys; sys.exit(importlib.util.find_spec("wandb") is None)',
        ]);
        if (exit === 'completed') return;
        const what = spawnError === undefined ? `${python} has no package wandb` : `${python} could not be started (${spawnError})`;
        preflight.problem(
          'REPORTER_NOT_READY',
          `wandb: ${what}`,
          'pip install wandb, or name a Python that has it: python: .venv/bin/python',
        );
      },
      ...reporterOf(
        { plugin: 'wandb', service: wandbService(options, context), destination: () => `${project} ${mode} ${dir}`, patienceMs, live },
        context,
      ),
    };
  },
});
