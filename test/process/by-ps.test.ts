import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { isOnPath } from '../../src/init/on-path.ts';
import { foldersByLsof, markedByPs, startedByPs } from '../../src/process/by-ps.ts';

/** What macOS needs, with the programs of this machine: the options of `ps` differ a little, its columns do not. */
describe.skipIf(!isOnPath('ps') || !isOnPath('lsof'))('a process, as ps and lsof tell it', () => {
  const cwd = realpathSync(mkdtempSync(join(tmpdir(), 'autoresearch-ps-')));
  const value = `${process.pid}x`;
  const child = spawn('sleep', ['1000'], { cwd, env: { PATH: process.env['PATH'], A_MARKER: value, LAST: '1' } });
  const pid = child.pid ?? 0;
  afterAll(() => {
    child.kill('SIGKILL');
    rmSync(cwd, { recursive: true });
  });

  it('is found by a variable of its environment, and by the whole of it', () => {
    expect(markedByPs('A_MARKER=')).toContain(pid);
    expect(markedByPs(`A_MARKER=${value}\0`)).toEqual([pid]);
    expect(markedByPs(`A_MARKER=${process.pid}\0`)).toEqual([]);
  });

  it('has a folder and a name', () => {
    expect(foldersByLsof([pid])).toEqual([{ pid, command: 'sleep', cwd }]);
    expect(foldersByLsof([pid, 2 ** 22 + 1])).toHaveLength(1);
    expect(foldersByLsof([])).toEqual([]);
  });

  it('has a beginning until it is gone', async () => {
    expect(startedByPs(pid)).toMatch(/\d{4}$/);
    expect(startedByPs(pid)).toBe(startedByPs(pid));
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    expect(startedByPs(pid)).toBeNull();
  });
});
