/** The evidence for a change in plain words, the same in commits, pull requests and exports. */
import type { Direction, SettledExperiment } from '../experiment.ts';
import { effectOf } from '../views/review-card.ts';
import { scoreText } from '../views/show.ts';
import type { Reviewable } from './queue.ts';

export interface Evidence {
  readonly effect: string;
  readonly score: string;
  /** `posterior pass LIKELY_GAIN: a gain with probability 0.97` */
  readonly gates: readonly string[];
}

export function evidenceOf(item: Reviewable, experiment: SettledExperiment, direction: Direction): Evidence {
  return {
    effect: effectOf(item, experiment),
    score: scoreText(experiment, direction),
    gates: experiment.judgements.map(({ gate, outcome, code, reason }) => `${gate} ${outcome} ${code}: ${reason}`),
  };
}

/** `experiments 1, 2 and 5`; never `#5`, which a forge takes for one of its own issues. */
export function experimentsText(ids: readonly number[]): string {
  const last = ids.at(-1);
  if (ids.length < 2) return `experiment ${last ?? 'none'}`;
  return `experiments ${ids.slice(0, -1).join(', ')} and ${last}`;
}

/** `#5 conflicts with #3` in the same way. */
export function ofExperiments(text: string): string {
  return text.replaceAll(/#(?=\d)/g, 'experiment ');
}

/** Hosting sites close issues and notify people because of words in a text; text of a model or a reviewer must not do that. */
export function withoutCalls(text: string): string {
  return text.replaceAll(/#(?=\d)/g, '# ').replaceAll(/(?<![\w@])@(?=\w)/g, '@ ');
}
