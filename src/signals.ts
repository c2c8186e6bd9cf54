import type { Log } from './plugin.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Signals extends Disposable {
  readonly signal: AbortSignal;
  /** What a second signal does before the process ends by it. */
  onSecond(action: () => void): void;
}

/** What a first signal comes to where a run works. */
export const KEPT = 'the experiment in flight is kept for resume';

/**
 * The first signal asks the command to stop cleanly, and says what `comes` of its work; the second one ends the process.
 * Output that nobody reads any more, as after `run | head` or in a terminal that is closed, is a first signal without words.
 */
export function catchSignals(log: Log, comes?: string): Signals {
  const controller = new AbortController();
  let atOnce = () => {};
  const handler = (name: NodeJS.Signals) => {
    if (!controller.signal.aborted) {
      log.info(`\n${name}: stopping${comes === undefined ? '' : `; ${comes}`} (once more: at once)`);
      controller.abort();
      return;
    }
    // A closing terminal sends it, and the shell in it once more: that is nobody's wish for haste.
    if (name === 'SIGHUP') return;
    log.info(`${name} again: ended at once${comes === KEPT ? '; autoresearch resume goes on, and clears up first' : ''}`);
    atOnce();
    stop();
    // With our handler removed, the signal has its default effect.
    process.kill(process.pid, name);
  };
  const onPipe = (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || error.code === 'EIO') controller.abort();
  };
  const stop = () => {
    for (const name of SIGNALS) process.off(name, handler);
    process.stdout.off('error', onPipe);
  };
  process.stdout.on('error', onPipe);
  for (const name of SIGNALS) process.on(name, handler);
  return {
    signal: controller.signal,
    onSecond: (action) => void (atOnce = action),
    [Symbol.dispose]: stop,
  };
}
