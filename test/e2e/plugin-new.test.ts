import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import ownManifest from '../../package.json' with { type: 'json' };
import { exec } from '../../src/process/exec.ts';
import { KINDS } from '../../src/plugins/builtin.ts';
import { linkAutoresearch } from '../helpers/link-autoresearch.ts';
import { makeFolder } from '../helpers/repo.ts';
import { runCli } from '../helpers/run-cli.ts';

const root = join(import.meta.dirname, '..', '..');
const env = { PATH: process.env['PATH'] ?? '' };

interface Manifest {
  readonly name: string;
  readonly description: string;
  readonly keywords: readonly string[];
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const read = (...parts: string[]) => readFileSync(join(...parts), 'utf8');
const manifestOf = (dir: string) => JSON.parse(read(dir, 'package.json')) as Manifest;

async function scaffold(args: readonly string[], cwd = makeFolder()) {
  const end = await runCli(['plugin', 'new', ...args], { cwd });
  return { cwd, ...end };
}

describe.each(KINDS)('plugin new %s', (kind) => {
  test('writes a package whose test and check pass as they are', async () => {
    const { cwd, code, stdout } = await scaffold([kind, 'first-try']);
    expect(code).toBe(0);
    const dir = join(cwd, 'autoresearch-plugin-first-try');
    linkAutoresearch(dir);
    mkdirSync(join(dir, 'node_modules', '@types'));
    symlinkSync(join(root, 'node_modules', '@types', 'node'), join(dir, 'node_modules', '@types', 'node'));
    expect(stdout).toContain('autoresearch-plugin-first-try: the package autoresearch-plugin-first-try');
    expect(
      readdirSync(dir, { recursive: true })
        .map(String)
        .filter((path) => !path.startsWith('node_modules'))
        .sort(),
    ).toEqual([
      '.gitignore',
      'README.md',
      'package.json',
      'src',
      'src/index.cases.ts',
      'src/index.test.ts',
      'src/index.ts',
      'tsconfig.json',
    ]);

    const tested = await exec([process.execPath, '--test', '--test-reporter=tap', 'src/index.test.ts'], {
      cwd: dir,
      env,
      timeoutMs: 60_000,
    });
    expect(tested.tail).toContain(`# Subtest: ${kind} first-try`);
    expect(tested.exit, tested.tail).toBe('completed');

    const checked = await runCli(['plugin', 'check'], { cwd: dir });
    expect(checked.stderr).toBe('');
    expect(checked.stdout).toContain(`${kind} first-try (src/index.ts)\n  holds   is a definition the loader accepts`);
    expect(checked.stdout).not.toContain('without cases');
    expect(checked.stdout).toMatch(/\d+ rules hold, 0 are broken/);
    expect(checked.code).toBe(0);

    const text = [read(dir, 'README.md'), read(dir, 'package.json'), read(dir, 'src/index.ts')].join('\n');
    expect(text).not.toMatch(/my-plugin|plugin-kind|<!--/);
    expect(read(dir, 'README.md')).toContain('use: first-try');
  });
});

test('the manifest follows the convention, and names versions that are current', async () => {
  const { cwd } = await scaffold(['metric', 'x']);
  const { name, description, keywords, peerDependencies, devDependencies } = manifestOf(join(cwd, 'autoresearch-plugin-x'));
  expect({ name, description, keywords }).toEqual({
    name: 'autoresearch-plugin-x',
    description: 'A metric for autoresearch.',
    keywords: ['autoresearch-plugin'],
  });
  expect(peerDependencies).toEqual({ autoresearch: `>=${ownManifest.version}` });
  const { typescript, '@types/node': types } = ownManifest.devDependencies;
  expect(devDependencies).toEqual({ autoresearch: `^${ownManifest.version}`, typescript, '@types/node': types });
});

test.each([
  ['@lab/speed', '@lab/autoresearch-plugin-speed', "use: '@lab/autoresearch-plugin-speed'"],
  ['@lab/autoresearch-plugin-speed', '@lab/autoresearch-plugin-speed', "use: '@lab/autoresearch-plugin-speed'"],
  ['autoresearch-plugin-speed', 'autoresearch-plugin-speed', 'use: speed,'],
])('the name %s', async (given, name, use) => {
  const { cwd, code } = await scaffold(['gate', given]);
  expect(code).toBe(0);
  const dir = join(cwd, 'autoresearch-plugin-speed');
  expect(manifestOf(dir).name).toBe(name);
  expect(read(dir, 'README.md')).toContain(use);
  expect(read(dir, 'README.md')).toContain(`npm install -D ${name}\n`);
  expect(read(dir, 'src/index.ts')).toContain("name: 'speed'");
});

test('it writes where it is told, and never over what is there', async () => {
  const cwd = makeFolder();
  mkdirSync(join(cwd, 'here'));
  writeFileSync(join(cwd, 'here', 'README.md'), 'mine\n');
  const { code, stderr } = await scaffold(['metric', 'x', '--dir', 'here'], cwd);
  expect(code).toBe(2);
  expect(stderr).toContain('CONFIG_EXISTS here has README.md already, and nothing is overwritten');
  expect(stderr).toContain('plugin new … --dir DIR');
  expect(read(cwd, 'here', 'README.md')).toBe('mine\n');
  expect(existsSync(join(cwd, 'here', 'package.json'))).toBe(false);

  expect((await scaffold(['metric', 'x', '--dir', 'there/deep'], cwd)).stdout).toContain('use: ./there/deep/src/index.ts');
  expect((await scaffold(['metric', 'x', '--dir', 'there/deep'], cwd)).code).toBe(2);
});

test.each([
  [['metrik', 'x'], 'USAGE there is no kind "metrik" of plugin. Did you mean "metric"?'],
  [['metric', 'My Metric'], 'USAGE "My Metric" is no name for a plugin'],
  [['metric', '../x'], 'USAGE "../x" is no name for a plugin'],
  [['gate', 'min-delta'], 'PLUGIN_SHADOWS_BUILTIN autoresearch has a gate "min-delta" already'],
])('%j is refused', async (args, message) => {
  const { cwd, code, stderr } = await scaffold(args);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
  expect(readdirSync(cwd)).toEqual([]);
});
