/** What trials leave in their worktree that is hard to remove, as a user whom permissions stop. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { experimentsOf, makeProject, problemsOf, run, set, stepsAgent, verdicts } from '../helpers/project.ts';
import { findOrdinaryUser, runCliAs } from '../helpers/ordinary-user.ts';
import { makeFolder, snapshot } from '../helpers/repo.ts';

// Whole runs, several in some tests, however busy the machine is.
vi.setConfig({ testTimeout: 900_000 });

const user = findOrdinaryUser();
const KEPT = ['#0 keep BASELINE', '#1 keep IMPROVED', '#2 keep IMPROVED'];

/** What a trial does beside printing its number. */
const LEFT: Readonly<Record<string, string>> = {
  'a read-only folder with a file in it': 'mkdir -p cache/mod && touch cache/mod/file && chmod 555 cache/mod cache',
  'a folder that nobody may enter': 'mkdir -p cache/mod && touch cache/mod/file && chmod 0 cache/mod',
  'a folder of the commit made read-only': 'touch lib/more && chmod 555 lib',
  'files that nobody may read': 'chmod 0 value.txt lib/part.txt',
  'a read-only worktree': 'touch here && chmod 555 .',
  '3,000 folders in one another': `${process.execPath} -e 'for (let n = 0; n < 3000; n++) { fs.mkdirSync("deeper"); process.chdir("deeper") }'`,
};

const trainer = (script: string) => ({
  use: 'command',
  with: { run: ['sh', '-c', `echo "loss: $(cat value.txt)"; ${script}`] },
  timeout: '60s',
});

describe.skipIf(typeof user === 'string')(
  `an ordinary user (${typeof user === 'string' ? user : 'is there'}), and a trial that leaves`,
  () => {
    it.each(Object.entries(LEFT))('%s: the run goes on', async (_name, script) => {
      if (typeof user === 'string') return;
      const dir = makeFolder();
      const repo = makeProject(
        { agent: stepsAgent([set(0.5), set(0.25)]), trainer: trainer(script), sandbox: 'off' },
        {},
        join(dir, 'project'),
      );
      user.own(dir);
      const { code, stderr } = await runCliAs(user, ['run', '--name', 'night'], { cwd: repo.dir });
      expect([code, stderr]).toEqual([0, expect.not.stringContaining('bug in autoresearch')]);
      user.own(dir);
      const resumed = await runCliAs(user, ['resume', 'night'], { cwd: repo.dir });
      expect([resumed.code, resumed.stderr]).toEqual([0, expect.not.stringContaining('bug')]);
      user.giveBack(dir);
      expect(verdicts(await experimentsOf(repo.dir))).toEqual(KEPT);
      expect(await problemsOf(repo.dir)).toEqual([]);
      expect(readdirSync(join(repo.dir, '.autoresearch/night/worktrees'))).toEqual([]);
      expect(repo.git('worktree', 'list', '--porcelain').match(/^worktree /gm)).toHaveLength(1);
    });

    it('what the agent may not have read is part of its change all the same', async () => {
      if (typeof user === 'string') return;
      const dir = makeFolder();
      const agent = stepsAgent([{ bash: 'mkdir hidden && echo 1 > hidden/file && chmod 0 hidden; echo 0.5 > value.txt' }, set(0.25)]);
      const repo = makeProject({ agent, sandbox: 'off' }, {}, join(dir, 'project'));
      user.own(dir);
      const { code } = await runCliAs(user, ['run', '--name', 'night'], { cwd: repo.dir });
      expect(code).toBe(0);
      user.giveBack(dir);
      expect(verdicts(await experimentsOf(repo.dir))).toEqual(['#0 keep BASELINE', '#1 discard OUT_OF_SCOPE', '#2 keep IMPROVED']);
    });
  },
);

/** Only root may make files immutable. */
const CHATTR = process.getuid?.() === 0 && isImmutableHere();

describe.skipIf(!CHATTR)('an immutable', () => {
  it.each([
    ['file', 'touch stone && chattr +i stone'],
    ['worktree', 'touch stone && chattr +i .'],
  ])('%s: the run goes on in a new worktree, and says where the old one is', async (_name, script) => {
    const repo = makeProject({ agent: stepsAgent([set(0.5), set(0.25)]), trainer: trainer(script), sandbox: 'off' });
    onTestFinished(() => void execFileSync('chattr', ['-R', '-i', join(repo.dir, '.autoresearch')], { stdio: 'ignore' }));
    const before = snapshot(repo.dir);
    const { experiments, messages } = await run(repo.dir);
    expect(verdicts(experiments)).toEqual(KEPT);
    expect(messages.join('\n')).toMatch(/cannot be removed; they are now in .*\.left-1/);
    expect(await problemsOf(repo.dir)).toEqual([]);
    execFileSync('chattr', ['-R', '-i', join(repo.dir, '.autoresearch')]);
    expect(snapshot(repo.dir)).toEqual(before);
  });
});

function isImmutableHere(): boolean {
  const dir = execFileSync('mktemp', ['-d'], { encoding: 'utf8' }).trim();
  try {
    execFileSync('chattr', ['+i', dir], { stdio: 'ignore' });
    execFileSync('chattr', ['-i', dir]);
    return true;
  } catch {
    return false;
  } finally {
    if (existsSync(dir)) execFileSync('rm', ['-rf', dir]);
  }
}
