import { deepFreeze, type CommittedExperiment } from '../experiment.ts';

interface Unchanged extends Pick<CommittedExperiment, 'run' | 'id' | 'basis'> {
  readonly kind: 'baseline' | 'control';
  readonly rationale: string;
}

/** An experiment of the engine's own: a commit that is there already, measured as it is. */
export function unchanged({ kind, basis, rationale, ...facts }: Unchanged): CommittedExperiment {
  return deepFreeze({
    v: 1,
    ...facts,
    kind,
    basis,
    state: 'committed',
    startedAt: new Date().toISOString(),
    parent: basis.commit,
    candidate: basis.commit,
    proposal: { title: kind, hypothesis: '', rationale, risks: [], agent: 'engine', source: 'engine' },
    changes: [],
    diff: { files: 0, added: 0, removed: 0 },
    trials: [],
    metrics: {},
    score: null,
    judgements: [],
  });
}
