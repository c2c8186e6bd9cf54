import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeProject, run, set, stepsAgent, verdicts } from '../../helpers/project.ts';

it('a change that was measured before on the same commit is not trained again', async () => {
  const { dir } = makeProject(
    {
      agent: stepsAgent([set(1), set(5), set(5), set(0.5), set(5)], { first: 0 }),
      trainer: { use: 'command', with: { run: ['sh', '-c', 'echo trained >> "$SEEN"; echo "loss: $(cat value.txt)"'] }, timeout: '20s' },
      workspace: { env: ['SEEN'] },
      sandbox: 'off',
      budget: { experiments: 4 },
    },
    {},
  );
  const seen = join(dir, '.git/trained');
  process.env['SEEN'] = seen;
  const { experiments } = await run(dir);
  delete process.env['SEEN'];
  expect(verdicts(experiments)).toEqual([
    '#0 keep BASELINE',
    '#1 discard NOT_BETTER',
    '#2 discard DUPLICATE',
    '#3 keep IMPROVED',
    // On another commit the same value is another change.
    '#4 discard NOT_BETTER',
  ]);
  expect(experiments[2]).toMatchObject({ candidate: null, reason: { text: 'the same change on the same parent was #1: discard, loss 5' } });
  expect(readFileSync(seen, 'utf8').trim().split('\n')).toHaveLength(4);
});
