import { foldHistory, IncumbentCommits, type RunView, type Summary } from '../../../src/plugin.ts';

/** The number a candidate is compared with; null before the baseline. */
export type Reference = (run: RunView) => number | null;

/**
 * The number to beat. It moves by the share `shrink` towards each kept score, because a kept score is usually too
 * good by luck. With 1 it is the incumbent's score itself.
 */
export function followReference(shrink: number): Reference {
  if (shrink === 1) return ({ incumbent }) => incumbent?.score?.value ?? null;
  const fold = foldHistory({
    start: (): Numbers => ({ of: new Map(), current: null, commits: new IncumbentCommits() }),
    follow: (numbers, summary) => follow(numbers, summary, shrink),
  });
  return (run) => {
    const { incumbent } = run;
    return fold(run).of.get(incumbent?.candidate ?? null) ?? incumbent?.score?.value ?? null;
  };
}

/** The number to beat by commit, and the incumbent's commit. */
interface Numbers {
  readonly of: Map<string | null, number>;
  readonly current: string | null;
  readonly commits: IncumbentCommits;
}

function follow(numbers: Numbers, summary: Summary, shrink: number): Numbers {
  const { verdict, reason, kind, score, candidate } = summary;
  const { of, commits } = numbers;
  const incumbent = commits.follow(summary);
  if (score === null) return numbers;
  // After an audit has rolled back, candidates are compared with an earlier keep again.
  const current = of.has(incumbent) ? incumbent : numbers.current;
  const before = of.get(current);
  if (kind === 'control' && reason.code === 'DRIFT' && before !== undefined) {
    for (const [commit, number] of of) of.set(commit, number + score - before);
    of.set(current, score);
  } else if (verdict === 'keep') {
    of.set(candidate, before === undefined ? score : before + shrink * (score - before));
    return { of, current: candidate, commits };
  }
  return { of, current, commits };
}
