import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { addWorktree } from '../../src/git/add-worktree.ts';
import { Checkout } from '../../src/git/checkout.ts';
import { openRepository } from '../../src/git/repository.ts';
import { removeAllBroken, removeBroken } from '../../src/git/worktree-folder.ts';
import { makeRepo } from '../helpers/repo.ts';

it.each(['commondir', 'HEAD'])('a worktree of ours whose %s a kill left empty is removed, and no other', (file) => {
  const repo = makeRepo({ 'a.txt': 'a\n' });
  const home = join(repo.dir, '.autoresearch/night/worktrees');
  const common = join(repo.dir, '.git');
  for (const dir of [
    join(home, 'slot-3'),
    join(home, 'slot-4'),
    join(repo.dir, 'theirs'),
    join(repo.dir, '.autoresearch/day/worktrees/slot-5'),
  ])
    repo.git('worktree', 'add', '-q', '--detach', dir);
  for (const name of ['slot-3', 'theirs']) writeFileSync(join(common, 'worktrees', name, file), '');
  removeBroken(common, home);
  const left = ['slot-3', 'slot-4', 'slot-5', 'theirs'].filter((name) => existsSync(join(common, 'worktrees', name)));
  expect(left).toEqual(['slot-4', 'slot-5', 'theirs']);
});

it('what a kill left of another run, or without a word whose it is, is removed too; not what git is making just now', async () => {
  const repo = makeRepo({ 'a.txt': 'a\n' });
  const common = join(repo.dir, '.git');
  const [night, day] = ['night', 'day'].map((run) => join(repo.dir, `.autoresearch/${run}/worktrees`)) as [string, string];
  repo.git('worktree', 'add', '-q', '--detach', join(day, 'slot-1'));
  rmSync(join(common, 'worktrees/slot-1/commondir'));
  for (const name of ['slot-2', 'slot-3']) {
    mkdirSync(join(common, 'worktrees', name));
    writeFileSync(join(common, 'worktrees', name, 'locked'), 'initializing');
  }
  const removal = removeAllBroken(common, night);
  // Git goes on with this one.
  for (const [file, text] of Object.entries({
    gitdir: join(day, 'slot-3/.git'),
    HEAD: repo.git('rev-parse', 'HEAD'),
    commondir: '../..',
  })) {
    writeFileSync(join(common, 'worktrees/slot-3', file), `${text.trim()}\n`);
  }
  await removal;
  expect(['slot-1', 'slot-2', 'slot-3'].filter((name) => existsSync(join(common, 'worktrees', name)))).toEqual(['slot-3']);
  repo.git('worktree', 'add', '-q', '--detach', join(night, 'slot-1'));
});

it('worktrees that are made at once, beside those of another git, are all made', async () => {
  const repo = makeRepo({ 'a.txt': 'a\n' });
  const repository = await openRepository(repo.dir);
  const head = repo.git('rev-parse', 'HEAD').trim();
  const others = join(repo.dir, 'others');
  const other = spawn('sh', ['-c', `for n in $(seq 40); do git worktree add -q --detach ${others}/o$n; done`], {
    cwd: repo.dir,
    stdio: 'ignore',
  });
  const ended = once(other, 'exit');
  const dirs = Array.from({ length: 24 }, (_, n) => join(repo.dir, `.autoresearch/night/worktrees/slot-${n}`));
  mkdirSync(dirname(dirs[0] ?? ''), { recursive: true });
  await Promise.all(dirs.map((dir) => addWorktree(repository, dir, head)));
  await ended;
  expect(dirs.filter((dir) => !existsSync(join(dir, 'a.txt')))).toEqual([]);
});

it('a worktree of ours is removed although git cannot read one of somebody else', async () => {
  const repo = makeRepo({ 'a.txt': 'a\n' });
  const repository = await openRepository(repo.dir);
  const dir = join(repo.dir, '.autoresearch/night/worktrees/slot-1');
  const checkout = await Checkout.open(repository, dir, repo.git('rev-parse', 'HEAD').trim(), () => {});
  repo.git('worktree', 'add', '-q', '--detach', join(repo.dir, 'theirs'));
  writeFileSync(join(repo.dir, '.git/worktrees/theirs/commondir'), '');
  await checkout.remove(repository);
  expect([dir, join(repo.dir, '.git/worktrees/slot-1')].filter((path) => existsSync(path))).toEqual([]);
});
