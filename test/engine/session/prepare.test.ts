import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { makeProject, resume, run, set, stepsAgent } from '../../helpers/project.ts';
import { runCli, startCli } from '../../helpers/run-cli.ts';

const COUNTING = 'echo making "$PWD"; echo "${OF_THE_PERSON:-none}" >> calls; mkdir -p data && echo 3 > data/loss';
const READING = {
  use: 'command',
  with: { run: ['sh', '-c', 'echo "${OF_THE_PERSON:-hidden}"; echo "loss: $(cat data/loss)"'] },
  timeout: '20s',
};
const ignored = { '.gitignore': 'data\ncalls\n' };
const preparing = (script: string, more: object = {}) =>
  makeProject({ prepare: ['sh', '-c', script], trainer: READING, workspace: { link: ['data'] }, ...more }, ignored);

afterEach(() => {
  delete process.env['OF_THE_PERSON'];
});

describe('prepare', () => {
  it('makes what is linked, in the project’s own folder and with the person’s environment, before every session', async () => {
    process.env['OF_THE_PERSON'] = 'key';
    const repo = preparing(COUNTING, { agent: stepsAgent([set(2)], { first: 0 }) });
    const { messages, experiments } = await run(repo.dir);
    expect(messages).toContain(`prepare: making ${repo.dir}`);
    expect(experiments[0]?.metrics['loss']).toBe(3);
    await resume(repo.dir, { budget: { experiments: 1 } });
    expect(readFileSync(join(repo.dir, 'calls'), 'utf8')).toBe('key\nkey\n');
  });

  it('that fails keeps the run from being opened', async () => {
    const repo = preparing('echo no network; exit 4');
    const messages: string[] = [];
    await expect(run(repo.dir, { messages })).rejects.toMatchObject({
      code: 'PREPARE_FAILED',
      message: 'prepare: `sh -c echo no network; exit 4` ended with exit code 4',
    });
    expect(messages).toEqual([expect.stringMatching(/^sandbox: /), 'prepare: no network']);
    expect(repo.git('for-each-ref', 'refs/autoresearch')).toBe('');
    await expect(run(preparing('true').dir)).rejects.toMatchObject({ code: 'LINK_MISSING' });
    await expect(run(makeProject({ prepare: ['no-such-program'] }).dir)).rejects.toMatchObject({
      message: 'prepare: `no-such-program` could not be started (ENOENT)',
    });
  });

  it('is not called by check, and is by check --measure', async () => {
    const repo = preparing(COUNTING);
    expect((await runCli(['check'], { cwd: repo.dir })).code).toBe(0);
    expect(existsSync(join(repo.dir, 'data'))).toBe(false);
    const measured = await runCli(['check', '--measure', '2'], { cwd: repo.dir });
    expect([measured.code, measured.stderr]).toEqual([0, expect.stringContaining('prepare: making')]);
  });

  it('is said by check, without being called, where `prepared` tells how far it is', async () => {
    const prepared = ['sh', '-c', 'echo looking; test -e data/loss || { echo no data yet; exit 1; }; echo one row'];
    const repo = preparing(COUNTING, { prepared });
    const before = await runCli(['check'], { cwd: repo.dir });
    expect(before).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^prepared {3}no data yet; autoresearch run prepares it first$/m),
    });
    expect(existsSync(join(repo.dir, 'data'))).toBe(false);
    await run(repo.dir, {});
    expect((await runCli(['check'], { cwd: repo.dir })).stdout).toMatch(/^prepared {3}one row$/m);
  });

  it('can be interrupted', async () => {
    const repo = preparing('echo started; sleep 60');
    const cli = startCli(['run'], { cwd: repo.dir });
    while (!cli.stderr().includes('prepare: started')) await new Promise((resolve) => setTimeout(resolve, 20));
    cli.child.kill('SIGINT');
    expect(await cli.ended).toMatchObject({ code: 130, stderr: expect.not.stringContaining('bug') });
  });
});
