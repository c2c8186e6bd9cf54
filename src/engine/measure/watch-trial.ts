import type { CommittedExperiment, Reason } from '../../experiment.ts';
import type { TrialEngine } from '../engine.ts';

/** The most lines that wait for the gates; further ones are not shown. */
const MAX_WAITING = 1000;

/** Shows a running trial's lines to the `observe` hook, one after the other, and stops it when a gate says so. */
export function watchTrial(
  engine: TrialEngine,
  experiment: CommittedExperiment,
  { index, isWatched }: { readonly index: number; readonly isWatched: boolean },
) {
  const { hooks, state } = engine;
  const stop = new AbortController();
  const started = performance.now();
  const watched = isWatched && hooks.observe.isUsed();
  let reason: Reason | null = null;
  let queue: Promise<void> = Promise.resolve();
  let waiting = 0;
  const look = async (line: string) => {
    waiting--;
    if (reason !== null || stop.signal.aborted) return;
    const elapsedSeconds = (performance.now() - started) / 1000;
    const answer = await hooks.observe.promise({ experiment, index, line, elapsedSeconds }, state.view);
    if (answer === undefined) return;
    reason = answer;
    stop.abort();
  };
  return {
    signal: AbortSignal.any([engine.signal, stop.signal]),
    onLine(line: string) {
      if (!watched || waiting >= MAX_WAITING) return;
      waiting++;
      queue = queue.then(() => look(line));
    },
    /** The reason the trial was stopped for, once every line that waits has been seen. */
    async settle(): Promise<Reason | null> {
      await queue;
      return reason;
    },
  };
}
