import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exec } from '../../src/process/exec.ts';
import { createProcessSession } from '../../src/process/session.ts';
import { reapers } from '../../src/process/reaper.ts';
import { leftovers, until } from '../helpers/processes.ts';
import { makeFolder } from '../helpers/repo.ts';

/** Forks twice, into a session of its own and without an environment; then says that it is there. */
const hide = (more = '') => `(env -i setsid sh -c "(trap '' TERM; echo here > hidden; ${more} sleep 300) &" >/dev/null 2>&1 &)`;
const isHidden = (cwd: string) => until('the hidden process', () => existsSync(join(cwd, 'hidden')));
const waitForIt = 'until [ -e hidden ]; do sleep 0.01; done';

describe.skipIf(process.platform !== 'linux').each(reapers())('below $name', (reaper) => {
  it.each([
    ['exit 3', { exit: 'failed', exitCode: 3, signal: null }],
    ['true', { exit: 'completed', exitCode: 0, signal: null }],
    ['kill -KILL $$', { exit: 'failed', exitCode: null, signal: 'SIGKILL' }],
  ])('a program ends as it ends: %s', async (script, expected) => {
    expect(await exec(['sh', '-c', script], { reaper })).toMatchObject(expected);
  });

  it('a program has its input, output, folder and environment, and the mark', async () => {
    const cwd = makeFolder();
    const script = 'cat; echo "$PWD $NAME $AUTORESEARCH_PROCESS" >&2; yes 2>/dev/null | head -1';
    const { tail } = await exec(['sh', '-c', script], {
      reaper,
      cwd,
      env: { ...(process.env as Record<string, string>), NAME: 'a=b' },
      input: 'in\n',
      marker: 'm/1',
    });
    expect(tail.split('\n').toSorted()).toEqual(['', `${cwd} a=b m/1`, 'in', 'y']);
  });

  it('says nothing of its own, whatever the language is', async () => {
    const env = { PATH: process.env['PATH'] ?? '', LC_ALL: 'xx_YY.UTF-8' };
    const { tail } = await exec(['sh', '-c', 'env | sort'], { reaper, env, marker: 'm' });
    expect(tail.replace(/^(PWD|OLDPWD|SHLVL|_)=.*\n/gm, '')).toBe(`AUTORESEARCH_PROCESS=m\nLC_ALL=xx_YY.UTF-8\nPATH=${env.PATH}\n`);
  });

  it('nothing outlives the program, however it hides', async () => {
    const cwd = makeFolder();
    const { exit } = await exec(['sh', '-c', `${hide()}; ${waitForIt}`], { reaper, cwd });
    expect(exit).toBe('completed');
    expect(await leftovers(cwd)).toEqual([]);
  });

  it('nothing outlives a program that is ended, which may end by itself before', async () => {
    const cwd = makeFolder();
    const stop = new AbortController();
    const script = `trap 'echo asked > asked; exit' TERM; ${hide()}; ${waitForIt}; while :; do sleep 0.05; done`;
    const started = exec(['sh', '-c', script], { reaper, cwd, signal: stop.signal });
    await isHidden(cwd);
    stop.abort();
    expect((await started).exit).toBe('aborted');
    expect(existsSync(join(cwd, 'asked'))).toBe(true);
    expect(await leftovers(cwd)).toEqual([]);
  });

  it('nothing outlives a session that is ended at once', async () => {
    const cwd = makeFolder();
    const session = createProcessSession('reaped', { env: { PATH: process.env['PATH'] ?? '' }, redact: (text) => text });
    const started = session.exec(['sh', '-c', `${hide()}; sleep 300`], { reaper, cwd });
    await isHidden(cwd);
    session.killAll();
    await started;
    expect(await leftovers(cwd)).toEqual([]);
  });

  it('nothing outlives an engine that is killed', async () => {
    const cwd = makeFolder();
    writeFileSync(
      join(cwd, 'engine.mjs'),
      `import { spawn } from 'node:child_process';
       const { reapers } = await import(${JSON.stringify(join(import.meta.dirname, '../../src/process/reaper.ts'))});
       const [file, ...args] = reapers().find(({ name }) => name === ${JSON.stringify(reaper.name)}).wrap(['sh', '-c', ${JSON.stringify(`${hide()}; sleep 300`)}], 'A=b');
       spawn(file, args, { stdio: 'ignore', detached: true });`,
    );
    const engine = spawn(process.execPath, ['engine.mjs'], { cwd, stdio: 'ignore' });
    await isHidden(cwd);
    engine.kill('SIGKILL');
    expect(await leftovers(cwd)).toEqual([]);
  });

  it('memory of what hides is seen, and the limit ends it', async () => {
    const cwd = makeFolder();
    let seen = 0;
    // It stops at 800 MB: a limit that is not held must fail the test, not the machine.
    const hog = `"${process.execPath}" -e "const a = []; setInterval(() => a.length < 40 && a.push(Buffer.alloc(2e7, 1)), 20)"`;
    writeFileSync(join(cwd, 'hog.sh'), hog);
    const { exit } = await exec(['sh', '-c', `(env -i setsid sh -c "(sh hog.sh) &" &); sleep 300`], {
      reaper,
      cwd,
      limits: { maxMemoryMb: 300, folders: [], onOver: (_limit, mb) => (seen = mb) },
    });
    expect([exit, seen > 300]).toEqual(['failed', true]);
    expect(await leftovers(cwd)).toEqual([]);
  });
});
