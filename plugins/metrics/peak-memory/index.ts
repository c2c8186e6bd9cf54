import { definePlugin, ReasonError } from '../../../src/plugin.ts';

export default definePlugin({
  kind: 'metric',
  name: 'peak-memory',
  apiVersion: 1,
  description: "The largest memory of the trial's process tree in MiB, as the engine saw it.",
  schema: false,
  create: (_options, { label }) => ({
    measure({ trial }) {
      if (trial.peakMemoryMb === null) {
        throw new ReasonError(
          'METRIC_MISSING',
          `${label}: the trial was over before its memory could be read, or this system does not tell`,
        );
      }
      return trial.peakMemoryMb;
    },
  }),
});
