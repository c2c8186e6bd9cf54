import { ablateRun } from '../analysis/ablate-run.ts';
import type { ExitCode } from '../errors.ts';
import { catchSignals } from '../signals.ts';
import { createSteps } from '../steps.ts';
import { renderAblation } from '../views/ablation.ts';
import { print, printJson, textOptions } from './read.ts';

export interface AblateFlags {
  readonly trials?: number;
  readonly drop?: boolean;
  readonly json?: boolean;
}

export async function ablate(run: string | undefined, flags: AblateFlags): Promise<ExitCode> {
  const { log, run: step } = createSteps();
  using signals = catchSignals(log);
  const found = await step('measure what each kept change contributes', () =>
    ablateRun({
      cwd: process.cwd(),
      name: run,
      trials: flags.trials,
      drop: flags.drop === true,
      log,
      signal: signals.signal,
      onAssembled: ({ processes }) => signals.onSecond(() => processes.killAll()),
      onTrial: (done, of) => log.info(`trial ${done} of ${of}`),
    }),
  );
  if (flags.json) printJson(found);
  else print(renderAblation(found, textOptions()));
  return 0;
}
