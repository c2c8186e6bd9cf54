/** A portfolio of two programs, by the real command line: one halves what it may, the other makes everything worse. */
import { expect, it } from 'vitest';
import { until } from '../helpers/processes.ts';
import { experimentsOf, makeProject, problemsOf } from '../helpers/project.ts';
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
  await until('ten experiments', () => /^#1\d /.test(settled()));
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
