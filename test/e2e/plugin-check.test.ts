import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { linkAutoresearch } from '../helpers/link-autoresearch.ts';
import { makeFolder } from '../helpers/repo.ts';
import { runCli } from '../helpers/run-cli.ts';

const head = "apiVersion: 1, description: 'For tests.'";
const METRIC = `import { ReasonError } from 'autoresearch/plugin';
export default {
  kind: 'metric', name: 'count', ${head}, schema: false,
  create: () => ({ measure: async ({ output }) => VALUE }),
};`;
const LAWFUL =
  METRIC.replace('VALUE', 'numberIn(await output())') +
  `
function numberIn(text) {
  const value = text === '' ? NaN : Number(text);
  if (!Number.isFinite(value)) throw new ReasonError('METRIC_MISSING', 'nothing was printed');
  return value;
}`;
const ZERO = METRIC.replace('VALUE', 'Number(await output()) || 0');
const CASES = `export default { options: { valid: [{}], invalid: [] }, cases: { present: { output: '12', value: 12 }, missing: {} } };`;

function folderWith(files: Readonly<Record<string, string>>): string {
  const dir = makeFolder();
  linkAutoresearch(dir);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  return dir;
}
const check = (dir: string, ...args: string[]) => runCli(['plugin', 'check', ...args], { cwd: dir });

describe('exit codes', () => {
  test('0: every law holds', async () => {
    const { code, stdout } = await check(folderWith({ 'count.mjs': LAWFUL, 'count.cases.mjs': CASES }), 'count.mjs');
    expect(stdout).toContain('metric count (count.mjs)');
    expect(stdout).toContain('  holds   refuses NaN\n');
    expect(stdout).toMatch(/\n13 rules hold, 0 are broken\n$/);
    expect(code).toBe(0);
  });

  test('1: a law is broken; it is named, with what was expected and what came', async () => {
    const { code, stdout } = await check(folderWith({ 'count.mjs': ZERO, 'count.cases.mjs': CASES }), './count.mjs');
    expect(stdout).toContain(
      '  BROKEN  refuses a missing value instead of answering a number\n            expected: an error that says what is missing; never 0\n            came:     the number 0\n',
    );
    expect(stdout).toMatch(/rules hold, [2-4] are broken\n$/);
    expect(code).toBe(1);
  });

  test.each([
    ['no such file', {}, ['none.mjs'], 'PLUGIN_NOT_FOUND there is no file, folder or installed package none.mjs'],
    ['a folder without a plugin', {}, [], 'PLUGIN_NOT_FOUND this folder holds no plugin'],
    ['what is no plugin', { 'a.mjs': 'export default 1;' }, ['a.mjs'], 'PLUGIN_INVALID a.mjs exports a number instead of a plugin'],
    [
      'another API version',
      { 'a.mjs': LAWFUL.replace('apiVersion: 1', 'apiVersion: 2') },
      ['a.mjs'],
      'PLUGIN_API_VERSION a.mjs is written for plugin API 2',
    ],
    [
      'cases of another form',
      { 'a.mjs': LAWFUL, 'a.cases.mjs': 'export default {};' },
      ['a.mjs'],
      'PLUGIN_INVALID the cases a.cases.mjs of the metric count are not of the form',
    ],
    [
      'cases that throw',
      { 'a.mjs': LAWFUL, 'a.cases.mjs': 'throw new Error("oh");' },
      ['a.mjs'],
      'PLUGIN_INVALID the cases a.cases.mjs cannot be loaded: oh',
    ],
    ['two paths', {}, ['a', 'b'], 'too many arguments'],
  ] as [string, Record<string, string>, string[], string][])('2: %s', async (_what, files, args, message) => {
    const { code, stderr, stdout } = await check(folderWith(files), ...args);
    expect(stderr).toContain(message);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});

describe('what it finds', () => {
  const manifest = (name: string, main: string) => JSON.stringify({ name, version: '1.2.3', exports: main });

  test('a folder: its source before what was made of it, else what package.json exports', async () => {
    const dir = folderWith({
      'a/package.json': manifest('a', './dist/index.mjs'),
      'a/dist/index.mjs': ZERO,
      'a/src/index.ts': LAWFUL,
      'a/src/index.cases.ts': CASES,
      'b/package.json': manifest('b', './main.mjs'),
      'b/main.mjs': LAWFUL,
    });
    expect((await check(dir, 'a')).stdout).toContain('metric count (a/src/index.ts)');
    expect((await check(join(dir, 'b'))).stdout).toContain('metric count (main.mjs)');
  });

  test('an installed package, by its whole or its short name', async () => {
    const dir = folderWith({
      'node_modules/autoresearch-plugin-count/package.json': manifest('autoresearch-plugin-count', './index.mjs'),
      'node_modules/autoresearch-plugin-count/index.mjs': LAWFUL,
      'node_modules/autoresearch-plugin-count/index.cases.mjs': CASES,
      'node_modules/@lab/count/package.json': manifest('@lab/count', './index.mjs'),
      'node_modules/@lab/count/index.mjs': LAWFUL,
    });
    for (const name of ['count', 'autoresearch-plugin-count', '@lab/count']) expect((await check(dir, name)).code, name).toBe(0);
  });

  test('a package that ships TypeScript is refused with advice', async () => {
    const dir = folderWith({
      'node_modules/autoresearch-plugin-count/package.json': manifest('autoresearch-plugin-count', './index.ts'),
      'node_modules/autoresearch-plugin-count/index.ts': LAWFUL,
    });
    const { code, stderr } = await check(dir, 'count');
    expect(stderr).toMatch(/PLUGIN_INVALID autoresearch-plugin-count cannot be loaded: .*\n  Node strips no types below node_modules/);
    expect(code).toBe(2);
  });

  test('TypeScript in a project of CommonJS modules is refused with advice, unless it is named .mts', async () => {
    const dir = folderWith({ 'package.json': '{ "type": "commonjs" }', 'count.ts': LAWFUL, 'other.mts': LAWFUL });
    const { code, stderr } = await check(dir, 'count.ts');
    expect(stderr).toContain('PLUGIN_INVALID count.ts cannot be loaded: ');
    expect(stderr).toContain('say "module" there, or name the file .mts or .mjs.');
    expect(code).toBe(2);
    expect((await check(dir, 'other.mts')).code).toBe(0);
  });

  test('several plugins of one module, each with its own cases', async () => {
    const list = `${LAWFUL.replace('export default', 'const one =')}
export default [one, { kind: 'reporter', name: 'quiet', ${head}, schema: false, create: () => ({}) }];`;
    const cases = `${CASES.replace('export default', 'const count =')}\nexport default { count };`;
    const { code, stdout } = await check(folderWith({ 'all.mjs': list, 'all.cases.mjs': cases }), 'all.mjs');
    expect(stdout).toMatch(/metric count[^]*13 rules hold[^]*reporter quiet[^]*without cases[^]*7 rules hold/);
    expect(code).toBe(0);
  });
});

test('without cases it checks what needs none, and says so', async () => {
  const needy = `export default { kind: 'metric', name: 'needy', ${head}, create: () => { throw new Error('no'); },
    schema: { type: 'object', additionalProperties: false, required: ['file', 'n'], properties: { file: { type: 'string', minLength: 3, description: 'F.' }, n: { type: 'integer', minimum: 2, description: 'N.' } } } };`;
  const { code, stdout } = await check(folderWith({ 'needy.mjs': needy }), 'needy.mjs');
  expect(stdout).toContain(
    'without cases, the rules for a metric are not tested, only those for every plugin: write needy.cases.mjs beside it',
  );
  expect(stdout).toContain('BROKEN  creates an instance of its kind');
  expect(stdout).toContain('it threw Error: no');
  expect(code).toBe(1);
});

test('--json prints one document', async () => {
  const { code, stdout } = await check(folderWith({ 'count.mjs': ZERO, 'count.cases.mjs': CASES }), 'count.mjs', '--json');
  const [plugin] = JSON.parse(stdout) as [{ laws: readonly { law: string; holds: boolean }[] }];
  expect(plugin).toMatchObject({ kind: 'metric', name: 'count', file: 'count.mjs', cases: 'count.cases.mjs' });
  expect(plugin.laws).toContainEqual({
    law: 'refuses NaN',
    holds: false,
    expected: 'an error, for a value that is no number',
    came: 'the number 0',
  });
  expect(code).toBe(1);
});
