/** File names are bytes: an agent, a trial or the project itself may have some that are not UTF-8. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { makeProject, problemsOf, resume, run, set, stepsAgent, verdicts } from '../helpers/project.ts';
import { openTestRepo } from '../helpers/repo.ts';

// Whole runs, several in some tests, however busy the machine is.
vi.setConfig({ testTimeout: 900_000 });

/** `caf?.txt` with the byte 0xe9, as a shell writes it. */
const NAME = "caf$(printf '\\351').txt";

it('a name that is not UTF-8 is committed, recorded readably, and ends nothing', async () => {
  const repo = makeProject(
    {
      agent: stepsAgent([
        { bash: `echo 0.5 > value.txt; echo x > lib/${NAME}` },
        { bash: `echo y >> lib/${NAME}; echo 0.4 > value.txt` },
        { bash: `echo x > ${NAME}; echo 0.3 > value.txt` },
        { bash: `rm lib/${NAME}; echo x > out-${NAME}.tmp; echo 0.2 > value.txt` },
        { bash: `echo x > 'lib/caf\\xe9.txt'; echo 0.1 > value.txt` },
      ]),
      trainer: {
        use: 'command',
        with: { run: ['sh', '-c', `echo "loss: $(cat value.txt)"; echo x > left-${NAME}; mkdir -p d-${NAME}; touch d-${NAME}/x`] },
        timeout: '20s',
      },
      budget: { experiments: 3 },
    },
    { '.gitignore': '*.tmp\n' },
  );
  const first = await run(repo.dir);
  const { experiments } = await resume(repo.dir, { budget: { experiments: 9 } });
  expect(verdicts(experiments)).toEqual([
    '#0 keep BASELINE',
    '#1 keep IMPROVED',
    '#2 keep IMPROVED',
    '#3 discard OUT_OF_SCOPE',
    '#4 keep IMPROVED',
    '#5 keep IMPROVED',
  ]);
  expect(first.experiments[1]?.changes.map(({ path }) => path)).toEqual(['lib/caf\\xe9.txt', 'value.txt']);
  expect(experiments[3]?.changes.map(({ path }) => path)).toEqual(['caf\\xe9.txt', 'value.txt']);
  expect(experiments[5]?.changes.map(({ path }) => path)).toEqual(['lib/caf\\\\xe9.txt', 'value.txt']);
  expect(repo.git('ls-tree', '-r', '--name-only', experiments[2]?.candidate ?? '', 'lib')).toContain('"lib/caf\\351.txt"');
  expect(repo.git('ls-tree', '-r', '--name-only', experiments[4]?.candidate ?? '', 'lib')).not.toContain('351');
  expect(await problemsOf(repo.dir)).toEqual([]);
});

it('a project that has such names can be worked on', async () => {
  const repo = makeProject({ agent: stepsAgent([set(0.5), { bash: `echo easy > ${NAME}; echo 0.1 > value.txt` }]) });
  writeFileSync(Buffer.concat([Buffer.from(`${repo.dir}/`), Buffer.from('caf\xe9.txt', 'latin1')]), 'fair\n');
  writeFileSync(Buffer.concat([Buffer.from(`${join(repo.dir, 'lib')}/`), Buffer.from('caf\xe9.txt', 'latin1')]), 'fair\n');
  openTestRepo(repo.dir).commit('names');
  const { experiments } = await run(repo.dir);
  expect(verdicts(experiments)).toEqual(['#0 keep BASELINE', '#1 keep IMPROVED', '#2 discard OUT_OF_SCOPE']);
  expect(repo.git('status', '--porcelain')).toBe('');
  expect(await problemsOf(repo.dir)).toEqual([]);
});
