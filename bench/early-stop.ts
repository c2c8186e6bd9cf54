/**
 * What early stopping buys on tiny-lm: the same search with and without the pruner, side by side,
 * for the same time. Prints experiments an hour and the quality reached, measured again on fresh seeds.
 * Usage: node bench/early-stop.ts [seconds for each run, default 120] [pairs of runs, default 3]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Status } from '../src/views/status.ts';

const root = join(import.meta.dirname, '..');
const cli = join(root, 'dist/src/cli.js');
const seconds = Number(process.argv[2] ?? 120);
const pairs = Number(process.argv[3] ?? 3);
const FRESH = [9001, 9002, 9003];

interface Result {
  readonly perHour: number;
  readonly score: number;
  readonly stopped: number;
}

/** One run in a project of its own; its best commit is then trained again with seeds the run never used. */
function measure(withPruner: boolean, seed: number): Result {
  // Inside the checkout, so that the text is the same for all: the packages of this checkout.
  const home = mkdtempSync(join(root, '.bench-'));
  try {
    const cwd = join(home, 'tiny-lm');
    const run = (...args: string[]) =>
      execFileSync(process.execPath, [cli, ...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
    execFileSync(process.execPath, [cli, 'init', cwd, '--preset', 'tiny-lm'], { cwd: home });
    execFileSync('git', ['init', '-q'], { cwd });
    execFileSync('git', ['add', '-A'], { cwd });
    execFileSync('git', ['-c', 'user.name=b', '-c', 'user.email=b@localhost', 'commit', '-qm', 'start'], { cwd });
    const gates = `[{ use: posterior }${withPruner ? ", { use: pruner, with: { shadowRuns: 5, skipParams: ['USE_*', ORDERS, HASH_BITS] } }" : ''}]`;
    run(
      'run',
      '--name',
      'bench',
      '--time',
      `${seconds}s`,
      '--set',
      `seed=${seed}`,
      '--set',
      `gates=${gates}`,
      '--set',
      'budget.experiments=100000',
    );
    const { experiments, used, incumbent } = JSON.parse(run('status', '--json')) as Status;
    const reasons = (JSON.parse(run('log', '--json')) as { reason: { code: string } }[]).map((experiment) => experiment.reason.code);
    execFileSync('git', ['checkout', '-q', incumbent?.commit ?? 'HEAD'], { cwd });
    const scores = FRESH.map((fresh) => {
      const out = execFileSync(process.execPath, ['train.mjs'], {
        cwd,
        encoding: 'utf8',
        env: { ...process.env, AUTORESEARCH_SEED: String(fresh) },
      });
      return Number(/^val_bpb:\s+(\S+)/m.exec(out)?.[1]);
    });
    const stopped = reasons.filter((code) => code === 'HOPELESS').length;
    return {
      perHour: (3600 * experiments.done) / used.seconds,
      score: scores.reduce((sum, score) => sum + score, 0) / scores.length,
      stopped,
    };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

const results = { without: [] as Result[], with: [] as Result[] };
for (let pair = 0; pair < pairs; pair++) {
  // Turn about, so that a drifting machine hits both alike.
  const order = pair % 2 === 0 ? (['without', 'with'] as const) : (['with', 'without'] as const);
  for (const arm of order) {
    const result = measure(arm === 'with', pair + 1);
    results[arm].push(result);
    console.log(
      `pair ${pair + 1} ${arm.padEnd(7)} ${result.perHour.toFixed(0).padStart(5)} experiments an hour, val_bpb ${result.score.toFixed(4)}, ${result.stopped} stopped early`,
    );
  }
}
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const speed = mean(results.with.map((result) => result.perHour)) / mean(results.without.map((result) => result.perHour));
const quality = mean(results.with.map((result) => result.score)) / mean(results.without.map((result) => result.score));
console.log(
  `\nwith the pruner: ${(100 * (speed - 1)).toFixed(1)} % more experiments an hour, val_bpb ${(100 * (quality - 1)).toFixed(2)} % (below 0 is better)`,
);
