import { expect, it } from 'vitest';
import { makeProject, run } from '../../helpers/project.ts';
import { runCli } from '../../helpers/run-cli.ts';

const SHOW = { use: 'command', with: { run: ['sh', '-c', 'echo "loss: $CUDA_VISIBLE_DEVICES"'] }, timeout: '20s' };

async function lossIn(slots: string[], env: string[] = []) {
  const { experiments } = await run(makeProject({ slots, trainer: SHOW, workspace: { env } }).dir);
  return experiments[0]?.metrics['loss'];
}

it('a slot called cuda:N shows a trial that card and no other', async () => {
  process.env['CUDA_VISIBLE_DEVICES'] = '9';
  try {
    expect(await lossIn(['cuda:3'])).toBe(3);
    expect(await lossIn(['cuda:0'], ['CUDA_VISIBLE_DEVICES'])).toBe(0);
    expect(await lossIn(['default']), 'it is passed without being named').toBe(9);
  } finally {
    delete process.env['CUDA_VISIBLE_DEVICES'];
  }
});

it('check names the slots, where there are several', async () => {
  const { dir } = makeProject({ slots: { count: 3 }, lookahead: 1 });
  const { stdout } = await runCli(['check'], { cwd: dir });
  expect(stdout).toContain('slots      3 side by side: slot-1, slot-2, slot-3; 1 proposal ahead for each');
  const { stdout: json } = await runCli(['check', '--json'], { cwd: dir });
  expect(JSON.parse(json)).toMatchObject({ slots: ['slot-1', 'slot-2', 'slot-3'], lookahead: 1 });
});
