import type { ExitCode } from '../errors.ts';
import type { ReadFlags } from './read.ts';
import { renderStatus } from '../views/status-text.ts';
import { openRun, print, printJson, textOptions } from './read.ts';
import { statusNow } from './run-status.ts';

export async function status(run: string | undefined, flags: ReadFlags): Promise<ExitCode> {
  if (flags.follow) return (await import('./follow.ts')).follow(run, { json: flags.json === true });
  if (flags.swarm) return (await import('./status-swarm.ts')).statusSwarm(run, flags);
  const { repository, record } = await openRun(run);
  const view = statusNow(repository, record);
  if (flags.json) printJson(view);
  else print(renderStatus(view, textOptions()));
  return 0;
}
