import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openGit } from '../../src/git/git.ts';
import { treeAt } from '../../src/git/pack-tree.ts';
import type { Trainer } from '../../src/plugin.ts';
import { makeContext, makeTrialRequest } from '../../src/testing.ts';
import { createFrom } from '../../src/testing/options.ts';
import type { Place } from './place.ts';
import { median, timed } from './time.ts';

/** Medians, in seconds, and of what one took of the other round by round. */
interface NoOps {
  readonly trial: number;
  readonly byHand: number;
  readonly plain: number;
  readonly ofByHand: number;
  readonly ofPlain: number;
}

/**
 * A trial that does nothing, from its submission to its result, in turns with the same by hand and with a job of the engine
 * that does nothing at all. Each trial has a commit of its own.
 */
export async function measureNoOps({ definition, options, plain, byHand }: Place, rounds: number): Promise<NoOps> {
  const dir = mkdtempSync(join(tmpdir(), 'autoresearch-bench-'));
  const repo = join(dir, 'repo');
  const run = { run: ['sh', 'train.sh'], outputs: ['metrics.json'], leaseSeconds: 120 };
  const trainer = createFrom(definition, { ...options, ...run }, makeContext({ projectDir: dir })) as Trainer;
  execFileSync('git', ['init', '-q', repo]);
  const git = openGit(repo);
  const commit = async (round: number) => {
    writeFileSync(join(repo, 'train.sh'), `echo ran\necho ${round} > metrics.json\n`);
    await git.run(['add', 'train.sh']);
    return (await git.run(['write-tree'])).trim();
  };
  const trial = async (round: number) => {
    const tree = treeAt(git, await commit(round), '');
    const files = { cwd: dir, logFile: join(dir, 'log'), jobsDir: join(dir, 'jobs'), tree };
    const request = { ...files, seed: round, timeoutMs: 120_000, env: { PATH: process.env['PATH'] ?? '' } };
    const seconds = await timed(async () => void (await trainer.train(makeTrialRequest(request))));
    expectResult(readFileSync(join(dir, 'log'), 'utf8') + readFileSync(join(dir, 'metrics.json'), 'utf8'), round);
    return seconds;
  };
  const hand = async (round: number) => {
    const tree = await commit(round);
    const archive = join(dir, 'by-hand.tar');
    return timed(async () => {
      execFileSync('git', ['-C', repo, 'archive', '-o', archive, tree]);
      expectResult(await byHand({ archive, tree }), round);
    });
  };
  try {
    // The first connects, and copies what is kept there.
    await trial(0);
    await hand(0);
    const all = [];
    for (let round = 1; round <= rounds; round++) {
      all.push({ trial: await trial(2 * round), byHand: await hand(2 * round + 1), plain: await timed(() => plain(0)) });
    }
    return {
      trial: median(all.map((one) => one.trial)),
      byHand: median(all.map((one) => one.byHand)),
      plain: median(all.map((one) => one.plain)),
      ofByHand: median(all.map((one) => one.trial / one.byHand)),
      ofPlain: median(all.map((one) => one.trial / one.plain)),
    };
  } finally {
    await trainer.dispose?.();
    rmSync(dir, { recursive: true, force: true });
  }
}

function expectResult(text: string, round: number): void {
  if (text !== `ran\n${round}\n`) throw new Error(`the trial of round ${round} gave ${JSON.stringify(text)}`);
}
