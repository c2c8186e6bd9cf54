/** Portfolios of two programs, by the real command line. */
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { until } from '../helpers/processes.ts';
import { experimentsOf, makeProject, problemsOf } from '../helpers/project.ts';
import { makeFolder } from '../helpers/repo.ts';
import { runCli, startCli } from '../helpers/run-cli.ts';

const EXPERIMENTS = 30;
const agents = [
  { use: 'command', name: 'useless', with: { run: ['sh', 'useless.sh'] } },
  { use: 'command', name: 'good', with: { run: ['sh', 'good.sh'] } },
];
const make = () =>
  makeProject(
    { agent: { use: 'portfolio', with: { agents } }, budget: { experiments: EXPERIMENTS } },
    {
      'good.sh': 'value=$(cat value.txt); awk "BEGIN { print $value * 0.9 }" > value.txt\n',
      'useless.sh': 'value=$(cat value.txt); awk "BEGIN { print $value * 1.1 }" > value.txt\n',
    },
  );
const agentsOf = async (dir: string) => (await experimentsOf(dir)).slice(1).map(({ proposal }) => proposal.agent);

it('gives the good one most of the experiments, and goes on after a kill as it would have without', async () => {
  const [whole, killed] = [make(), make()];
  const done = await runCli(['run', '--name', 'night'], { cwd: whole.dir });
  expect(done.code).toBe(0);
  const asked = await agentsOf(whole.dir);
  expect(asked).toHaveLength(EXPERIMENTS);
  expect(asked.filter((agent) => agent === 'good').length).toBeGreaterThan(EXPERIMENTS / 2);
  expect(new Set(asked)).toEqual(new Set(['good', 'useless']));

  const cli = startCli(['run', '--name', 'night'], { cwd: killed.dir });
  const settled = () => killed.git('for-each-ref', '--format=%(subject)', 'refs/autoresearch/night/ledger');
  await until('ten experiments', () => /^#[12]\d /.test(settled()));
  cli.child.kill('SIGKILL');
  await cli.ended;
  expect((await runCli(['resume'], { cwd: killed.dir })).code).toBe(0);
  expect(await agentsOf(killed.dir)).toEqual(asked);
  expect(await problemsOf(killed.dir)).toEqual([]);

  const check = await runCli(['check'], { cwd: killed.dir });
  expect(check.stdout).toContain('agent      portfolio of useless, good\n');
  const status = await runCli(['status'], { cwd: killed.dir });
  expect(status.stdout).toMatch(/agents +\w+ \d+ \(\d+ kept\), \w+ \d+ \(\d+ kept\)\n/);
  expect(status.stdout).toMatch(/useless \d+ \(0 kept\)/);
});

it('goes on without a program that is gone, and gives crashes back to the program that made them', async () => {
  const leaving = join(makeFolder(), 'leaving.sh');
  writeFileSync(leaving, '#!/bin/sh\nrm "$0"\necho 0.995 > value.txt\n');
  chmodSync(leaving, 0o755);
  const repo = makeProject(
    {
      agent: {
        use: 'portfolio',
        with: {
          agents: [
            { use: 'command', name: 'leaving', with: { run: [leaving] } },
            { use: 'command', name: 'mender', fixAttempts: 1, with: { run: ['sh', 'mender.sh'] } },
          ],
        },
      },
      budget: { experiments: 8 },
      // The program is outside the project, and takes itself away.
      sandbox: 'off',
    },
    {
      'mender.sh':
        'id=$(grep -m1 "experiment.:" "$AUTORESEARCH_CONTEXT" | tr -dc 0-9)\nif grep -q boom value.txt; then echo "0.$((99 - id))" > value.txt; else echo "boom $id" > value.txt; fi\n',
      'train.sh': 'grep -q boom value.txt && exit 3; echo "loss: $(cat value.txt)"\n',
    },
  );
  const { code, stderr } = await runCli(['run', '--name', 'night'], { cwd: repo.dir });
  expect(code).toBe(0);
  expect(stderr.match(/agent leaving is not asked again: not-installed/g)).toHaveLength(1);
  const experiments = (await experimentsOf(repo.dir)).slice(1);
  const [own, mended] = ['leaving', 'mender'].map((name) => experiments.filter(({ proposal }) => proposal.agent === name));
  expect(own).toHaveLength(1);
  expect(mended).toHaveLength(7);
  for (const { verdict, crashed } of mended ?? []) expect([verdict, crashed?.length]).toEqual(['keep', 1]);
  expect(experiments.flatMap(({ proposal }) => proposal.declined ?? [])).toMatchObject([{ agent: 'leaving', kind: 'not-installed' }]);
  expect(await problemsOf(repo.dir)).toEqual([]);
});
