import { parseDuration } from '../duration.ts';
import { resumeRun } from '../engine/session/run.ts';
import type { ExitCode } from '../errors.ts';
import { createLog } from '../log.ts';
import type { RunFlags } from '../program.ts';
import { catchSignals } from '../signals.ts';
import { budgetFlags, conclude } from './run.ts';

export async function resume(run: string | undefined, flags: RunFlags): Promise<ExitCode> {
  if (flags.time !== undefined) parseDuration(flags.time);
  const log = createLog({ debug: flags.debug === true });
  using signals = catchSignals(log);
  const result = await resumeRun({
    cwd: process.cwd(),
    name: run,
    budget: budgetFlags(flags),
    log,
    signal: signals.signal,
    onAssembled: ({ processes }) => signals.onSecond(() => processes.killAll()),
  });
  return conclude(result, log);
}
