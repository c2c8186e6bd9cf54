import type { CommittedExperiment } from '../../experiment.ts';
import { baselinesWanted } from './baselines.ts';
import type { Engine } from '../engine.ts';
import { isSeedCheck } from './seeds.ts';

/** Trials before the first judgement: the baseline is repeated where a gate judges against noise. */
export function trialsWanted(engine: Engine, experiment: CommittedExperiment): number {
  const { config, state } = engine;
  const { trials } = config.trainer;
  if (isSeedCheck(engine, experiment)) return Math.max(trials, 2);
  if (state.incumbent !== null || experiment.kind === 'control') return trials;
  return Math.max(trials, baselinesWanted(engine));
}
