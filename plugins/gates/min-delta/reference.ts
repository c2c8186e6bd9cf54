import type { RunView, Summary } from '../../../src/plugin.ts';

/** The number a candidate is compared with; null before the baseline. */
export type Reference = (run: RunView) => number | null;

/**
 * The incumbent's number as it moves by `shrink` of the way to each kept score, because a kept score is a lucky one
 * more often than not. With 1 it is the incumbent's score itself.
 */
export function followReference(shrink: number): Reference {
  if (shrink === 1) return ({ incumbent }) => incumbent?.score?.value ?? null;
  let numbers = new Map<string | null, number>();
  let current: string | null = null;
  let done = 0;
  let last: Summary | undefined;
  const follow = ({ verdict, reason, control, score, parent, candidate }: Summary) => {
    if (score === null) return;
    // After an audit has rolled back, candidates are made on an earlier keep again.
    if (numbers.has(parent)) current = parent;
    const before = numbers.get(current);
    if (control && reason.code === 'DRIFT' && before !== undefined) {
      for (const [commit, number] of numbers) numbers.set(commit, number + score - before);
      numbers.set(current, score);
    } else if (verdict === 'keep') {
      current = candidate;
      numbers.set(current, before === undefined ? score : before + shrink * (score - before));
    }
  };
  return ({ history, incumbent }) => {
    if (history[done - 1] !== last) [numbers, current, done] = [new Map(), null, 0];
    for (const summary of history.slice(done)) follow(summary);
    done = history.length;
    last = history[done - 1];
    return numbers.get(incumbent?.candidate ?? null) ?? incumbent?.score?.value ?? null;
  };
}
