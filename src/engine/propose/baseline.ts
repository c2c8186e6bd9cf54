import { deepFreeze, type CommittedExperiment } from '../../experiment.ts';
import type { Run } from '../engine.ts';

/** The experiment that every other one is compared with: nothing is changed. */
export function baselineOf({ state, base }: Pick<Run, 'state' | 'base'>, id: number): CommittedExperiment {
  return deepFreeze({
    v: 1,
    run: state.name,
    id,
    kind: 'baseline',
    basis: { incumbent: null, commit: base },
    startedAt: new Date().toISOString(),
    parent: base,
    state: 'committed',
    candidate: base,
    proposal: {
      title: 'baseline',
      hypothesis: '',
      rationale: 'nothing is changed: this is what every experiment is compared with',
      risks: [],
      agent: 'engine',
      source: 'engine',
    },
    changes: [],
    diff: { files: 0, added: 0, removed: 0 },
    trials: [],
    metrics: {},
    score: null,
    judgements: [],
  });
}
