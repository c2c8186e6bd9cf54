/** Scaffolded, packed, installed beside a packed autoresearch in an unrelated project, named in its config: it works. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { KINDS } from '../../src/plugins/builtin.ts';
import { exec } from '../../src/process/exec.ts';
import { makeRepo } from '../helpers/repo.ts';
import { autoresearchTarball, npmEnv, TOOLS } from './places.ts';

const NAMES = {
  objective: 'worst-case',
  agent: 'nudge',
  trainer: 'gently',
  metric: 'tail-latency',
  gate: '@lab/by-percent',
  reporter: 'kept-table',
} as const;

/** Starts a program as a person would, and gives what it says. */
async function sh(cwd: string, argv: readonly [string, ...string[]]) {
  const { exitCode, tail } = await exec(argv, { cwd, env: npmEnv(), timeoutMs: 240_000 });
  return { code: exitCode, text: tail };
}

async function ok(cwd: string, argv: readonly [string, ...string[]]): Promise<string> {
  const { code, text } = await sh(cwd, argv);
  expect(code, text).toBe(0);
  return text;
}

const CONFIG = `
scope: { edit: [settings.mjs] }
objective: { use: worst-case, with: { metric: latency_ms, direction: minimize } }
agent: { use: nudge, with: { file: settings.mjs, name: SIZE } }
trainer: { use: gently, with: { run: [node, serve.mjs] }, timeout: 30s }
metrics:
  latency_ms: { use: tail-latency, with: { word: 'latency_ms:' } }
gates:
  - { use: '@lab/autoresearch-plugin-by-percent', with: { percent: 2 } }
reporters: [{ use: kept-table }]
budget: { experiments: 6 }
`;

const work = mkdtempSync(join(tmpdir(), 'autoresearch-packed-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));
const project = join(work, 'project');
const tarballs: string[] = [];
const cli = join(project, 'node_modules', '.bin', 'autoresearch');

describe('packages made with plugin new', () => {
  test.each(KINDS)('npm pack makes JavaScript of a %s, with its types', async (kind) => {
    const author = makeAuthor(kind);
    await ok(author, [join(TOOLS, 'node_modules', '.bin', 'autoresearch'), 'plugin', 'new', kind, NAMES[kind]]);
    const [folder = ''] = readdirSync(author).filter((name) => name.startsWith('autoresearch-plugin-'));
    const dir = join(author, folder);
    await ok(dir, ['npm', 'test']);
    await ok(dir, ['npm', 'run', 'types']);
    await ok(dir, ['npm', 'pack', '--pack-destination', author]);
    const [tarball = ''] = readdirSync(author).filter((name) => name.endsWith('.tgz'));
    const files = (await ok(author, ['tar', '-tf', tarball])).trim().split('\n').sort();
    expect(files).toEqual([
      'package/README.md',
      'package/dist/index.cases.d.ts',
      'package/dist/index.cases.js',
      'package/dist/index.d.ts',
      'package/dist/index.js',
      'package/package.json',
    ]);
    tarballs.push(join(author, tarball));
  });

  test('all six run together in an unrelated project', async () => {
    const { git } = makeRepo(
      {
        'package.json': '{ "name": "unrelated", "private": true }\n',
        '.gitignore': 'node_modules/\n.autoresearch/\nkept.md\n',
        'autoresearch.config.yaml': CONFIG,
        'settings.mjs': 'export const SIZE = 40;\n',
        'serve.mjs':
          "import { SIZE } from './settings.mjs';\nfor (const part of [0.5, 0.8, 1]) console.log(`latency_ms: ${Math.abs(SIZE - 25) * part + 25}`);\n",
      },
      project,
    );
    await ok(project, ['npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', autoresearchTarball(), ...tarballs]);
    expect(await ok(project, [cli, 'check'])).toMatch(/everything is in order|nothing keeps a run from starting/);
    await ok(project, [cli, 'run', '--name', 'packed']);
    const log = await ok(project, [cli, 'log', '--json']);
    const experiments = JSON.parse(log) as readonly { verdict: string; judgements: readonly { gate: string; code: string }[] }[];
    expect(experiments).toHaveLength(7);
    expect(new Set(experiments.slice(1).map(({ verdict }) => verdict)).size).toBeGreaterThan(1);
    expect(experiments[1]?.judgements).toContainEqual(expect.objectContaining({ gate: 'by-percent' }));
    expect(readFileSync(join(project, 'kept.md'), 'utf8')).toContain('| 0 | 40 | ');
    // The record says which versions took part.
    const opening =
      git('log', '--first-parent', '--format=%H', '--grep=opened packed', 'refs/autoresearch/packed/ledger').trim().split('\n').at(-1) ??
      '';
    expect(git('show', `${opening}:record.json`)).toMatch(
      /"name": ?"by-percent",\s*"version": ?"0.1.0",\s*"path": ?"@lab\/autoresearch-plugin-by-percent"/,
    );
  });

  test('an installed plugin can be checked by those who use it', async () => {
    expect(await ok(project, [cli, 'plugin', 'check', 'tail-latency'])).toMatch(/holds {3}refuses NaN[^]*0 are broken/);
    expect(await ok(project, [cli, 'plugin', 'check', '@lab/autoresearch-plugin-by-percent'])).toContain('0 are broken');
  });

  test('without the package, the error says what is missing, where, and how to get it', async () => {
    await ok(project, ['npm', 'uninstall', 'autoresearch-plugin-tail-latency', '@lab/autoresearch-plugin-by-percent']);
    const { code, text } = await sh(project, [cli, 'check']);
    expect(code).toBe(2);
    expect(text).toMatch(/autoresearch\.config\.yaml:7:\d+ PLUGIN_NOT_FOUND metrics\.latency_ms\.use: there is no metric "tail-latency"/);
    expect(text).toContain('`npm install -D autoresearch-plugin-tail-latency`');
    expect(text).toMatch(
      /autoresearch\.config\.yaml:9:\d+ PLUGIN_NOT_FOUND gates\[0\]\.use: there is no gate "@lab\/autoresearch-plugin-by-percent"/,
    );
    expect(text).toContain('`npm install -D @lab/autoresearch-plugin-by-percent`');
  });
});

test('the kit works in an installed project under vitest too', async () => {
  const author = makeAuthor('vitest');
  await ok(author, [join(TOOLS, 'node_modules', '.bin', 'autoresearch'), 'plugin', 'new', 'metric', 'x']);
  const dir = join(author, 'autoresearch-plugin-x');
  const text = await ok(dir, [join(TOOLS, 'node_modules', '.bin', 'vitest'), 'run', '--root', dir, '--reporter=verbose']);
  expect(text).toContain('metric x > refuses NaN');
});

/** A folder in which a plugin's author works, with the tools installed. */
function makeAuthor(name: string): string {
  const dir = join(work, name);
  mkdirSync(dir);
  symlinkSync(join(TOOLS, 'node_modules'), join(dir, 'node_modules'));
  return dir;
}
