import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { makeProject, problemsOf, set, stepsAgent } from '../../helpers/project.ts';
import { runCli, startCli } from '../../helpers/run-cli.ts';

/** The first run is prepared until the file `go` is there, as one that downloads its data; later ones at once. */
const PREPARE = 'if mkdir first 2>/dev/null; then until [ -e go ]; do sleep 0.05; done; fi';
/** The trial of the baseline of the second run takes until the file `end` is there. */
const TRAIN = 'until [ -e "$PWD"/../../../../end ]; do sleep 0.05; done; echo "loss: $(cat value.txt)"';

function makeSlow() {
  const { dir, git } = makeProject(
    {
      prepare: ['sh', '-c', PREPARE],
      agent: stepsAgent([set(0.5)]),
      trainer: { use: 'command', with: { run: ['sh', '-c', TRAIN] }, timeout: '10m' },
      sandbox: 'off',
    },
    { '.gitignore': 'first\ngo\nend\n' },
  );
  const at = (name: string) => join(dir, name);
  const make = (name: string) => writeFileSync(at(name), '');
  const runs = () =>
    [...git('for-each-ref', 'refs/autoresearch').matchAll(/refs\/autoresearch\/(.+)\/ledger$/gm)].map(([, run = '']) => run);
  const start = (...args: string[]) => {
    const cli = startCli(['run', ...args], { cwd: dir });
    onTestFinished(() => void cli.child.kill('SIGINT'));
    return cli;
  };
  return { dir, make, runs, start, isPreparing: () => expect.poll(() => existsSync(at('first'))).toBe(true) };
}

it('a run without a name gets the next one, where another has taken its name while it was prepared', async () => {
  const { dir, make, runs, start, isPreparing } = makeSlow();
  const first = start();
  await isPreparing();
  const second = start();
  await expect.poll(runs).toHaveLength(1);
  make('end');
  expect((await second.ended).code).toBe(0);
  make('go');
  const { code, stderr } = await first.ended;
  expect(code, stderr).toBe(0);
  expect(runs()).toHaveLength(2);
  for (const run of runs()) expect(await problemsOf(dir, run)).toEqual([]);
});

it('and where the other one is still at work', async () => {
  const { make, runs, start, isPreparing } = makeSlow();
  const first = start();
  await isPreparing();
  const second = start();
  await expect.poll(runs).toHaveLength(1);
  make('go');
  await expect.poll(runs).toHaveLength(2);
  make('end');
  expect([(await first.ended).code, (await second.ended).code]).toEqual([0, 0]);
});

it('a run with a name that another has taken meanwhile says so', async () => {
  const { dir, make, start, isPreparing } = makeSlow();
  const first = start('--name', 'night');
  await isPreparing();
  make('end');
  expect((await runCli(['run', '--name', 'night'], { cwd: dir })).code).toBe(0);
  make('go');
  expect(await first.ended).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('RUN_EXISTS there is a run "night" already') as unknown,
  });
  expect(await problemsOf(dir, 'night')).toEqual([]);
});
