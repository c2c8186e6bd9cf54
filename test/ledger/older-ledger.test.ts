import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { experimentsOf, makeProject, problemsOf, resume, run, set, stepsAgent } from '../helpers/project.ts';
import { gitEnv, type TestRepo } from '../helpers/repo.ts';

const LEDGER = 'refs/autoresearch/night/ledger';

/** Writes the ledger as versions did that knew neither the kind of an experiment nor what it was made on. */
function makeOlder(repo: TestRepo): void {
  const git = (args: string[], input = '') => execFileSync('git', args, { cwd: repo.dir, env: gitEnv(), input, encoding: 'utf8' }).trim();
  const without = (text: string, more: (object: Record<string, unknown>) => object = () => ({})) => {
    const { kind, basis: _basis, ...rest } = JSON.parse(text) as Record<string, unknown>;
    return JSON.stringify('id' in rest ? { ...rest, ...more({ kind }) } : JSON.parse(text));
  };
  let before: string | null = null;
  for (const commit of git(['rev-list', '--first-parent', '--reverse', LEDGER]).split('\n')) {
    const [, ...parents] = git(['rev-list', '--parents', '-1', commit]).split(' ');
    const kept = before === null ? parents : parents.slice(1);
    const record = without(git(['show', `${commit}:record.json`]));
    const log = git(['rev-parse', `${commit}:log.txt`]);
    const message = git(['log', '-1', '--format=%B', commit]).replace(/^Autoresearch-Summary: (.*)$/m, (_, summary: string) => {
      const { incumbent: _incumbent, ...older } = JSON.parse(
        without(summary, ({ kind }) => (kind === 'control' ? { control: true } : {})),
      ) as Record<string, unknown>;
      return `Autoresearch-Summary: ${JSON.stringify(older)}`;
    });
    const tree = git(
      ['mktree'],
      `100644 blob ${git(['hash-object', '-w', '--stdin'], record)}\trecord.json\n100644 blob ${log}\tlog.txt\n`,
    );
    before = git(['commit-tree', tree, ...[...(before === null ? [] : [before]), ...kept].flatMap((id) => ['-p', id])], `${message}\n`);
  }
  repo.git('update-ref', LEDGER, before ?? '');
}

it('verifies, reads and resumes a ledger of an older version as its own', async () => {
  const repo = makeProject({
    agent: stepsAgent([set(0.5), set(0.7), set('x'), set(0.4), set(0.3), set(0.2), set(0.1), set(0.05), set(0.02), set(0.01)]),
    noise: { sigma: 0.01, controlEvery: 2 },
    budget: { experiments: 4 },
  });
  const { experiments } = await run(repo.dir);
  expect(new Set(experiments.map(({ kind }) => kind))).toEqual(new Set(['baseline', 'control', 'change']));
  makeOlder(repo);
  expect(repo.git('show', `${LEDGER}~1:record.json`)).not.toMatch(/"kind": ?"(baseline|control|change)"/);
  expect(await problemsOf(repo.dir)).toEqual([]);
  expect(await experimentsOf(repo.dir)).toEqual(experiments);
  const resumed = await resume(repo.dir, { budget: { experiments: 6 } });
  expect(resumed.experiments.slice(0, experiments.length)).toEqual(experiments);
  expect(resumed.experiments.filter(({ kind }) => kind === 'change')).toHaveLength(6);
  expect(await problemsOf(repo.dir)).toEqual([]);
});
