import type { Direction, SettledExperiment } from '../experiment.ts';
import { gain } from '../experiment.ts';
import { estimateSigma, NO_REPEATS, pool, sigmaFromEffects } from '../stats.ts';

/** The noise of one trial as far as a log of single trials tells it, and in words where it is from. */
export interface FoundNoise {
  readonly sigma: number;
  readonly text: string;
}

/** A change of nothing but the seed is the incumbent again. */
const SEED = /^(?:(?:another|different|new|change|changed|try|random|rng|set|switch|the|a|to|only|just)\s+)*seed\b/i;

/**
 * From commits that stand in the log more than once and from changes of the seed alone, together with the spread of all
 * changes, which counts as two repeats. Null where there is too little of both.
 */
export function noiseInLog(experiments: readonly SettledExperiment[], direction: Direction): FoundNoise | null {
  const scored = experiments.filter((experiment) => experiment.score !== null);
  const groups = new Map<string, number[]>();
  for (const { proposal, score, incumbent } of scored) {
    const commit = String(proposal.params?.['commit'] ?? '');
    const isSeed = incumbent !== null && SEED.test(proposal.title);
    const name = isSeed ? `the seed of #${incumbent.id}` : commit;
    if (!groups.has(name)) groups.set(name, isSeed ? [incumbent.score] : []);
    groups.get(name)?.push(score?.value ?? NaN);
  }
  const repeats = [...groups.values()].reduce(pool, NO_REPEATS);
  const effects = scored.flatMap(({ score, incumbent }) => (score && incumbent ? [-gain(score.value, incumbent.score, direction)] : []));
  const guess = sigmaFromEffects(effects);
  const sigma = estimateSigma(repeats, { guess });
  if (sigma === undefined || sigma === 0) return null;
  const sources = [
    ...(repeats.df > 0 ? [`${repeats.df} ${repeats.df === 1 ? 'repeat' : 'repeats'} of a commit or of its seed`] : []),
    ...(guess === undefined ? [] : [`the spread of ${effects.length} changes, if effects are as in the public record`]),
  ];
  return { sigma, text: `estimated from ${sources.join(' and ')}` };
}
