/**
 * The user's own git beside a run: objects that it removes are noticed at once, and the run's objects are packed without touching
 * the user's.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { experimentsOf, makeProject, problemsOf, resume, run, set, stepsAgent, verdicts } from '../helpers/project.ts';
import type { TestRepo } from '../helpers/repo.ts';

// Whole runs, several in some tests, however busy the machine is.
vi.setConfig({ testTimeout: 900_000 });

/** The commands that remove every unreachable object. */
const FORGET = 'git -C "$PROJECT" reflog expire --expire=now --expire-unreachable=now --all && git -C "$PROJECT" gc -q --prune=now';

function looseObjects({ dir }: TestRepo): string[] {
  const folder = join(dir, '.git/objects');
  const halves = readdirSync(folder).filter((name) => /^[0-9a-f]{2}$/.test(name));
  return halves.flatMap((half) => readdirSync(join(folder, half)).map((rest) => half + rest));
}

const packs = ({ dir }: TestRepo) => readdirSync(join(dir, '.git/objects/pack')).filter((name) => name.endsWith('.pack'));

it('gc --prune=now takes nothing of a run: not in a proposal, a mend, or a trial of candidate and incumbent in turns', async () => {
  const crash = { bash: 'echo crash > value.txt', fixes: [{ bash: `${FORGET}; echo 0.7 > value.txt` }] };
  const repo = makeProject({
    agent: stepsAgent([set(0.9), { bash: `echo 0.8 > value.txt; ${FORGET}` }, crash, set(0.6)], { canFix: 1 }),
    trainer: {
      use: 'command',
      with: { run: ['sh', '-c', `export PROJECT=$PWD/../../../..; ${FORGET}; v=$(cat value.txt); test $v != crash && echo "loss: $v"`] },
      timeout: '60s',
      interleave: true,
    },
    sandbox: 'off',
  });
  const { experiments } = await run(repo.dir);
  expect(verdicts(experiments)).toEqual(['#0 keep BASELINE', ...[1, 2, 3, 4].map((id) => `#${id} keep IMPROVED`)]);
  expect(experiments[3]?.crashed).toHaveLength(1);
  expect(await problemsOf(repo.dir)).toEqual([]);
  expect(repo.git('for-each-ref', 'refs/autoresearch/night/in-flight*')).toBe('');
});

it('objects that are gone end the run at once, and say so', async () => {
  // The blob of the first change: no later step of the run would read it.
  const lose = [
    'cd "$PROJECT"',
    'blob=$(git rev-parse refs/heads/autoresearch/night~1:value.txt)',
    'rm -f .git/objects/$(echo $blob | cut -c1-2)/$(echo $blob | cut -c3-)',
    'git repack -q 2>/dev/null; touch .git/objects/pack',
  ].join('; ');
  const repo = makeProject({
    agent: stepsAgent([set(0.9), set(0.8), { bash: `echo 0.7 > value.txt; ${lose}` }, set(0.6), set(0.5)]),
    sandbox: 'off',
  });
  await expect(run(repo.dir)).rejects.toMatchObject({ code: 'GIT_OBJECTS_MISSING', exitCode: 1 });
  const [stopped] = repo.git('log', '--format=%s', 'refs/autoresearch/night/ledger').split('\n');
  expect(stopped).toContain('objects of run night are missing');
  expect((await experimentsOf(repo.dir)).length).toBeLessThan(5);
});

it('a session packs what is its own, and leaves loose what is not', async () => {
  const steps = Array.from({ length: 60 }, (_, index) => set(100 - index));
  const repo = makeProject(
    { agent: stepsAgent(steps), sandbox: 'off', objective: { use: 'single', with: { metric: 'loss', direction: 'minimize' } } },
    { 'value.txt': '200\n' },
  );
  // An unreachable object, and one that only the user's branch refers to.
  repo.write('mine.txt', 'dangling\n');
  const dangling = repo.git('hash-object', '-w', 'mine.txt').trim();
  const theirs = repo.git('rev-parse', 'main', 'main^{tree}', 'main:value.txt').trim().split('\n');
  const { experiments } = await run(repo.dir);
  expect(experiments).toHaveLength(61);
  const loose = looseObjects(repo);
  expect(packs(repo)).toHaveLength(1);
  expect([dangling, ...theirs].filter((id) => !loose.includes(id))).toEqual([]);
  // What came after the packing of the last session is little.
  expect(loose.length).toBeLessThan(20);
  expect(await problemsOf(repo.dir)).toEqual([]);
  expect(() => repo.git('fsck', '--strict')).not.toThrow();
  const again = await resume(repo.dir);
  expect(again.experiments).toHaveLength(61);
  expect(packs(repo)).toHaveLength(1);
});
