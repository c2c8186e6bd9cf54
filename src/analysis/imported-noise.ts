import type { Direction, SettledExperiment } from '../experiment.ts';
import { gain } from '../experiment.ts';
import { estimateSigma, NO_REPEATS, pool, sigmaFromEffects } from '../stats.ts';

/** An estimate of the noise of one trial from a log of single trials, and its source in words. */
export interface FoundNoise {
  readonly sigma: number;
  readonly text: string;
}

/** An experiment that changes only the seed measures the incumbent again. */
const SEED = /^(?:(?:another|different|new|change|changed|try|random|rng|set|switch|the|a|to|only|just)\s+)*seed\b/i;

/** This many repeats alone give sigma within a factor of about 1.5. */
const FEWEST_REPEATS = 8;

/** Descriptions that mean "the same again". */
const AGAIN = /\b(?:again|re-?run|repeat\w*|replic\w*|confirm\w*|verif\w*|same|noise|variance)\b/i;

/**
 * Some tools log a discarded change under the commit they went back to, so rows of one commit are repeats only if
 * their descriptions say that nothing was changed.
 */
function repeatedName(commit: string, title: string, first: Map<string, string>): string {
  const before = first.get(commit);
  if (before === undefined) first.set(commit, title);
  const isRepeat = before === undefined || before === title || AGAIN.test(title);
  return isCommit(commit) && isRepeat ? commit : `${commit} ${title}`;
}

/** Dashes, HEAD and counters are no ids of commits. */
function isCommit(text: string): boolean {
  return /^[0-9a-f]{6,64}$/i.test(text);
}

/**
 * From commits that stand in the log more than once and from changes of the seed alone, together with the spread of all
 * changes, which counts as two repeats. Null where both tell too little to rely on.
 */
export function noiseInLog(experiments: readonly SettledExperiment[], direction: Direction): FoundNoise | null {
  const scored = experiments.filter((experiment) => experiment.score !== null);
  const groups = new Map<string, number[]>();
  const first = new Map<string, string>();
  for (const { proposal, score, incumbent } of scored) {
    const commit = String(proposal.params?.['commit'] ?? '');
    const isSeed = incumbent !== null && SEED.test(proposal.title);
    const name = isSeed ? `the seed of #${incumbent.id}` : repeatedName(commit, proposal.title, first);
    if (!groups.has(name)) groups.set(name, isSeed ? [incumbent.score] : []);
    groups.get(name)?.push(score?.value ?? NaN);
  }
  const repeats = [...groups.values()].reduce(pool, NO_REPEATS);
  const effects = scored.flatMap(({ score, incumbent }) => (score && incumbent ? [-gain(score.value, incumbent.score, direction)] : []));
  const guess = sigmaFromEffects(effects);
  const sigma = estimateSigma(repeats, { guess });
  if (sigma === undefined || sigma === 0 || (guess === undefined && repeats.df < FEWEST_REPEATS)) return null;
  const sources = [
    ...(repeats.df > 0 ? [`${repeats.df} ${repeats.df === 1 ? 'repeat' : 'repeats'} of a commit or of its seed`] : []),
    ...(guess === undefined ? [] : [`the spread of ${effects.length} changes, if effects are as in the public record`]),
  ];
  return { sigma, text: `estimated from ${sources.join(' and ')}` };
}
