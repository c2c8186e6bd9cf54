import type { CommittedExperiment } from '../../experiment.ts';
import type { Run } from '../engine.ts';
import { unchanged } from '../../model/experiment-states.ts';

/** The experiment that every other one is compared with: nothing is changed. */
export function baselineOf({ state, base }: Pick<Run, 'state' | 'base'>, id: number): CommittedExperiment {
  return unchanged(
    { run: state.name, id, kind: 'baseline', basis: { incumbent: null, commit: base } },
    { rationale: 'nothing is changed: this is what every experiment is compared with' },
  );
}
