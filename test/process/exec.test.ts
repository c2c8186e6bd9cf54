import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { exec, type SpawnOptions } from '../../src/process/exec.ts';
import { splitLines } from '../../src/process/lines.ts';
import { createProcessSession, endLeftovers } from '../../src/process/session.ts';
import { listProcesses } from '../../src/process/table.ts';
import { TailBuffer } from '../../src/process/tail-buffer.ts';
import { leftovers, processesAt, until } from '../helpers/processes.ts';
import { trainerFile } from '../helpers/project.ts';
import { makeFolder } from '../helpers/repo.ts';
import fc from 'fast-check';

const bash = (script: string, options: SpawnOptions = {}) => exec(['bash', '-c', script], options);
const script = (name: string, options: SpawnOptions) => exec(['bash', trainerFile(name)], options);

describe('a program', () => {
  it('gives its output, exit code and time', async () => {
    const result = await bash('echo out; echo err >&2; exit 3');
    expect(result).toMatchObject({ exit: 'failed', exitCode: 3, signal: null, outputBytes: 8, droppedBytes: 0 });
    expect(result.tail.split('\n').sort()).toEqual(['', 'err', 'out']);
    expect(result.seconds).toBeGreaterThan(0);
  });

  it.each([
    ['is not there', ['/no/such/program'], 'ENOENT'],
    ['is a folder', ['/'], 'EACCES'],
  ] as const)('that %s is a value, no exception', async (_name, argv, code) => {
    expect(await exec([...argv] as [string])).toMatchObject({ exit: 'failed', exitCode: null, spawnError: code });
  });

  it('whose folder is not there is a value, no exception', async () => {
    expect(await bash('true', { cwd: '/no/such/folder' })).toMatchObject({ exit: 'failed', spawnError: 'ENOENT' });
  });

  it('gets the environment it is given and no other', async () => {
    process.env['NOT_FOR_CHILDREN'] = '1';
    const { tail } = await exec(['/usr/bin/env'], { env: { GIVEN: 'yes' } });
    expect(tail).toContain('GIVEN=yes');
    expect(tail).not.toContain('NOT_FOR_CHILDREN');
  });

  it('gets its input, and may end without reading it', async () => {
    expect((await exec(['cat'], { input: 'hello' })).tail).toBe('hello');
    expect(await exec(['true'], { input: 'x'.repeat(2 ** 21) })).toMatchObject({ exit: 'completed' });
  });

  it.each(['hang.sh', 'fork-and-hang.sh', 'escape.sh', 'deaf.sh'])(
    '(%s) that takes too long is ended with all it has started',
    async (name) => {
      const cwd = makeFolder();
      expect(await script(name, { cwd, timeoutMs: 400 })).toMatchObject({ exit: 'timed-out' });
      expect(await leftovers(cwd)).toEqual([]);
    },
  );

  it('that is not wanted any more is ended, and one not begun is not started', async () => {
    const cwd = makeFolder();
    expect(await script('fork-and-hang.sh', { cwd, signal: AbortSignal.timeout(300) })).toMatchObject({ exit: 'aborted' });
    expect(await bash('touch here', { cwd, signal: AbortSignal.abort() })).toMatchObject({ exit: 'aborted', seconds: 0 });
    expect(await leftovers(cwd)).toEqual([]);
  });

  it('that ends well leaves nothing behind, and is not waited for by its children', async () => {
    const cwd = makeFolder();
    const result = await script('fork-and-end.sh', { cwd });
    expect(result).toMatchObject({ exit: 'completed', tail: 'loss: 0.5\n' });
    // Its children live for 300 seconds.
    expect(result.seconds).toBeLessThan(200);
    expect(await leftovers(cwd)).toEqual([]);
  });

  it('that floods is read in full, and kept in part: its start and its end', async () => {
    const logFile = join(makeFolder(), 'log');
    const result = await bash('echo first; head -c 5000000 /dev/zero | tr "\\0" x; echo; echo last', { logFile, maxLogBytes: 100_000 });
    const log = readFileSync(logFile, 'latin1');
    expect(result.outputBytes).toBe(5_000_012);
    expect(result.droppedBytes).toBe(4_900_012);
    expect([log.slice(0, 6), log.slice(-6), log.length < 100_100]).toEqual(['first\n', '\nlast\n', true]);
    expect(log).toContain('\n[4900012 bytes left out]\n');
    expect(result.tail.endsWith('\nlast\n')).toBe(true);
  });

  it('is watched for the memory of all its processes', async () => {
    const seen = join(makeFolder(), 'seen');
    const stays = `setInterval(() => fs.existsSync(${JSON.stringify(seen)}) && process.exit(), 50)`;
    const onLine = async () => {
      // It is looked at twice a second, by this very process.
      for (let look = 0; look < 3; look++) {
        await sleep(500);
        await listProcesses();
      }
      writeFileSync(seen, '');
    };
    const argv = [process.execPath, '-e', `Buffer.alloc(120e6, 1); console.log('full'); ${stays}`] as const;
    const { peakMemoryMb } = await exec([...argv], { onLine: () => void onLine() });
    expect(peakMemoryMb).toBeGreaterThan(120);
  });
});

describe('a session of processes', () => {
  it('ends all at once, and a later one finds what a dead one has left', async () => {
    const cwd = makeFolder();
    const session = createProcessSession('token-1', { env: { PATH: process.env['PATH'] ?? '' }, redact: (text) => text });
    const running = session.exec(['bash', trainerFile('escape.sh')], { cwd });
    await until('the children', () => processesAt(cwd).length >= 4);
    session.killAll();
    expect(await running).toMatchObject({ exit: 'failed', signal: 'SIGKILL' });
    expect(await leftovers(cwd)).toEqual([]);

    const left = exec(['bash', trainerFile('escape.sh')], { cwd, marker: 'token-2/x' });
    await until('the children', () => processesAt(cwd).length >= 4);
    expect(endLeftovers('token-1')).toBe(0);
    expect(endLeftovers('token-2')).toBeGreaterThanOrEqual(4);
    await left;
    expect(await leftovers(cwd)).toEqual([]);
  });
});

describe('lines', () => {
  it('are the same however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !/[\r\n]/.test(text))),
        fc.array(fc.nat(40)),
        (lines, cuts) => {
          const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
          const seen: string[] = [];
          const write = splitLines((line) => seen.push(line));
          let at = 0;
          for (const cut of cuts) write(bytes.subarray(at, (at += cut)));
          write(bytes.subarray(at));
          expect(seen).toEqual(lines);
        },
      ),
    );
  });

  it('that never end do not grow', () => {
    const seen: string[] = [];
    const write = splitLines((line) => seen.push(line));
    for (let n = 0; n < 100; n++) write(Buffer.alloc(65_536, 'x'));
    write(Buffer.from('\nend\n'));
    expect(seen.at(-1)).toBe('end');
    expect(Math.max(...seen.map((line) => line.length))).toBeLessThanOrEqual(4096);
  });
});

it('a tail is the end of all that was written', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), fc.array(fc.uint8Array({ maxLength: 120 })), (limit, chunks) => {
      const tail = new TailBuffer(limit);
      for (const chunk of chunks) tail.write(Buffer.from(chunk));
      expect(tail.read()).toEqual(Buffer.concat(chunks).subarray(-limit));
    }),
  );
});
