import { ablateRun } from '../analysis/ablate-run.ts';
import type { ExitCode } from '../errors.ts';
import { createLog } from '../log.ts';
import { catchSignals } from '../signals.ts';
import { renderAblation } from '../views/ablation.ts';
import { print, printJson, textOptions } from './read.ts';

export interface AblateFlags {
  readonly trials?: number;
  readonly drop?: boolean;
  readonly json?: boolean;
}

export async function ablate(run: string | undefined, flags: AblateFlags): Promise<ExitCode> {
  const log = createLog({ debug: false });
  using signals = catchSignals(log);
  const found = await ablateRun({
    cwd: process.cwd(),
    name: run,
    trials: flags.trials,
    drop: flags.drop === true,
    log,
    signal: signals.signal,
    onAssembled: ({ processes }) => signals.onSecond(() => processes.killAll()),
    onTrial: (done, of) => log.info(`trial ${done} of ${of}`),
  });
  if (flags.json) printJson(found);
  else print(renderAblation(found, textOptions()));
  return 0;
}
