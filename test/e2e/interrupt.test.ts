import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { leftovers, until } from '../helpers/processes.ts';
import { experimentsOf, makeProject, problemsOf, resume, run, set, stepsAgent, verdicts } from '../helpers/project.ts';
import { makeFolder, snapshot } from '../helpers/repo.ts';
import { CLI, runCli, startCli } from '../helpers/run-cli.ts';
import { hasTerminal } from '../helpers/terminal.ts';
import { readProc } from '../../src/process/table.ts';

describe('Ctrl-C', () => {
  it('during the agent keeps nothing of its edits, and it is asked again', async () => {
    const calls = join(makeFolder(), 'calls');
    const repo = makeProject({ agent: stepsAgent([{ bash: 'echo 9 > value.txt; echo x > evil.txt', sleepMs: 600_000 }], { calls }) });
    const before = snapshot(repo.dir);
    const cli = startCli(['run', '--name', 'night'], { cwd: repo.dir });
    await until('the agent', () => existsSync(calls));
    cli.child.kill('SIGINT');
    const { code, stderr } = await cli.ended;
    expect([code, stderr]).toEqual([130, expect.stringContaining('SIGINT: stopping')]);
    expect(snapshot(repo.dir)).toEqual(before);
    expect(existsSync(join(repo.dir, '.autoresearch/night/worktrees/default'))).toBe(false);
    expect(await leftovers(repo.dir)).toEqual([]);
    const again = startCli(['resume'], { cwd: repo.dir });
    await until('the agent', () => readFileSync(calls, 'utf8') === '1\n1\n');
    again.child.kill('SIGTERM');
    expect((await again.ended).code).toBe(130);
    expect(verdicts(await experimentsOf(repo.dir))).toEqual(['#0 keep BASELINE']);
  });

  it.runIf(hasTerminal)('and a terminal that is closed come to the same', async () => {
    const calls = join(makeFolder(), 'calls');
    const repo = makeProject({ agent: stepsAgent([{ bash: 'echo 9 > value.txt', sleepMs: 600_000 }], { calls }) });
    const line = `exec '${process.execPath}' '${CLI}' run --name night`;
    const env = { ...process.env, SHELL: '/bin/sh', TERM: 'xterm-256color' };
    const terminal = spawn('script', ['-qec', line, '/dev/null'], { cwd: repo.dir, env, stdio: ['pipe', 'ignore', 'ignore'] });
    await until('the agent', () => existsSync(calls));
    const { pid } = JSON.parse(readFileSync(join(repo.dir, '.autoresearch/night/lock'), 'utf8')) as { pid: number };
    terminal.kill('SIGKILL');
    await until('the end of the run', () => readProc(pid) === null);
    const status = JSON.parse((await runCli(['status', '--json'], { cwd: repo.dir })).stdout) as object;
    expect(status).toMatchObject({ state: { kind: 'stopped', reason: { code: 'INTERRUPTED' } } });
    expect(existsSync(join(repo.dir, '.autoresearch/night/worktrees/default'))).toBe(false);
    expect(await leftovers(repo.dir)).toEqual([]);
  });

  it('during a trial keeps the candidate: resume measures the same commit, and asks nobody', async () => {
    const calls = join(makeFolder(), 'calls');
    const script =
      'if [ "$AUTORESEARCH_EXPERIMENT" = 1 ] && [ ! -e "$PWD"/../../../../go ]; then echo begun; sleep 60 & setsid sleep 60 & wait; fi; echo "loss: $(cat value.txt)"';
    const repo = makeProject(
      { agent: stepsAgent([set(0.5)], { calls }), trainer: { use: 'command', with: { run: ['bash', '-c', script] }, timeout: '90s' } },
      { '.gitignore': 'go\n' },
    );
    const cli = startCli(['run', '--name', 'night'], { cwd: repo.dir });
    const log = join(repo.dir, '.autoresearch/night/trial-default.log');
    await until('the trial', () => existsSync(log) && readFileSync(log, 'utf8').includes('begun'));
    cli.child.kill('SIGINT');
    expect((await cli.ended).code).toBe(130);
    expect(await leftovers(repo.dir)).toEqual([]);
    const pinned = repo.git('rev-parse', 'refs/autoresearch/night/in-flight').trim();
    repo.git('gc', '-q', '--prune=now');
    repo.write('go', '');
    const { experiments } = await resume(repo.dir);
    expect(experiments[1]).toMatchObject({ candidate: pinned, verdict: 'keep', score: { value: 0.5 } });
    expect(readFileSync(calls, 'utf8')).toBe('1\n2\n');
    expect(repo.git('for-each-ref', 'refs/autoresearch/night/in-flight')).toBe('');
    expect(await problemsOf(repo.dir)).toEqual([]);
  });

  it('before anything has begun ends at once, in good order', async () => {
    const repo = makeProject({ agent: stepsAgent([set(0.5)]) });
    const { end, experiments } = await run(repo.dir, { signal: AbortSignal.abort() });
    expect([end.outcome, experiments]).toEqual(['interrupted', []]);
    expect(verdicts((await resume(repo.dir)).experiments)).toEqual(['#0 keep BASELINE', '#1 keep IMPROVED']);
  });
});

describe('the exit code', () => {
  it.each([
    ['0 when the run stops by itself', { agent: stepsAgent([set(0.5)]) }, 0, ''],
    ['1 when the baseline fails', { trainer: { use: 'command', with: { run: ['false'] }, timeout: '5s' } }, 1, ''],
    ['1 when the agent fails', { agent: stepsAgent([{ failed: 'no key' }]) }, 1, 'AGENT_FAILED steps: auth: no key'],
    ['2 when the config is wrong', { budgets: {} }, 2, 'CONFIG_UNKNOWN_KEY'],
    ['3 when something is not there', { workspace: { link: ['data'] } }, 3, 'LINK_MISSING'],
  ])('is %s', async (_name, parts, code, says) => {
    const repo = makeProject(parts);
    const end = await runCli(['run', '--name', 'night'], { cwd: repo.dir });
    expect(end.code).toBe(code);
    expect(end.stderr).toContain(says);
    expect(end.stderr).not.toContain('This is a bug');
    expect(repo.git('status', '--porcelain')).toBe('');
  });
});
