import type { RunView, Summary } from './run-view.ts';

interface Fold<State> {
  /** The state before the first experiment. */
  start(run: RunView): State;
  /** The state after one more; `state` may be changed and returned. */
  follow(state: State, summary: Summary): State;
}

/**
 * A state folded from the run's history. Each settled experiment is added once; a resumed run adds all of them at once.
 * For another run, or a history that does not continue the last one, it starts from the beginning.
 */
export function foldHistory<State>({ start, follow }: Fold<State>): (run: RunView) => State {
  let folded: { state: State; done: number; last: Summary | undefined } | null = null;
  return (run) => {
    const { history } = run;
    if (folded === null || folded.done === 0 || history[folded.done - 1] !== folded.last)
      folded = { state: start(run), done: 0, last: undefined };
    const state = history.slice(folded.done).reduce(follow, folded.state);
    folded = { state, done: history.length, last: history.at(-1) };
    return state;
  };
}
