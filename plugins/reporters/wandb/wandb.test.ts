import { expect, it } from 'vitest';
import { makeContext, makePreflight, testPlugin } from '../../../src/testing.ts';
import { TryAgain } from '../_delivery/service.ts';
import wandb from './index.ts';
import { Python } from './python.ts';

testPlugin(wandb, {
  options: {
    valid: [{ patienceMs: 50 }, { project: 'nanochat', entity: 'team', mode: 'offline', tags: ['nightly'] }],
    invalid: [{ mode: 'disabled' }, { tags: 'nightly' }, { project: '' }],
  },
});

// That W&B takes it is tested with the real package in test/trackers.

it.each([
  ['/no/such/python', 'could not be started (ENOENT)'],
  ['/bin/false', 'has no package wandb'],
])('says before the run that %s will not do', async (python, what) => {
  const { preflight, problems } = makePreflight({});
  const options = { python, project: 'p', dir: 'd', tags: [], live: true, timeoutMs: 1, patienceMs: 1 };
  await wandb.create(options, makeContext({ projectDir: '/tmp' })).verify?.(preflight);
  expect(problems.map(({ code, message }) => [code, message])).toEqual([['REPORTER_NOT_READY', `wandb: ${python} ${what}`]]);
});

it('says why Python has ended, and can be started again', async () => {
  const python = new Python(makeContext({ projectDir: '/tmp' }), { python: 'python3', timeoutMs: 60_000 });
  for (let times = 0; times < 2; times++) {
    await python.start();
    await expect(python.ask({ op: 'open', dir: '/tmp', init: null })).rejects.toThrow(TryAgain);
    await python.close();
    await expect(python.ask({ op: 'log' })).rejects.toThrow('Python has ended');
  }
});
