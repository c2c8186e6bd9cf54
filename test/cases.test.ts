/**
 * A case is a folder: a config, the files it needs, and what `autoresearch check` says about it.
 * `installed/` stands for node_modules, `args` holds arguments, `no-git` and `no-commit` leave git out or empty.
 * UPDATE_CASES=1 writes expected.txt anew.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';

const CASES = join(import.meta.dirname, 'cases');
const CLI = join(import.meta.dirname, '..', 'src', 'cli.ts');
const UPDATE = process.env['UPDATE_CASES'] === '1';
const NAMES = readdirSync(CASES).filter((name) => name !== '_shared');

describe.concurrent('autoresearch check', () => {
  test.each(NAMES)('%s', async (name) => {
    const dir = realpathSync(mkdtempSync(join(tmpdir(), 'autoresearch-case-')));
    try {
      setUp(dir, name);
      const text = await check(dir, name);
      const file = join(CASES, name, 'expected.txt');
      if (UPDATE) writeFileSync(file, text);
      expect(text).toBe(existsSync(file) ? readFileSync(file, 'utf8') : 'no expected.txt: write it with UPDATE_CASES=1');
      expect(text).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
      expect(text).not.toContain('This is a bug');
      expect(text.startsWith('exit 0\n')).toBe(name.startsWith('good-'));
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });
});

test('there are many broken cases and some good ones', () => {
  const good = NAMES.filter((name) => name.startsWith('good-'));
  expect(good.length).toBeGreaterThanOrEqual(4);
  expect(NAMES.length - good.length).toBeGreaterThanOrEqual(34);
});

function setUp(dir: string, name: string): void {
  cpSync(join(CASES, '_shared'), dir, { recursive: true });
  cpSync(join(CASES, name), dir, { recursive: true });
  for (const file of ['expected.txt', 'args', 'no-git', 'no-commit']) rmSync(join(dir, file), { force: true });
  if (existsSync(join(dir, 'installed'))) renameSync(join(dir, 'installed'), join(dir, 'node_modules'));
  if (existsSync(join(CASES, name, 'no-git'))) return;
  git(dir, 'init', '-q', '-b', 'main');
  if (existsSync(join(CASES, name, 'no-commit'))) return;
  git(dir, 'add', '-A');
  git(dir, 'commit', '-q', '-m', 'Start');
}

function git(cwd: string, ...args: string[]): void {
  execFileSync('git', ['-c', 'user.name=Case', '-c', 'user.email=case@example.com', '-c', 'commit.gpgsign=false', ...args], {
    cwd,
    env: environment(),
  });
}

async function check(cwd: string, name: string): Promise<string> {
  const args = existsSync(join(CASES, name, 'args'))
    ? readFileSync(join(CASES, name, 'args'), 'utf8')
        .trim()
        .split(' ')
    : [];
  const { exitCode, stdout, stderr } = await execa(process.execPath, [CLI, 'check', ...args], {
    cwd,
    env: environment(),
    extendEnv: false,
    reject: false,
  });
  const shown = [stdout, stderr].filter((part) => part !== '').join('\n');
  // What differs from machine to machine and from run to run: the folder, the sandbox and the commit.
  const text = shown
    .replaceAll(cwd, '<project>')
    .replaceAll(/^(starts at +)[0-9a-f]+$/gm, '$1<commit>')
    .replaceAll(/^(sandbox +).+$/gm, '$1<what works here>');
  return `exit ${exitCode}\n\n${text}\n`;
}

// Nothing of the caller's git may reach the case.
function environment(): Record<string, string> {
  const kept = Object.entries(process.env).filter(([key, value]) => value !== undefined && !key.startsWith('GIT_'));
  return {
    ...Object.fromEntries(kept.map(([key, value]) => [key, value ?? ''])),
    NO_COLOR: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
    GIT_CEILING_DIRECTORIES: tmpdir(),
  };
}
