import fc from 'fast-check';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import picomatch from 'picomatch';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { makeBrief, makeContext, makePreflight } from '../../../src/testing.ts';
import { askFake, FENCED } from '../../../test/helpers/fake-cli.ts';
import { makeFolder } from '../../../test/helpers/repo.ts';
import claude from '../claude-code/index.ts';
import pi from '../pi/index.ts';
import { flags } from './flags.ts';
import { patternOf } from './globs.ts';

const makePi = (options: object) => pi.create({ login: false, env: [], args: [], ...options } as never, makeContext());

afterEach(() => void vi.unstubAllEnvs());

describe('a glob as a pattern', () => {
  const piece = fc.constantFrom('a', 'b.py', 'x+y', '*', '**', '*.py', 'a?c', '{a,b}', '[ab]', 'd');
  const name = fc.constantFrom('a', 'b', 'b.py', 'x+y', 'abc', 'd', 'e.py', 'b9py');

  it('lets through whatever the glob does, so that an agent is never kept from its files', () => {
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 4 }), fc.array(name, { minLength: 1, maxLength: 4 }), (globs, names) => {
        const [glob, path] = [globs.join('/'), names.join('/')];
        // `a/**` also fits the folder a itself, which nobody edits.
        fc.pre(!glob.endsWith('/**') || !picomatch(glob.slice(0, -3), { dot: true })(path));
        if (picomatch(glob, { dot: true })(path)) expect(path).toMatch(new RegExp(`^${patternOf(glob)}$`));
      }),
    );
  });

  it('is no wider than the glob where that has only stars', () => {
    const matches = (glob: string, path: string) => new RegExp(`^${patternOf(glob)}$`).test(path);
    expect(matches('src/*.py', 'src/a/b.py')).toBe(false);
    expect(matches('train.py', 'trainXpy')).toBe(false);
    expect(matches('a+b.py', 'aab.py')).toBe(false);
    expect(matches('src/**', 'source/x')).toBe(false);
  });
});

it('leaves out flags that are not set', () => {
  expect(flags({ '-a': true, '-b': false, '-c': undefined, '-d': [], '-e': ['x', 'y'], '-f': 0, '-g': '' })).toEqual([
    '-a',
    '-e',
    'x',
    'y',
    '-f',
    '0',
    '-g',
    '',
  ]);
});

describe('the key', () => {
  it('is not in the agent’s environment, though the config lets it through, and its home is empty', async () => {
    vi.stubEnv('ANTHROPIC_API_KEY', 'the-key');
    const { env, result } = await askFake(claude, {
      prints: [{ type: 'result', result: FENCED }],
      options: { login: false, env: ['ANTHROPIC_API_KEY'] },
      brief: { env: { PATH: process.env['PATH'] ?? '', HOME: '/home/user', MY_COPY: 'the-key', OTHER: 'fine' } },
    });
    expect(result).toMatchObject({ status: 'proposed', usage: { requests: 0, source: 'meter' } });
    expect(env).not.toContain('the-key');
    expect(env).toContain('OTHER=fine');
    expect(env).toMatch(/^HOME=.*scratch\/home$/m);
    expect(env).toMatch(/^ANTHROPIC_BASE_URL=http:\/\/127\.0\.0\.1:\d+$/m);
    expect(env).toMatch(/^ANTHROPIC_API_KEY=ar-\w+$/m);
  });

  it('is not needed with a login, which is in the real home', async () => {
    const { env } = await askFake(claude, { brief: { env: { PATH: process.env['PATH'] ?? '', HOME: '/home/user' } } });
    expect(env).toContain('HOME=/home/user');
    expect(env).not.toContain('ANTHROPIC_');
  });

  it('that is missing is a failure that is not tried again', async () => {
    vi.stubEnv('ANTHROPIC_API_KEY', '');
    const { result } = await askFake(claude, { options: { login: false } });
    expect(result).toEqual({ status: 'failed', kind: 'auth', message: 'the variable ANTHROPIC_API_KEY holds no key' });
  });

  it('and the program are looked for before the run', async () => {
    vi.stubEnv('ANTHROPIC_API_KEY', '');
    vi.stubEnv('OTHER_KEY', 'x');
    const problemsOf = async (options: object) => {
      const { preflight, problems } = makePreflight({});
      await makePi(options).verify?.(preflight);
      return problems.map(({ code }) => code);
    };
    expect(await problemsOf({ program: '/no/such/pi' })).toEqual(['COMMAND_NOT_FOUND', 'AGENT_KEY_MISSING']);
    expect(await problemsOf({ program: process.execPath, key: 'OTHER_KEY' })).toEqual([]);
    expect(await problemsOf({ program: process.execPath, login: true })).toEqual([]);
  });
});

it('says once that a limit in dollars cannot be held without prices', async () => {
  vi.stubEnv('ANTHROPIC_API_KEY', 'x');
  const warnings: string[] = [];
  const context = makeContext({
    path: 'agent',
    label: 'pi',
    log: { info: () => {}, debug: () => {}, warn: (text) => void warnings.push(text) },
  });
  const options = { login: false, env: [], args: [], model: 'm', program: '/no/such/pi' };
  const folder = makeFolder();
  const brief = makeBrief({ cwd: folder, scratchDir: folder, limits: { usd: 1 } });
  const agent = pi.create(options as never, context);
  for (let i = 0; i < 2; i += 1) expect(await agent.propose(brief)).toMatchObject({ kind: 'not-installed' });
  expect(warnings).toEqual([expect.stringContaining('its limit in dollars cannot be enforced')]);
  await pi.create({ ...options, prices: { '*': { input: 1, output: 1 } } } as never, context).propose(brief);
  expect(warnings).toHaveLength(1);
});

it('says for check what is installed, how it signs in and who holds it', async () => {
  vi.stubEnv('OPENAI_API_KEY', 'x');
  const check = (options: object) => makePi(options).check?.();
  expect(await check({ program: process.execPath, format: 'chat' })).toEqual({
    found: `${process.execPath} ${process.version.slice(1)}`,
    login: 'key in OPENAI_API_KEY, metered on the way to https://api.openai.com',
    scope: 'an extension of ours: edits of `scope.edit` only, no commands',
  });
  expect(await check({ program: '/no/such/pi', login: true, unrestricted: true })).toEqual({
    found: '/no/such/pi cannot be started: ENOENT',
    login: 'its own login, not metered',
    scope: 'none of its own (unrestricted)',
  });
});

it('leaves the prompt and the settings beside the output, to be looked at', async () => {
  const { scratchDir } = await askFake(pi, { options: { login: true } });
  expect(await readFile(join(scratchDir, 'home/guard.mjs'), 'utf8')).toContain('tool_call');
  expect(await readFile(join(scratchDir, 'prompt.md'), 'utf8')).toContain('json block');
});
