import type { RunView, Summary } from './run-view.ts';

interface Fold<State> {
  /** The state before the first experiment. */
  start(run: RunView): State;
  /** The state after one more; `state` may be changed and returned. */
  follow(state: State, summary: Summary): State;
}

/**
 * What a plugin makes of the run's history: each settled experiment is taken in once, by a resumed run all in one go.
 * Shown another run, or a history that is not a continuation of the last one, it starts anew.
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
