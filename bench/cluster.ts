/**
 * What a trial that does nothing takes on a cluster, against the same job by the cluster's own commands. Both take turns on a
 * Slurm of one node that is started for it; the figure is the median of the turns' ratios.
 * Usage: node bench/cluster.ts [turns, default 10]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import slurmTrainer from '../plugins/trainers/slurm/index.ts';
import { openGit } from '../src/git/git.ts';
import { treeAt } from '../src/git/pack-tree.ts';
import { makeContext, makeTrialRequest } from '../src/testing/context.ts';
import { createFrom } from '../src/testing/options.ts';
import type { Trainer } from '../src/plugin.ts';
import { NO_SLURM, startSlurm, type Slurm } from '../test/helpers/slurm.ts';

const turns = Number(process.argv[2] ?? 10);
if (NO_SLURM !== null) throw new Error(NO_SLURM);

/** A job, asked for ten times a second until it is over: `sbatch --wait` itself looks only every few seconds. */
async function byHand(slurm: Slurm): Promise<void> {
  const id = slurm.call('sbatch', '--parsable', '--output=/dev/null', '--wrap=true').trim();
  while (!slurm.call('squeue', '--noheader', '--states=all', `--jobs=${id}`, '--format=%T').includes('COMPLETED')) await sleep(100);
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await run();
  return (performance.now() - began) / 1000;
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

const dir = mkdtempSync(join(tmpdir(), 'autoresearch-cluster-'));
const slurm = await startSlurm();
try {
  const git = (...args: string[]) => execFileSync('git', ['-c', 'user.name=b', '-c', 'user.email=b@localhost', ...args], { cwd: dir });
  git('init', '-q');
  writeFileSync(join(dir, 'train.sh'), 'true\n');
  git('add', '-A');
  git('commit', '-qm', 'start');
  const options = { folder: slurm.folder, bin: slurm.bin, run: ['sh', 'train.sh'], pollSeconds: 0.1 };
  const trainer = createFrom(slurmTrainer, options, makeContext({ projectDir: dir })) as Trainer;
  const tree = treeAt(openGit(join(dir, '.git')), 'HEAD', '');
  const trial = async (index: number) => {
    const outcome = await trainer.train(makeTrialRequest({ cwd: dir, logFile: join(dir, 'log'), tree, index, timeoutMs: 60_000 }));
    if (outcome.exit !== 'completed') throw new Error(`the trial ended as ${outcome.exit}: ${outcome.detail}`);
  };
  await trial(-1);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let turn = 0; turn < turns; turn++) {
    theirs.push(await timed(() => byHand(slurm)));
    ours.push(await timed(() => trial(turn)));
  }
  const ratio = median(ours.map((seconds, turn) => seconds / (theirs[turn] ?? NaN)));
  console.log(`no-op job of Slurm ${median(theirs).toFixed(2)} s, trial ${median(ours).toFixed(2)} s, ratio ${ratio.toFixed(2)}`);
  console.log(
    `sbatch --wait ${(await timed(async () => slurm.call('sbatch', '--wait', '--output=/dev/null', '--wrap=true'))).toFixed(2)} s`,
  );
} finally {
  await slurm.remove();
  rmSync(dir, { recursive: true, force: true });
}
