import { join } from 'node:path';
import type { LoadedConfig } from '../config/load-config.ts';
import type { Repository } from '../git/repository.ts';
import { excludeFromStatus } from '../git/run-refs.ts';
import type { Direction, Trial } from '../experiment.ts';
import { AutoresearchError } from '../errors.ts';
import { holdRun } from '../ledger/hold.ts';
import { ReasonError, type Log } from '../plugin.ts';
import { diagnose } from '../preflight/diagnosis.ts';
import { standardDeviation, mean, normalQuantile } from '../stats.ts';
import type { Assembly } from '../engine/session/assemble.ts';
import { keepNoise } from '../engine/session/known-noise.ts';
import { warnOfOthers } from '../engine/session/lock-run.ts';
import { withMeasurer } from '../engine/session/with-measurer.ts';
import { RULES } from '../model/rules.ts';
import { stateOf } from '../engine/session/run.ts';

/** What repeated trials of the unchanged project show about judging changes to it. */
export interface BaselineReport {
  readonly objective: { readonly label: string; readonly direction: Direction };
  readonly scores: readonly number[];
  readonly mean: number;
  /** Standard deviation of one trial. */
  readonly sigma: number;
  /** The least difference of two single trials that chance alone shows in less than 5 of 100 cases. */
  readonly smallestEffect: number;
  /** By the wall clock, with everything that comes after the training. */
  readonly secondsPerTrial: number;
  readonly recommended: 'min-delta' | 'posterior balanced';
}

interface Input {
  readonly loaded: LoadedConfig;
  readonly assembly: Assembly;
  readonly repository: Repository;
  readonly base: string;
  readonly repeats: number;
  readonly signal: AbortSignal;
  readonly log: Log;
  readonly onTrial?: (done: number, trial: Trial) => void;
}

/** @throws AutoresearchError BASELINE_FAILED where a trial has no result */
export async function measureBaseline({
  loaded,
  assembly,
  repository,
  base,
  repeats,
  signal,
  log,
  onTrial,
}: Input): Promise<BaselineReport> {
  const runDir = join(repository.stateDir, 'check');
  excludeFromStatus(repository);
  const lock = await holdRun(join(runDir, 'lock'), assembly.processes.token);
  warnOfOthers(repository, 'check', log);
  try {
    const state = stateOf('check', loaded.config, assembly, { rules: RULES });
    try {
      const scores: number[] = [];
      const seconds: number[] = [];
      await withMeasurer({ assembly, repository, state, base, runDir, signal, log }, async (measurer) => {
        for (let index = 0; index < repeats; index++) {
          const started = performance.now();
          const trial = await measurer.measure(base, loaded.config.seed + index);
          seconds.push((performance.now() - started) / 1000);
          // Scored at once, so that an objective that fails costs one trial and not all of them.
          scores.push((await measurer.score([trial])).value);
          onTrial?.(index + 1, trial);
        }
      });
      const sigma = standardDeviation(scores);
      if (scores.length > 1)
        keepNoise({ repository, config: loaded.config, base, layer: assembly.sandbox.layer }, { sigma, mean: mean(scores), scores });
      const { label, direction } = assembly.objective;
      return {
        objective: { label, direction },
        scores,
        mean: mean(scores),
        sigma,
        smallestEffect: normalQuantile(0.95) * Math.SQRT2 * sigma,
        secondsPerTrial: mean(seconds),
        recommended: sigma === 0 ? 'min-delta' : 'posterior balanced',
      };
    } catch (error) {
      throw await failed(error, { repository, base, config: loaded.config });
    }
  } finally {
    lock.release();
  }
}

/** A failure here would make every run fail. */
async function failed(error: unknown, place: Omit<Parameters<typeof diagnose>[0], 'output'>): Promise<unknown> {
  if (!(error instanceof ReasonError)) return error;
  const { code, message, log } = error;
  const diagnosis = await diagnose({ ...place, output: `${log}\n${message}` });
  return new AutoresearchError('BASELINE_FAILED', `the baseline could not be measured: ${message}`, {
    hint: diagnosis ?? `autoresearch explain ${code}`,
    cause: error,
  });
}
