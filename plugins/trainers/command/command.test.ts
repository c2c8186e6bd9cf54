import { readFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeContext, makePreflight, makeTrialRequest, testPlugin } from '../../../src/testing.ts';
import command from './index.ts';

const DEFAULTS = { shell: false, cwd: '.', maxLogMb: 8 };

testPlugin(command, {
  options: {
    valid: [{ run: ['true'] }, { run: ['a', '|', 'b'], shell: true, cwd: 'sub', maxLogMb: 0.5 }],
    invalid: [{}, { run: [] }, { run: 'train.sh' }, { run: ['x'], maxLogMb: 0 }],
  },
  cases: { hang: { options: { run: ['bash', '-c', 'sleep 60 & setsid sleep 60 & sleep 60'] } } },
});

async function train(options: { run: string[]; shell?: boolean; cwd?: string }, more: object = {}) {
  const cwd = mkdtempSync(join(tmpdir(), 'autoresearch-command-'));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  mkdirSync(join(cwd, 'sub'));
  const logFile = join(cwd, 'log');
  const lines: string[] = [];
  const trainer = command.create({ ...DEFAULTS, ...options }, makeContext());
  const outcome = await trainer.train(makeTrialRequest({ cwd, logFile, onLine: (line) => void lines.push(line), ...more }));
  return { outcome, lines, log: readFileSync(logFile, 'utf8') };
}

describe('the trainer command', () => {
  it('hands words on as they are, without a shell', async () => {
    const { log } = await train({ run: ['printf', '%s;', 'a b', '$HOME', '*', '; echo x'] });
    expect(log).toBe('a b;$HOME;*;; echo x;');
  });

  it('uses a shell where it is told to', async () => {
    expect((await train({ run: ['echo', 'one', '|', 'tr', 'o', '0'], shell: true })).log).toBe('0ne\n');
  });

  it('runs in the folder it is told, with the environment of the trial', async () => {
    const { log, lines } = await train(
      { run: ['sh', '-c', 'basename "$PWD"; echo "$GIVEN"'], cwd: 'sub' },
      { env: { PATH: process.env['PATH'] ?? '', GIVEN: 'yes' } },
    );
    expect(log).toBe('sub\nyes\n');
    expect(lines).toEqual(['sub', 'yes']);
  });

  it('tells why it failed with the last thing that was said', async () => {
    expect((await train({ run: ['sh', '-c', 'echo step 1; echo "RuntimeError: no memory" >&2; exit 2'] })).outcome).toMatchObject({
      exit: 'failed',
      exitCode: 2,
      detail: 'RuntimeError: no memory',
    });
    expect((await train({ run: ['/no/such/program'] })).outcome).toMatchObject({
      exit: 'failed',
      exitCode: null,
      detail: 'there is no /no/such/program',
    });
  });

  it('looks beforehand whether the program is there', async () => {
    const problems = async (options: { run: string[]; shell?: boolean }, files: Record<string, string> = {}) => {
      const { preflight, problems: found } = makePreflight(files);
      await command.create({ ...DEFAULTS, ...options }, makeContext({ path: 'trainer' })).verify?.(preflight);
      return found.map(({ code, message }) => `${code} ${message}`);
    };
    expect(await problems({ run: ['no-such-program-x'] })).toEqual([
      'COMMAND_NOT_FOUND trainer: there is no program "no-such-program-x" on the PATH',
    ]);
    expect(await problems({ run: ['sh', '-c', 'x'] })).toEqual([]);
    expect(await problems({ run: ['no-such-program-x', '|', 'cat'], shell: true })).toEqual([]);
    expect(await problems({ run: ['./train.sh'] })).toEqual(['COMMAND_NOT_FOUND trainer.with.run: there is no file train.sh']);
    expect(await problems({ run: ['./train.sh'] }, { 'train.sh': '' })).toEqual([]);
    expect(await problems({ run: ['/no/such/program'] })).toEqual(['COMMAND_NOT_FOUND trainer.with.run: /no/such/program is no program']);
  });
});
