import { definePlugin } from '../../../src/plugin.ts';
import { reporterOf } from '../_delivery/reporter.ts';
import { requireAddress } from '../_delivery/require.ts';
import { schema } from './schema.ts';
import { mlflowService } from './service.ts';

export default definePlugin({
  kind: 'reporter',
  name: 'mlflow',
  apiVersion: 1,
  description: 'Reports a run to an MLflow server: a run there, with a child run for each experiment.',
  schema,
  create(options, context) {
    const { uriVariable, experiment, patienceMs, live } = options;
    const service = mlflowService({ ...options, projectDir: context.projectDir });
    const destination = () => `${process.env[uriVariable] ?? ''} ${experiment}`;
    return {
      verify: (preflight) => requireAddress(preflight, 'mlflow', uriVariable, 'start a server (mlflow server), then: '),
      ...reporterOf({ plugin: 'mlflow', service, destination, patienceMs, live }, context),
    };
  },
});
