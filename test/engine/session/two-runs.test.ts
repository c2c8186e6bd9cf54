import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeProject, stepsAgent } from '../../helpers/project.ts';
import { runCli, startCli } from '../../helpers/run-cli.ts';

it('warns the second of two runs in one project that they share the machine', async () => {
  const slow = {
    agent: stepsAgent([]),
    trainer: { use: 'command', with: { run: ['sh', '-c', 'touch ../../started; sleep 600'] }, timeout: '15m' },
    sandbox: 'off',
  };
  const { dir } = makeProject({ ...slow, budget: { experiments: 1 } });
  const first = startCli(['run', '--name', 'first'], { cwd: dir });
  await expect.poll(() => existsSync(join(dir, '.autoresearch/first/started'))).toBe(true);
  const second = await runCli(['run', '--name', 'second', '--set', 'trainer.with.run=[sh, train.sh]'], { cwd: dir });
  expect(second.stderr).toMatch(
    new RegExp(`^warning: run first also runs in this project \\(process ${first.pid}\\): they share the machine`, 'm'),
  );
  const measured = await runCli(['check', '--measure', '2', '--set', 'trainer.with.run=[sh, train.sh]'], { cwd: dir });
  expect(measured.stderr).toContain('warning: run first also runs in this project');
  first.child.kill('SIGINT');
  expect((await first.ended).code).toBe(130);
  const alone = await runCli(['run', '--name', 'third', '--set', 'trainer.with.run=[sh, train.sh]'], { cwd: dir });
  expect(alone.stderr).not.toContain('share the machine');
});
