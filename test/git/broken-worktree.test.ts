import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { removeBroken } from '../../src/git/worktree-folder.ts';
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
