import { loadConfig } from '../config/load-config.ts';
import type { TransferCondition } from '../config/types.ts';
import { formatDuration, parseDuration } from '../duration.ts';
import { transferRun } from '../analysis/transfer-run.ts';
import { AutoresearchError, type ExitCode } from '../errors.ts';
import { catchSignals } from '../signals.ts';
import { createSteps } from '../steps.ts';
import { renderTransfer } from '../views/transfer.ts';
import { print, printJson, textOptions } from './read.ts';

export interface TransferFlags {
  readonly only?: readonly string[];
  readonly trials?: number;
  readonly yes?: boolean;
  readonly json?: boolean;
}

const TRIALS = 3;

/** Without --yes it only says what it would measure, and how long that may take. */
export async function transfer(run: string | undefined, flags: TransferFlags): Promise<ExitCode> {
  const { log, run: step } = createSteps();
  const { config } = await loadConfig({ cwd: process.cwd() });
  const conditions = choose(config.transfer ?? [], flags.only ?? []);
  const trials = flags.trials ?? TRIALS;
  if (trials < 2) throw new AutoresearchError('USAGE', 'one trial of each side tells nothing of the noise', { hint: '--trials 2 or more' });
  if (flags.yes !== true) {
    print(plan(conditions, trials, config.trainer.timeout, run));
    return 0;
  }
  using signals = catchSignals(log);
  const found = await step('measure the gain under other conditions', () =>
    transferRun({
      cwd: process.cwd(),
      name: run,
      conditions,
      trials,
      log,
      signal: signals.signal,
      onAssembled: ({ processes }) => signals.onSecond(() => processes.killAll()),
      onTrial: (done, of) => log.info(`trial ${done} of ${of}`),
    }),
  );
  if (flags.json) printJson(found);
  else print(renderTransfer(found, textOptions()));
  return 0;
}

function choose(all: readonly TransferCondition[], only: readonly string[]): readonly TransferCondition[] {
  const names = all.map(({ name }) => name).join(', ');
  if (all.length === 0) {
    throw new AutoresearchError('USAGE', 'the config names no conditions to measure under', {
      hint: 'add them, such as: transfer: [{ name: twice as long, env: { TRAIN_SECONDS: "600" }, timeout: 15m }]',
    });
  }
  const unknown = only.find((name) => !all.some((condition) => condition.name === name));
  if (unknown !== undefined) {
    throw new AutoresearchError('USAGE', `the config names no condition "${unknown}"`, { hint: `there are: ${names}` });
  }
  return only.length === 0 ? all : all.filter(({ name }) => only.includes(name));
}

function plan(conditions: readonly TransferCondition[], trials: number, timeout: string, run: string | undefined): string {
  const each = conditions.map((condition) => ({ ...condition, most: condition.timeout ?? timeout }));
  const most = each.reduce((sum, condition) => sum + 2 * trials * parseDuration(condition.most), 0);
  const lines = each.map(({ name, env, most: limit }) => {
    const values = Object.entries(env).map(([key, value]) => `${key}=${value}`);
    return `  ${name}: ${2 * trials} trials of at most ${limit} (${values.join(' ') || 'as in the loop'})`;
  });
  const command = ['autoresearch transfer', run, '--yes'].filter(Boolean).join(' ');
  return [
    `${2 * trials * conditions.length} trials, at most ${formatDuration(most)} in all: the final commit and the baseline, ${trials} times each`,
    ...lines,
    `start it with: ${command}`,
  ].join('\n');
}
