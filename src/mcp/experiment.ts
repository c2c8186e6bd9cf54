import { AutoresearchError } from '../errors.ts';
import type { SettledExperiment } from '../experiment.ts';
import { readRecords } from '../ledger/read.ts';
import { isExperiment } from '../ledger/records.ts';
import type { Opened } from './tool.ts';

/** @throws AutoresearchError EXPERIMENT_NOT_FOUND */
export async function experimentOf({ repository, record }: Opened, id: number): Promise<SettledExperiment> {
  const commit = record.commits.get(id);
  const [found] = commit === undefined ? [] : (await readRecords(repository.git, [commit])).filter(isExperiment);
  if (found !== undefined) return found;
  throw new AutoresearchError('EXPERIMENT_NOT_FOUND', `run ${record.run} has no experiment ${id}`, {
    hint: `it has ${record.summaries.length}, from 0; \`list\` shows them`,
  });
}

/** What there is to know of one experiment without its diff. Blind: without what gates computed, which can hold what only they may see. */
export function describe(experiment: SettledExperiment, isBlind: boolean) {
  const {
    id,
    verdict,
    reason,
    proposal,
    parent,
    candidate,
    changes,
    diff,
    metrics,
    score,
    delta,
    incumbent,
    judgements,
    trials,
    seconds,
    settledAt,
  } = experiment;
  const { title, hypothesis, rationale, risks, agent, model, params, expected } = proposal;
  return {
    id,
    verdict,
    reason,
    proposal: { title, hypothesis, rationale, risks, agent, model, params, expected },
    parent,
    candidate,
    changes,
    diff,
    metrics,
    score: score && { value: score.value, spread: score.spread, n: score.n },
    delta,
    incumbent,
    gates: judgements.map(({ gate, outcome, code, reason: why, estimate }) => ({
      gate,
      outcome,
      code,
      reason: why,
      ...(!isBlind && estimate && { estimate }),
    })),
    trials: trials.map(({ index, seed, exit, exitCode, seconds: took, metrics: values }) => ({
      index,
      exit,
      exitCode,
      seconds: took,
      metrics: values,
      ...(!isBlind && { seed }),
    })),
    seconds,
    settledAt,
  };
}
