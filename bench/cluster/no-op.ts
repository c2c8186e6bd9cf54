import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openGit } from '../../src/git/git.ts';
import { treeAt } from '../../src/git/pack-tree.ts';
import type { Trainer } from '../../src/plugin.ts';
import { makeContext, makeTrialRequest } from '../../src/testing.ts';
import { createFrom } from '../../src/testing/options.ts';
import type { Place } from './place.ts';

interface NoOps {
  readonly seconds: number;
  readonly plainSeconds: number;
  /** Of the two, round by round. */
  readonly ratio: number;
}

/** Medians of a trial that does nothing, from its submission to its result, in turns with the same by the engine's own means. */
export async function measureNoOps({ definition, options, plain }: Place, rounds: number): Promise<NoOps> {
  const dir = mkdtempSync(join(tmpdir(), 'autoresearch-bench-'));
  const trainer = createFrom(definition, { ...options, run: ['true'] }, makeContext({ projectDir: dir })) as Trainer;
  const git = openGit(dir);
  try {
    writeFileSync(join(dir, 'train.sh'), 'true\n');
    await git.run(['init', '-q']);
    await git.run(['add', 'train.sh']);
    const tree = treeAt(git, (await git.run(['write-tree'])).trim(), '');
    const trial = async (seed: number) => {
      const request = { cwd: dir, logFile: join(dir, 'log'), tree, seed, timeoutMs: 60_000, env: { PATH: process.env['PATH'] ?? '' } };
      const { exit } = await trainer.train(makeTrialRequest(request));
      if (exit !== 'completed') throw new Error(`a trial that does nothing ended as ${exit}`);
    };
    // The first connects, and copies what is kept there.
    await trial(0);
    await plain(0);
    const pairs = [];
    for (let round = 1; round <= rounds; round++) pairs.push([await timed(() => trial(round)), await timed(() => plain(0))] as const);
    return {
      seconds: median(pairs.map(([own]) => own)),
      plainSeconds: median(pairs.map(([, other]) => other)),
      ratio: median(pairs.map(([own, other]) => own / other)),
    };
  } finally {
    await trainer.dispose?.();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
