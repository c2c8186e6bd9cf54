import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { lockHolder, takeLock } from '../../src/ledger/lock.ts';
import { readProc } from '../../src/process/table.ts';
import { until } from '../helpers/processes.ts';
import { makeFolder } from '../helpers/repo.ts';

const holder = (parts: object = {}) =>
  JSON.stringify({ pid: process.pid, host: hostname(), started: readProc(process.pid)?.started ?? null, token: 'theirs', ...parts });

/** The pid of a process that has ended. */
async function deadPid(): Promise<number> {
  const child = spawn('true');
  await new Promise((resolve) => child.once('exit', resolve));
  return child.pid ?? 0;
}

describe('a lock', () => {
  it('is refused while its process lives, and free once it is released', () => {
    const file = join(makeFolder(), 'deep/lock');
    const lock = takeLock(file, 'mine');
    expect(lock.stale).toBeNull();
    expect(() => takeLock(file, 'other')).toThrow(`worked on by process ${process.pid} on ${hostname()}`);
    expect(lockHolder(file)?.pid).toBe(process.pid);
    lock.release();
    expect(existsSync(file)).toBe(false);
    expect(lockHolder(file)).toBeNull();
    takeLock(file, 'other').release();
  });

  it('of a dead process is taken over, and its token is told', async () => {
    const file = join(makeFolder(), 'lock');
    const pid = await deadPid();
    writeFileSync(file, holder({ pid }));
    const lock = takeLock(file, 'mine');
    expect(lock.stale).toEqual({ token: 'theirs', pid });
    lock.release();
    expect(readdirSync(join(file, '..'))).toEqual([]);
  });

  it.runIf(process.platform === 'linux')('of a dead process is free although nobody has taken note of its death', async () => {
    // A shell that becomes `tail` never asks for its child, which lives until its input ends.
    const parent = spawn('sh', ['-c', 'cat <&3 & echo $!; exec tail -f /dev/null'], { stdio: ['ignore', 'pipe', 'ignore', 'pipe'] });
    try {
      const [line] = (await once(parent.stdio[1] as Readable, 'data')) as [Buffer];
      const pid = Number(String(line));
      await until('the shell has become tail', () => readFileSync(`/proc/${parent.pid}/comm`, 'utf8') === 'tail\n');
      (parent.stdio[3] as Writable).end();
      await until('its child is dead', () => readFileSync(`/proc/${pid}/stat`, 'latin1').includes(') Z '));
      const file = join(makeFolder(), 'lock');
      writeFileSync(file, holder({ pid, started: '1' }));
      expect(lockHolder(file)).toBeNull();
    } finally {
      parent.kill('SIGKILL');
    }
  });

  it('of a dead process is told from a later process with its pid', () => {
    const file = join(makeFolder(), 'lock');
    writeFileSync(file, holder({ started: '1' }));
    expect(takeLock(file, 'mine').stale?.pid).toBe(process.pid);
  });

  it.each([{ pid: 0 }, { pid: -1 }, { pid: 1.5 }, { started: null }, { started: undefined }, { started: 7 }])(
    'that says %j is stale',
    (parts) => {
      const file = join(makeFolder(), 'lock');
      writeFileSync(file, holder(parts));
      expect(lockHolder(file)).toBeNull();
      takeLock(file, 'mine').release();
      expect(existsSync(file)).toBe(false);
    },
  );

  it('of another machine is dead when its heart has stopped', () => {
    const file = join(makeFolder(), 'lock');
    writeFileSync(file, holder({ host: 'elsewhere', pid: 1 }));
    expect(() => takeLock(file, 'mine')).toThrow('by process 1 on elsewhere');
    const before = new Date(Date.now() - 120_000);
    utimesSync(file, before, before);
    expect(takeLock(file, 'mine').stale?.token).toBe('theirs');
  });

  it.each(['', '{"pid":', 'null', '[]', '{}'])('that holds %j is no lock', (text) => {
    const file = join(makeFolder(), 'lock');
    writeFileSync(file, text);
    takeLock(file, 'mine').release();
    expect(existsSync(file)).toBe(false);
  });

  it('that was taken over by another is not released', () => {
    const file = join(makeFolder(), 'lock');
    const lock = takeLock(file, 'mine');
    writeFileSync(file, holder());
    lock.release();
    expect(existsSync(file)).toBe(true);
  });

  it('is taken though a process was killed in its turn to take it, by a clock that was an hour ahead', () => {
    const file = join(makeFolder(), 'lock');
    mkdirSync(`${file}.takeover`);
    const ahead = new Date(Date.now() + 3_600_000);
    utimesSync(`${file}.takeover`, ahead, ahead);
    takeLock(file, 'mine').release();
    expect(existsSync(`${file}.takeover`)).toBe(false);
  });

  it('of a dead process goes to one of many that want it at the same moment', async () => {
    const pid = await deadPid();
    for (let round = 0; round < 3; round++) {
      const folder = makeFolder();
      const [file, start] = [join(folder, 'lock'), join(folder, 'start')];
      writeFileSync(file, holder({ pid }));
      const children = Array.from({ length: 6 }, () =>
        spawn(process.execPath, [join(import.meta.dirname, '../fixtures/take-lock.ts'), file, start], {
          stdio: ['ignore', 'pipe', 'inherit'],
        }),
      );
      const said = children.map(() => '');
      children.forEach((child, index) => child.stdout.on('data', (chunk: Buffer) => (said[index] += String(chunk))));
      await until('all to be ready', () => said.every((text) => text.includes('ready')));
      writeFileSync(start, '');
      await until('all to have tried', () => said.every((text) => /taken|LOCKED|rror/.test(text)));
      for (const child of children) child.kill('SIGKILL');
      const answers = said.map((text) => text.replace('ready\n', '').trim()).sort();
      expect(answers).toEqual(['RUN_LOCKED', 'RUN_LOCKED', 'RUN_LOCKED', 'RUN_LOCKED', 'RUN_LOCKED', 'taken']);
    }
  });
});
