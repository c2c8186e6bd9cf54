import { join } from 'node:path';
import type { PluginContext, Reporter, RunView } from '../../../src/plugin.ts';
import { Courier } from './courier.ts';
import { cursorFileOf } from './cursor.ts';
import { Live } from './live.ts';
import type { Service } from './service.ts';

interface Options {
  readonly plugin: string;
  readonly service: Service;
  /** What tells one destination of this plugin from another. */
  readonly destination: () => string;
  readonly patienceMs: number;
  /** Are the curves of running trials shown, if the service can? Default true. */
  readonly live?: boolean;
  /** The name of the cursor's file in an earlier version. */
  readonly earlierFile?: string;
}

type Told = Pick<Reporter, 'start' | 'settled' | 'audited' | 'done' | 'observe' | 'dispose'>;

/** The reporter whose only work is to keep a courier informed. */
export function reporterOf({ plugin, service, destination, patienceMs, live = true, earlierFile }: Options, context: PluginContext): Told {
  const { projectDir, path, log, signal } = context;
  const folderOf = (run: RunView) => join(projectDir, '.autoresearch', run.name);
  const courier = new Courier({
    name: plugin,
    service,
    cursorFile: (run) => cursorFileOf(folderOf(run), { path, plugin, destination: destination() }),
    ...(earlierFile !== undefined && { earlierFile: (run: RunView) => join(folderOf(run), earlierFile) }),
    log,
    signal,
    patienceMs,
  });
  const over = new AbortController();
  const show = live ? service.live : undefined;
  const curves = show && new Live(show, AbortSignal.any([over.signal, signal]));
  return {
    observe(event) {
      if (event.type === 'trial-started') courier.trialStarted();
      curves?.observe(event);
    },
    start: (run) => courier.start(run),
    settled: (experiment, run) => courier.settled(experiment, run),
    audited: (_audit, run) => courier.audited(run),
    done: (run, end) => courier.done(run, end),
    dispose: () => {
      over.abort();
      return courier.stop();
    },
  };
}
