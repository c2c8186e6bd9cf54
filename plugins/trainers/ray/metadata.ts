import type { RemoteJob } from '../../../src/plugin.ts';

/** People find the jobs of a run by it in Ray's dashboard and in `ray job list`. Values must be text. */
export function metadataOf({ title, trial }: RemoteJob): Record<string, string> {
  if (trial === undefined) return { job_name: title };
  const { run, experiment, index, attempt } = trial;
  return {
    job_name: title,
    autoresearch_run: run,
    autoresearch_experiment: String(experiment),
    autoresearch_trial: String(index),
    autoresearch_attempt: String(attempt),
  };
}
