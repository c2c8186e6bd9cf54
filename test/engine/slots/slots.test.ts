import { expect, it } from 'vitest';
import { makeProject, run } from '../../helpers/project.ts';

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
