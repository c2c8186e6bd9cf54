import type { Log } from './plugin.ts';

/** Messages for the user, on stderr, so that stdout holds only the result. */
export function createLog({ debug }: { debug: boolean }): Log {
  const write = (text: string) => void process.stderr.write(`${text}\n`);
  return {
    info: write,
    warn: (message) => write(`warning: ${message}`),
    debug: (message) => {
      if (debug) write(`debug: ${message}`);
    },
  };
}
