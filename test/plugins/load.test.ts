import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { builtinNames, KINDS } from '../../src/plugins/builtin.ts';
import { loadPlugin } from '../../src/plugins/load.ts';
import { ownPackage } from '../../src/plugins/package.ts';
import { failures, goodConfig, makeGoodProject, makeProject, PLUGINS, problems } from '../config/project.ts';

/** The source of a module with one gate, with parts replaced. */
function gate(parts: Readonly<Record<string, string>> = {}): string {
  const fields = {
    kind: "'gate'",
    name: "'g'",
    apiVersion: '1',
    description: "'A gate.'",
    schema: 'false',
    create: '() => ({ improvement: true })',
    ...parts,
  };
  const shown = Object.entries(fields).filter(([, value]) => value !== '');
  return `export default { ${shown.map(([key, value]) => `${key}: ${value}`).join(', ')} };`;
}

function withGate(use: string, files: Readonly<Record<string, string>>): string {
  return makeGoodProject({ gates: `gates: [{ use: '${use}' }]` }, files);
}

describe('built-ins', () => {
  test.each(KINDS.flatMap((kind) => builtinNames(kind).map((name) => [kind, name] as const)))(
    '%s %s loads, and is what its name says',
    async (kind, name) => {
      const { definition, record, use } = await loadPlugin({ kind, use: name, from: '/' }, [], '/');
      expect(definition).toMatchObject({ kind, name });
      expect(record).toEqual({ kind, name, version: ownPackage().version, path: 'builtin' });
      expect(use).toBe(name);
    },
  );
});

describe('packages', () => {
  const manifest = (name: string, more = '"exports":{"import":"./main.mjs"}') => `{"name":"${name}","version":"2.1.0",${more}}`;

  test('a short name means autoresearch-plugin-<name> of the project', async () => {
    const dir = withGate('strict', {
      'node_modules/autoresearch-plugin-strict/package.json': manifest('autoresearch-plugin-strict'),
      'node_modules/autoresearch-plugin-strict/main.mjs': gate({ name: "'strict'" }),
    });
    const { uses, config } = await loadConfig({ cwd: dir });
    expect(uses.find(({ kind }) => kind === 'gate')?.record).toEqual({
      kind: 'gate',
      name: 'strict',
      version: '2.1.0',
      path: 'autoresearch-plugin-strict',
    });
    expect(config.gates[0]?.use).toBe('strict');
  });

  test.each([
    ['@team/gates', '"main":"main.mjs"'],
    ['@team/gates', '"exports":{".":{"types":"./x.d.ts","node":{"require":"./x.cjs","default":"./main.mjs"}}}'],
    ['@team/gates/strict', '"exports":{".":"./none.mjs","./strict":["./main.mjs"]}'],
    ['@team/gates/main.mjs', '"type":"module"'],
  ])('a scoped name is taken as it is: %s %s', async (use, more) => {
    const dir = withGate(use, {
      'node_modules/@team/gates/package.json': manifest('@team/gates', more),
      'node_modules/@team/gates/main.mjs': gate(),
    });
    const { uses, config } = await loadConfig({ cwd: dir });
    expect(uses.find(({ kind }) => kind === 'gate')?.record.path).toBe('@team/gates');
    expect(config.gates[0]?.use).toBe(use);
  });

  test('the project comes first, then the file that said it; a module only that file sees is recorded by its path', async () => {
    const shared = 'vendor/shared';
    const files = {
      'autoresearch.config.yaml': `extends: ./${shared}/base.yaml\n`,
      [`${shared}/base.yaml`]: goodConfig({ gates: 'gates: [{ use: far }, { use: both }]' }),
      [`${shared}/plugins.mjs`]: PLUGINS,
      [`${shared}/node_modules/autoresearch-plugin-far/package.json`]: manifest('autoresearch-plugin-far'),
      [`${shared}/node_modules/autoresearch-plugin-far/main.mjs`]: gate({ name: "'far'" }),
      [`${shared}/node_modules/autoresearch-plugin-both/package.json`]: manifest('autoresearch-plugin-both'),
      [`${shared}/node_modules/autoresearch-plugin-both/main.mjs`]: gate({ name: "'inner'" }),
      'node_modules/autoresearch-plugin-both/package.json': manifest('autoresearch-plugin-both'),
      'node_modules/autoresearch-plugin-both/main.mjs': gate({ name: "'outer'" }),
    };
    const { uses, config } = await loadConfig({ cwd: makeProject(files) });
    expect(uses.filter(({ kind }) => kind === 'gate').map(({ record }) => record.name)).toEqual(['far', 'outer']);
    expect(config.gates.map(({ use }) => use)).toEqual(['./vendor/shared/node_modules/autoresearch-plugin-far/main.mjs', 'both']);
  });

  test('an installed package without an entry says so', async () => {
    const dir = withGate('x', { 'node_modules/autoresearch-plugin-x/package.json': manifest('autoresearch-plugin-x') });
    expect(await problems(dir)).toEqual([
      expect.stringContaining('PLUGIN_NOT_FOUND gates[0].use: the package autoresearch-plugin-x is installed but exports no module for'),
    ]);
  });

  test('a package that is not there: what exists, and the command to install it', async () => {
    const { errors } = await failures(withGate('min-detla', {}));
    expect(errors[0]).toMatchObject({
      code: 'PLUGIN_NOT_FOUND',
      message: 'gates[0].use: there is no gate "min-detla". Did you mean "min-delta"?',
      hint: expect.stringMatching(/min-delta, posterior.*scope.*npm install -D autoresearch-plugin-min-detla/),
    });
  });
});

describe('files', () => {
  test('TypeScript works as it stands', async () => {
    const text =
      "type Name = 'g';\nconst name: Name = 'g';\nexport default { kind: 'gate', name, apiVersion: 1, description: 'x', schema: false, create: () => ({ improvement: true }) };";
    const dir = withGate('./g.ts', { 'g.ts': text });
    await expect(loadConfig({ cwd: dir })).resolves.toBeDefined();
  });

  test('a list is chosen from by kind, then by name', async () => {
    const list = `export default [${['a', 'b']
      .map((name) =>
        gate({ name: `'${name}'` })
          .replace('export default ', '')
          .replace(';', ''),
      )
      .join(',')}]`;
    expect((await loadConfig({ cwd: withGate('./l.mjs#b', { 'l.mjs': list }) })).uses.find(({ kind }) => kind === 'gate')?.label).toBe('b');
    const several = await failures(withGate('./l.mjs', { 'l.mjs': list }));
    expect(several.errors[0]).toMatchObject({ code: 'PLUGIN_INVALID', hint: expect.stringContaining('./l.mjs#a') });
    expect(await problems(withGate('./l.mjs#c', { 'l.mjs': list }))).toEqual([
      expect.stringContaining('PLUGIN_KIND gates[0].use: l.mjs has no gate "c"'),
    ]);
  });

  test.each([
    ['no default export', 'export const x = 1;', 'PLUGIN_INVALID gates[0].use: g.mjs has no plugin as its default export'],
    ['not a definition', 'export default () => {};', 'PLUGIN_INVALID gates[0].use: g.mjs exports a function instead of a plugin'],
    ['an unknown kind', gate({ kind: "'gates'" }), 'PLUGIN_INVALID gates[0].use: g.mjs has no known kind'],
    ['no name', gate({ name: "''" }), 'PLUGIN_INVALID gates[0].use: g.mjs has a gate without a name'],
    ['no description', gate({ description: "' '" }), 'PLUGIN_INVALID gates[0].use: g.mjs has no description for its gate "g"'],
    ['no create', gate({ create: '' }), 'PLUGIN_INVALID gates[0].use: g.mjs has no create function'],
    ['apply that is no function', gate({ apply: '{}' }), 'PLUGIN_INVALID gates[0].use: g.mjs has an apply that is not a function'],
    [
      'an open schema',
      gate({ schema: "{ type: 'object', properties: {} }" }),
      'PLUGIN_INVALID gates[0].use: g.mjs has an open option schema',
    ],
    [
      'a schema that is no schema',
      gate({ schema: "{ type: 'object', additionalProperties: false, properties: { a: { type: 'strnig' } } }" }),
      'PLUGIN_INVALID the option schema of g cannot be used',
    ],
    [
      'an unknown keyword in its schema',
      gate({ schema: "{ type: 'object', additionalProperties: false, properties: { a: { tpye: 'string' } } }" }),
      'PLUGIN_INVALID the option schema of g cannot be used',
    ],
    ['no apiVersion', gate({ apiVersion: '' }), 'PLUGIN_API_VERSION gates[0].use: g.mjs states no apiVersion'],
    ['a newer apiVersion', gate({ apiVersion: '2', create: '' }), 'PLUGIN_API_VERSION gates[0].use: g.mjs is written for plugin API 2'],
    ['throwing while it is loaded', "throw new Error('no licence');", 'PLUGIN_INVALID gates[0].use: g.mjs cannot be loaded: no licence'],
    ['a syntax error', 'export default {', 'PLUGIN_INVALID gates[0].use: g.mjs cannot be loaded: '],
    [
      'throwing while it is created',
      gate({ create: "() => { throw new Error('too little memory'); }" }),
      'CONFIG_INVALID gates[0]: g refuses its options: too little memory',
    ],
    ['another kind', gate({ kind: "'metric'" }), 'PLUGIN_KIND gates[0].use: g.mjs has no gate'],
  ])('refuses a module with %s', async (_what, text, error) => {
    expect(await problems(withGate('./g.mjs', { 'g.mjs': text }))).toEqual([expect.stringMatching(/^autoresearch\.config\.yaml:7:\d+ /)]);
    expect((await problems(withGate('./g.mjs', { 'g.mjs': text })))[0]).toContain(error);
  });

  test('a newer API says to update autoresearch, an older one to update the plugin', async () => {
    const hintOf = async (version: string) =>
      (await failures(withGate('./g.mjs', { 'g.mjs': gate({ apiVersion: version }) }))).errors[0]?.hint;
    expect(await hintOf('7')).toMatch(/^Update autoresearch/);
    expect(await hintOf('0')).toBe('Install a newer version of the plugin.');
  });
});

describe('plugins:', () => {
  test('makes definitions usable by name', async () => {
    const dir = makeGoodProject({ plugins: 'plugins: [./mine/g.mjs]', gates: 'gates: [{ use: g }]' }, { 'mine/g.mjs': gate() });
    const { config, uses } = await loadConfig({ cwd: dir });
    expect(config).toMatchObject({ plugins: ['./mine/g.mjs'], gates: [{ use: 'g' }] });
    expect(uses.find(({ kind }) => kind === 'gate')?.record.path).toBe('mine/g.mjs');
  });

  test.each([
    [
      'a name of a built-in',
      'plugins: [./g.mjs]',
      { 'g.mjs': gate({ name: "'min-delta'" }) },
      '7:11 PLUGIN_SHADOWS_BUILTIN plugins[0]: g.mjs has a gate "min-delta", and so has autoresearch',
    ],
    [
      'the same name twice',
      'plugins: [./g.mjs, ./h.mjs]',
      { 'g.mjs': gate(), 'h.mjs': gate() },
      '7:20 PLUGIN_INVALID plugins[1]: a second gate "g"; the first is from g.mjs',
    ],
    ['no such file', 'plugins: [./none.mjs]', {}, '7:11 PLUGIN_NOT_FOUND plugins[0]: there is no file ./none.mjs'],
    ['no such package', 'plugins: [none]', {}, '7:11 PLUGIN_NOT_FOUND plugins[0]: the package none is not installed'],
  ])('refuses %s', async (_what, plugins, files, error) => {
    expect(await problems(makeGoodProject({ plugins }, files))).toEqual([`autoresearch.config.yaml:${error}`]);
  });

  test('a name of another kind may be the same as a built-in of this kind', async () => {
    const dir = makeGoodProject(
      { plugins: 'plugins: [./g.mjs]', gates: 'gates: [{ use: regex }]' },
      { 'g.mjs': gate({ name: "'regex'" }) },
    );
    await expect(loadConfig({ cwd: dir })).resolves.toBeDefined();
  });

  test('a name that exists as another kind says so', async () => {
    expect(await problems(withGate('regex', {}))).toEqual([
      'autoresearch.config.yaml:7:16 PLUGIN_KIND gates[0].use: "regex" is of the kind metric, not gate',
    ]);
  });
});

test('the package finds itself', () => {
  expect(ownPackage()).toMatchObject({ name: 'autoresearch', dir: join(import.meta.dirname, '..', '..') });
});
