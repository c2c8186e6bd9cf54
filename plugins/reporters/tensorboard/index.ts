import { join, resolve } from 'node:path';
import { definePlugin } from '../../../src/plugin.ts';
import { reporterOf } from '../_delivery/reporter.ts';
import { schema } from './schema.ts';
import { tensorboardService } from './service.ts';

export default definePlugin({
  kind: 'reporter',
  name: 'tensorboard',
  apiVersion: 1,
  description: 'Writes event files for TensorBoard: scores, metrics, curves, and why each change was tried.',
  schema,
  create({ dir = '.autoresearch/tensorboard', curves, patienceMs, live }, context) {
    const logDir = resolve(context.projectDir, dir);
    const service = tensorboardService({ logDir, curves, runDir: (run) => join(context.projectDir, '.autoresearch', run.name) });
    return reporterOf({ plugin: 'tensorboard', service, destination: () => logDir, patienceMs, live }, context);
  },
});
