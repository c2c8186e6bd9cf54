import { createHash } from 'node:crypto';
import type { TrialRequest } from '../contract/roles.ts';

/** The key of one attempt at a trial: the same after a crash, another one for another commit, seed, trial, program or attempt. */
export function jobKey({ env, experiment, candidate, seed, index }: TrialRequest, run: readonly string[], attempt: number): string {
  const parts = [env['AUTORESEARCH_RUN'] ?? '', experiment, candidate, seed, index, run, attempt];
  return `a${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 31)}`;
}
