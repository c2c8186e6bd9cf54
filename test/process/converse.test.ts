import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Pipes } from '../../src/plugin.ts';
import { exec, type SpawnOptions } from '../../src/process/exec.ts';
import { leftovers, until } from '../helpers/processes.ts';
import { trainerFile } from '../helpers/project.ts';
import { makeFolder } from '../helpers/repo.ts';

const bash = (script: string, options: SpawnOptions) => exec(['bash', '-c', script], options);
const bytes = new TextEncoder();

async function write({ stdin }: Pipes, text: string): Promise<void> {
  const writer = stdin.getWriter();
  await writer.write(bytes.encode(text));
  writer.releaseLock();
}

async function read({ stdout }: Pipes): Promise<string> {
  const reader = stdout.getReader();
  const { value } = await reader.read();
  reader.releaseLock();
  return new TextDecoder().decode(value);
}

async function lengthOf({ stdout }: Pipes): Promise<number> {
  let length = 0;
  for await (const chunk of stdout) length += chunk.length;
  return length;
}

describe('a program that is spoken with', () => {
  it('answers while it runs, and ends when the talk is over', async () => {
    const heard: string[] = [];
    const result = await bash('while read -r line; do echo "you said $line"; done; echo bye >&2', {
      talk: async (pipes) => {
        for (const word of ['one', 'two']) {
          await write(pipes, `${word}\n`);
          heard.push(await read(pipes));
        }
      },
    });
    expect(heard).toEqual(['you said one\n', 'you said two\n']);
    expect(result).toMatchObject({ exit: 'completed', exitCode: 0, tail: 'you said one\nyou said two\nbye\n' });
  });

  it('is ended when it stays, and that is no failure', async () => {
    const cwd = makeFolder();
    const result = await exec(['bash', trainerFile('fork-and-hang.sh')], { cwd, talk: async () => {} });
    expect(result).toMatchObject({ exit: 'completed' });
    expect(await leftovers(cwd)).toEqual([]);
  });

  it('and dies in the middle has failed, and its output has an end', async () => {
    let length = 0;
    const result = await bash('echo dying; exit 7', { talk: async (pipes) => void (length = await lengthOf(pipes)) });
    expect(length).toBe(6);
    expect(result).toMatchObject({ exit: 'failed', exitCode: 7 });
  });

  it('and takes too long, or is not wanted any more, is ended as any other', async () => {
    const cwd = makeFolder();
    const talk = async (pipes: Pipes) => void (await lengthOf(pipes));
    const hang = (options: SpawnOptions) => exec(['bash', trainerFile('deaf.sh')], { cwd, talk, ...options });
    expect(await hang({ timeoutMs: 300 })).toMatchObject({ exit: 'timed-out' });
    expect(await hang({ signal: AbortSignal.timeout(300) })).toMatchObject({ exit: 'aborted' });
    expect(await leftovers(cwd)).toEqual([]);
  });

  it('by somebody who fails is ended, and the failure is told', async () => {
    const cwd = makeFolder();
    const talk = () => Promise.reject(new Error('I did not understand'));
    await expect(exec(['bash', trainerFile('fork-and-hang.sh')], { cwd, talk })).rejects.toThrow('I did not understand');
    expect(await leftovers(cwd)).toEqual([]);
  });

  it('and cannot be started is not spoken with', async () => {
    const talk = () => Promise.reject(new Error('never'));
    expect(await exec(['/no/such/program'], { talk })).toMatchObject({ exit: 'failed', spawnError: 'ENOENT' });
  });

  it('waits for one who reads slowly, and is read in full', async () => {
    const flood = 'head -c 20000000 /dev/zero';
    let length = 0;
    const slow = await bash(flood, {
      talk: async (pipes) => {
        await sleep(300);
        length = await lengthOf(pipes);
      },
    });
    expect(length).toBe(20_000_000);
    expect(slow.outputBytes).toBe(20_000_000);
  });

  it('is read to its end when nobody listens any more', async () => {
    // A program is ended two seconds after the talk, which are not enough on a busy machine: so the talk waits for its end.
    const done = join(makeFolder(), 'done');
    const deaf = await bash(`head -c 20000000 /dev/zero; touch ${done}`, {
      talk: async ({ stdout }) => {
        await stdout.cancel();
        await until('the end of the output', () => existsSync(done));
      },
    });
    expect(deaf).toMatchObject({ exit: 'completed', outputBytes: 20_000_000 });
  });
});
