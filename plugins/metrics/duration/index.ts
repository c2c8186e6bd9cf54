import { definePlugin } from '../../../src/plugin.ts';

export default definePlugin({
  kind: 'metric',
  name: 'duration',
  apiVersion: 1,
  description: 'The wall time of the trial in seconds, as the engine measured it.',
  schema: false,
  create: () => ({ measure: ({ trial }) => trial.seconds }),
});
