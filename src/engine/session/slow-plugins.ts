import type { Log } from '../../plugin.ts';

/** How long a plugin may take to react to an abort before it is named. */
const SLOW_MS = 5000;

interface Session {
  readonly assembly: { readonly pending: ReadonlySet<string> };
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** After an abort, names the plugins that have not answered. */
export function nameSlowPlugins({ assembly, log, signal }: Session): { stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  const onAbort = () => {
    timer = setTimeout(() => {
      if (assembly.pending.size > 0) log.warn(`still waiting for ${[...assembly.pending].join(', ')}; Ctrl-C again leaves at once`);
    }, SLOW_MS);
    timer.unref();
  };
  signal.addEventListener('abort', onAbort, { once: true });
  return {
    stop() {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    },
  };
}
