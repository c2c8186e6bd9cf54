import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeFolder } from '../../helpers/repo.ts';
import { makeProject, problemsOf, run, stepsAgent } from '../../helpers/project.ts';

it('with lookahead, an agent proposes the next experiment while a trial runs, and it is compared with the incumbent of its verdict', async () => {
  const folder = makeFolder();
  const calls = join(folder, 'calls');
  // The first change trains until the agent was asked for the second one, or for a minute or so.
  const script = `[ "$AUTORESEARCH_EXPERIMENT" != 1 ] || for i in $(seq 1000); do grep -q 2 ${calls} && break; sleep 0.05; done
    echo "loss: $(cat value.txt)"`;
  const repo = makeProject({
    lookahead: 1,
    agent: stepsAgent([{ bash: 'echo 0.5 > value.txt' }, { bash: 'echo 0.6 > value.txt' }], { calls }),
    trainer: { use: 'command', with: { run: ['bash', '-c', script] }, timeout: '5m' },
    workspace: { readable: [folder] },
    budget: { experiments: 2 },
  });
  const { experiments } = await run(repo.dir);
  expect(experiments.map(({ id, verdict, basis, incumbent }) => [id, verdict, basis.incumbent, incumbent?.id])).toEqual([
    [0, 'keep', null, undefined],
    [1, 'keep', 0, 0],
    // Better than its basis, and not than what was kept meanwhile.
    [2, 'discard', 0, 1],
  ]);
  expect(await problemsOf(repo.dir)).toEqual([]);
});

it('the next trial begins while reporters are still told of a change that was discarded', async () => {
  const folder = makeFolder();
  const reporter = `
import { existsSync, existsSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
export default {
  kind: 'reporter', name: 'slow', apiVersion: 1, description: 'd', schema: false,
  create: () => ({
    async settled({ id }) {
      for (let tries = 0; id === 1 && tries < 1000 && !existsSync('${folder}/met'); tries++) {
        if (existsSync('${folder}/2')) writeFileSync('${folder}/met', '');
        await sleep(50);
      }
    },
  }),
};`;
  const repo = makeProject(
    {
      lookahead: 1,
      agent: stepsAgent([{ bash: 'echo 1.5 > value.txt' }, { bash: 'echo 0.6 > value.txt' }]),
      trainer: {
        use: 'command',
        with: { run: ['sh', '-c', `touch ${folder}/$AUTORESEARCH_EXPERIMENT; echo "loss: $(cat value.txt)"`] },
        timeout: '60s',
      },
      workspace: { writable: [folder] },
      reporters: [{ use: './slow.mjs' }],
      budget: { experiments: 2 },
    },
    { 'slow.mjs': reporter },
  );
  const { experiments } = await run(repo.dir);
  expect(experiments.map(({ verdict }) => verdict)).toEqual(['keep', 'discard', 'keep']);
  expect(existsSync(join(folder, 'met'))).toBe(true);
  expect(await problemsOf(repo.dir)).toEqual([]);
});
