import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeFolder } from '../../helpers/repo.ts';
import { makeProject, problemsOf, run, stepsAgent } from '../../helpers/project.ts';

/** Experiment 1 changes a data file while experiment 2 trains beside it; each waits for the other, for a minute or so at most. */
const script = (folder: string) => `
  touch ${folder}/$AUTORESEARCH_EXPERIMENT
  if [ "$AUTORESEARCH_EXPERIMENT" != 0 ]; then for i in $(seq 1000); do [ -e ${folder}/1 ] && [ -e ${folder}/2 ] && break; sleep 0.05; done; fi
  if [ "$AUTORESEARCH_EXPERIMENT" = 1 ]; then echo changed > data.txt; sleep 0.2; touch ${folder}/changed; fi
  if [ "$AUTORESEARCH_EXPERIMENT" = 2 ]; then for i in $(seq 1000); do [ -e ${folder}/changed ] && break; sleep 0.05; done; fi
  echo "loss: $(cat value.txt)"`;

it('without a sandbox, only the candidate that changed a shared file is discarded, and not the one that trained beside it', async () => {
  const folder = makeFolder();
  const repo = makeProject(
    {
      sandbox: 'off',
      slots: ['a', 'b'],
      agent: stepsAgent([{ bash: 'echo 0.5 > value.txt' }, { bash: 'echo 0.4 > value.txt' }]),
      trainer: { use: 'command', with: { run: ['bash', '-c', script(folder)] }, timeout: '5m' },
      workspace: { link: ['data.txt'] },
      budget: { experiments: 2 },
    },
    { 'data.txt': 'original\n', '.gitignore': 'data.txt\n' },
  );
  repo.write('data.txt', 'original\n');
  const { experiments } = await run(repo.dir);
  const reasonOf = (id: number) => experiments.find((experiment) => experiment.id === id)?.reason.code;
  expect([reasonOf(1), reasonOf(2)]).toEqual(['TAMPERED', 'IMPROVED']);
  expect(repo.read(join('data.txt'))).toBe('original\n');
  expect(await problemsOf(repo.dir)).toEqual([]);
});
