import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sizesOf, type Sizes } from './sizes.ts';
import { runOf, type Bench } from './project.ts';

/** Experiments of a turn. Sums of a turn are compared, because a single experiment may have a hiccup. */
const TURN = 20;

/** Milliseconds by the clock, and those in which a processor was at work for it. */
interface Time {
  readonly ms: number;
  readonly cpu: number;
}

/** What the clock of the run notes after each turn; null for the engine's first. */
interface Turn extends Sizes {
  readonly engine: Time | null;
  readonly shell: Time;
  readonly rss: number;
}

export interface Turns {
  /** Milliseconds of an experiment: medians, and means for the processor, whose time is told in steps of 10 ms. */
  readonly engine: Time;
  readonly shell: Time;
  /** The engine's time through the shell's of the same turn: median, and half the distance between the quartiles. */
  readonly ratio: number;
  readonly spread: number;
  /** The ratio in the last tenth of the run, through that in the first. */
  readonly late: number;
  readonly memoryMb: number;
  /** Objects of git: the most seen after a turn, and what the end of the session leaves. */
  readonly most: Sizes;
  readonly end: Sizes;
}

export function runTurns(bench: Bench, experiments: number): Turns {
  const clock = join(bench.shellDir, '../clock.jsonl');
  execFileSync(process.execPath, runOf(bench, experiments), {
    cwd: bench.dir,
    env: { ...process.env, BENCH_TURN: String(TURN), BENCH_SHELL: bench.shellDir, BENCH_CLOCK: clock },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const turns = readFileSync(clock, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Turn);
  const timed = turns.flatMap(({ engine, shell }) => (engine === null ? [] : [{ engine, shell }]));
  const ratios = timed.map(({ engine, shell }) => engine.ms / shell.ms);
  const tenth = Math.ceil(ratios.length / 10);
  const timeOf = (who: 'engine' | 'shell'): Time => ({
    ms: quantile(
      timed.map((turn) => turn[who].ms / TURN),
      0.5,
    ),
    cpu: timed.reduce((sum, turn) => sum + turn[who].cpu, 0) / timed.length / TURN,
  });
  return {
    engine: timeOf('engine'),
    shell: timeOf('shell'),
    ratio: quantile(ratios, 0.5),
    spread: (quantile(ratios, 0.75) - quantile(ratios, 0.25)) / 2,
    late: quantile(ratios.slice(-tenth), 0.5) / quantile(ratios.slice(0, tenth), 0.5),
    memoryMb: Math.max(...turns.map(({ rss }) => rss)) / 1e6,
    most: { loose: Math.max(...turns.map(({ loose }) => loose)), objectMb: Math.max(...turns.map(({ objectMb }) => objectMb)) },
    end: sizesOf(join(bench.dir, '.git/objects')),
  };
}

function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
}
