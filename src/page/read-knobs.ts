/** Reads the diffs of changes whose agents named no parameters, for the constants in them. */
import type { SettledExperiment } from '../experiment.ts';
import { readDiffs } from '../git/diffs.ts';
import type { Git } from '../git/git.ts';
import { knobsIn, type Knob } from './knobs.ts';

type Changed = Pick<SettledExperiment, 'id' | 'kind' | 'verdict' | 'proposal' | 'parent' | 'candidate'>;

/** Of a longer run, those that were kept and the newest of the others: git needs a millisecond for each. */
const MOST = 2000;

export function knobbed(experiments: readonly SettledExperiment[]): Changed[] {
  const changed = experiments.filter(({ kind, candidate, proposal }) => kind === 'change' && candidate !== null && !proposal.params);
  return changed.filter(({ verdict }, at) => verdict === 'keep' || at >= changed.length - MOST);
}

export async function readKnobs(git: Git, changed: readonly Changed[]): Promise<Map<number, readonly Knob[]>> {
  const diffs = await readDiffs(git, changed);
  return new Map([...diffs].map(([id, diff]) => [id, knobsIn(diff)]));
}
