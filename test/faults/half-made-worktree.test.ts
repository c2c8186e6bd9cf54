import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { experimentsOf, makeProject, problemsOf, RUN, set, stepsAgent, verdicts } from '../helpers/project.ts';
import { runCli } from '../helpers/run-cli.ts';

/** What `git worktree add` leaves on a disk that is full from the moment it writes `commondir`. */
function leaveHalfMade(dir: string, gitRevision: string): void {
  const [kept, place] = [join(dir, '.git/worktrees/default'), join(dir, '.autoresearch', RUN, 'worktrees/default')];
  for (const folder of [kept, place]) mkdirSync(folder, { recursive: true });
  const files = { gitdir: `${place}/.git\n`, HEAD: gitRevision, commondir: '', locked: 'initializing' };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(kept, name), text);
  writeFileSync(join(place, '.git'), `gitdir: ${kept}\n`);
}

it('a worktree that a full disk left half made is named by check, and removed by a run', async () => {
  const repo = makeProject({ agent: stepsAgent([set(0.5)]) });
  leaveHalfMade(repo.dir, repo.git('rev-parse', 'HEAD'));
  const checked = await runCli(['check'], { cwd: repo.dir });
  expect(checked.stderr).toMatch(/^GIT_WORKTREE_BROKEN .*commondir/m);
  expect(checked.stderr).toContain('autoresearch doctor --fix');
  const { code, stderr } = await runCli(['run', '--name', RUN], { cwd: repo.dir });
  expect([code, stderr.includes('GIT_')]).toEqual([0, false]);
  expect(verdicts(await experimentsOf(repo.dir))).toEqual(['#0 keep BASELINE', '#1 keep IMPROVED']);
  expect(await problemsOf(repo.dir)).toEqual([]);
});

it('the doctor removes it too, so that check passes', async () => {
  const repo = makeProject({ agent: stepsAgent([set(0.5)]) });
  leaveHalfMade(repo.dir, repo.git('rev-parse', 'HEAD'));
  expect((await runCli(['doctor', '--fix'], { cwd: repo.dir })).code).toBe(0);
  expect((await runCli(['check'], { cwd: repo.dir })).stderr).not.toContain('GIT_');
});
