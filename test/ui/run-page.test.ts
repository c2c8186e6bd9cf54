import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeProject, set, stepsAgent } from '../helpers/project.ts';
import { startCli } from '../helpers/run-cli.ts';

it('run --ui serves the page of the run while it works, and ends with it', async () => {
  const { dir } = makeProject({
    agent: stepsAgent([set(0.5), set(0.4)]),
    trainer: {
      use: 'command',
      with: { run: ['sh', '-c', 'until [ -e "$PWD"/../../../../go ]; do sleep 0.05; done; echo "loss: $(cat value.txt)"'] },
      timeout: '5m',
    },
    reporters: [{ use: 'terminal' }],
  });
  const cli = startCli(['run', '--name', 'night', '--ui'], { cwd: dir });
  let url: string | undefined;
  while (url === undefined && cli.child.exitCode === null) {
    url = /page: (http:\/\/127\.0\.0\.1:\d+\/\S+)/.exec(cli.stderr())?.[1];
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const answer = await fetch(url ?? '', { redirect: 'manual' });
  expect([answer.status, answer.headers.get('set-cookie')]).toEqual([303, expect.stringContaining('HttpOnly')]);
  writeFileSync(join(dir, 'go'), '');
  const { code, stderr } = await cli.ended;
  expect(code, stderr).toBe(0);
  await expect(fetch(url ?? '')).rejects.toThrow();
});
