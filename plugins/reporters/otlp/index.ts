import { API_VERSION, definePlugin } from '../../../src/plugin.ts';
import { reporterOf } from '../_delivery/reporter.ts';
import { requireAddress } from '../_delivery/require.ts';
import { schema } from './schema.ts';
import { otlpService } from './service.ts';

export default definePlugin({
  kind: 'reporter',
  name: 'otlp',
  apiVersion: 1,
  description: 'Sends traces and metrics to an OpenTelemetry collector: run, experiment, proposal, trials, gates.',
  schema,
  create({ endpointVariable, signals, timeoutMs, patienceMs }, context) {
    const endpoint = () => process.env[endpointVariable] ?? '';
    const service = otlpService({ endpoint, signals, timeoutMs, version: String(API_VERSION) });
    return {
      verify: (preflight) => requireAddress(preflight, 'otlp', endpointVariable),
      ...reporterOf({ plugin: 'otlp', service, destination: endpoint, patienceMs }, context),
    };
  },
});
