import type { SettledExperiment } from '../../src/experiment.ts';
import { makeProject, measure, removeProject } from '../parallel/night.ts';
import type { Place } from './place.ts';

interface Load {
  readonly slots: number;
  readonly perSlot: number;
  readonly trialSeconds: number;
}

/**
 * The share of the slots' time in which the program itself ran, in a whole run of autoresearch: from the submission of a slot's
 * first trial to that of its last one, so that the beginning and the end of the run do not count.
 */
export function busyWith({ name, options }: Place, { slots, perSlot, trialSeconds }: Load): number {
  const night = { slots, lookahead: 1, experiments: slots * perSlot, trialMs: trialSeconds * 1000, agentMs: 0 };
  const dir = makeProject({ ...night, trainer: { use: name, with: options } });
  try {
    return shareOf(measure(dir).experiments, trialSeconds);
  } finally {
    removeProject(dir);
  }
}

function shareOf(experiments: readonly SettledExperiment[], trialSeconds: number): number {
  const trials = experiments.filter(({ kind }) => kind === 'change').flatMap((experiment) => experiment.trials);
  const slots = Map.groupBy(trials, ({ slot }) => slot);
  const shares = [...slots.values()].map((of) => {
    const starts = of.map(({ startedAt }) => Date.parse(startedAt) / 1000);
    return { work: (of.length - 1) * trialSeconds, wall: Math.max(...starts) - Math.min(...starts) };
  });
  const sum = (key: 'work' | 'wall') => shares.reduce((total, share) => total + share[key], 0);
  return sum('work') / sum('wall');
}

/** The same with as many loops that submit, wait and submit again. */
export async function plainBusy({ plain }: Place, { slots, perSlot, trialSeconds }: Load): Promise<number> {
  const shares = await Promise.all(
    Array.from({ length: slots }, async () => {
      const began = performance.now();
      for (let trial = 0; trial < perSlot; trial++) await plain(trialSeconds);
      return (perSlot * trialSeconds) / ((performance.now() - began) / 1000);
    }),
  );
  return shares.reduce((sum, share) => sum + share, 0) / slots;
}
