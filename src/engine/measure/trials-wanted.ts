import type { CommittedExperiment } from '../../experiment.ts';
import { baselinesWanted } from './baselines.ts';
import type { Run } from '../engine.ts';
import { isNewSlot } from '../decide/slot-record.ts';
import { isSeedCheck } from './seeds.ts';

/** Trials of the incumbent in a slot in which nothing was measured before. */
const FEWEST = 2;

/** Trials before the first judgement: the baseline is repeated where a gate judges against noise. */
export function trialsWanted(run: Run, experiment: CommittedExperiment, slot?: string): number {
  const { config, state } = run;
  const { trials } = config.trainer;
  if (isSeedCheck(run, experiment)) return Math.max(trials, 2);
  // One trial is too few to see by how much a slot is off.
  if (experiment.kind === 'control' && slot !== undefined && isNewSlot(state, slot)) return Math.max(trials, baselinesWanted(run), FEWEST);
  // Another node's claim is confirmed by as many.
  if (experiment.origin !== undefined) return Math.max(trials, run.others?.trials ?? 1);
  if (state.incumbent !== null || experiment.kind === 'control') return trials;
  return Math.max(trials, baselinesWanted(run));
}
