import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { failures, goodConfig, load, makeGoodProject, makeProject, PLUGINS, problems } from './project.ts';

describe('extends', () => {
  test('a file, that extends a file in another folder, each path from its own file', async () => {
    const dir = makeProject({
      'autoresearch.config.yaml': 'extends: ./bases/middle.yaml\nseed: 3\nbudget: { experiments: null }\n',
      'bases/middle.yaml': 'extends: ../deep/base.yaml\nseed: 2\ntrainer: { timeout: 9s }\n',
      'deep/base.yaml': goodConfig({ seed: 'seed: 1', budget: 'budget: { experiments: 5, time: 1h }' }),
      'deep/plugins.mjs': PLUGINS,
    });
    const { config, projectDir, uses } = await load(dir);
    expect(config).toMatchObject({ seed: 3, trainer: { use: 'command', timeout: '9s' }, budget: { time: '1h' } });
    expect(config.budget.experiments).toBeUndefined();
    expect(config).not.toHaveProperty('extends');
    expect(projectDir).toBe(dir);
    expect(config.agent[0]?.use).toBe('./deep/plugins.mjs#none');
    expect(uses.find(({ kind }) => kind === 'agent')?.record).toEqual({
      kind: 'agent',
      name: 'none',
      version: null,
      path: 'deep/plugins.mjs',
    });
  });

  test('a package, found from the file that names it', async () => {
    const dir = makeProject({
      'autoresearch.config.yaml': 'extends: autoresearch-preset-x\n',
      'node_modules/autoresearch-preset-x/package.json': '{"name":"autoresearch-preset-x","version":"1.0.0","exports":{}}',
      'node_modules/autoresearch-preset-x/preset.yaml': goodConfig(),
      'node_modules/autoresearch-preset-x/plugins.mjs': PLUGINS,
    });
    const { config } = await load(dir);
    expect(config.agent[0]?.use).toBe('./node_modules/autoresearch-preset-x/plugins.mjs#none');
  });

  test('an error inside an extended file names that file and line', async () => {
    const dir = makeProject({
      'autoresearch.config.yaml': 'extends: ./bases/base.yaml\nsede: 1\n',
      'bases/base.yaml': goodConfig({ seed: 'seed: many' }),
      'bases/plugins.mjs': PLUGINS,
    });
    expect(await problems(dir)).toEqual([
      'autoresearch.config.yaml:2:1 CONFIG_UNKNOWN_KEY unknown key "sede". Did you mean "seed"?',
      'bases/base.yaml:7:7 CONFIG_TYPE seed: must be a whole number, not "many"',
    ]);
  });

  test('a syntax error inside an extended file too', async () => {
    const dir = makeProject({ 'autoresearch.config.yaml': 'extends: ./base.yaml\n', 'base.yaml': 'a: 1\na: 2\n' });
    expect(await problems(dir)).toEqual(['base.yaml:2:1 CONFIG_DUPLICATE_KEY "a" is written twice in the same map']);
  });

  test('a circle lists its chain', async () => {
    const dir = makeProject({
      'autoresearch.config.yaml': 'extends: ./a.yaml\n',
      'a.yaml': 'seed: 1\nextends: ./b.yaml\n',
      'b.yaml': 'extends: ./a.yaml\n',
      'self.yaml': 'extends: ./self.yaml\n',
    });
    expect(await problems(dir)).toEqual(['b.yaml:1:10 EXTENDS_CYCLE extends: goes in a circle: a.yaml → b.yaml → a.yaml']);
    expect(await problems(dir, { configFile: 'self.yaml' })).toEqual([
      'self.yaml:1:10 EXTENDS_CYCLE extends: goes in a circle: self.yaml → self.yaml',
    ]);
  });

  test.each([
    ['./none.yaml', 'EXTENDS_NOT_FOUND extends: there is no file ./none.yaml'],
    ['autoresearch-preset-none', 'EXTENDS_NOT_FOUND extends: the package autoresearch-preset-none is not installed'],
    ['tiny-lm', 'EXTENDS_NOT_FOUND extends: the package tiny-lm is not installed. Did you mean "preset:tiny-lm"?'],
    ['preset:tiny_lm', 'PRESET_NOT_FOUND there is no preset "tiny_lm". Did you mean "tiny-lm"?'],
    ['[preset:tiny-lm]', 'CONFIG_TYPE extends: must be one string'],
  ])('refuses %s', async (value, error) => {
    const dir = makeProject({ 'autoresearch.config.yaml': `extends: ${value}\n` });
    expect(await problems(dir)).toEqual([`autoresearch.config.yaml:1:10 ${error}`]);
  });

  test('an unknown preset lists those there are', async () => {
    const { errors } = await failures(makeProject({ 'autoresearch.config.yaml': 'extends: preset:what\n' }));
    expect(errors[0]?.hint).toMatch(/^Presets: .*tiny-lm/);
  });
});

describe('--preset', () => {
  test('is the whole config where there is none', async () => {
    const dir = makeProject({ 'package.json': '{}' });
    const loaded = await load(dir, { preset: 'tiny-lm' });
    expect(loaded).toMatchObject({ configFile: null, projectDir: dir });
    expect(loaded.config.scope.edit.length).toBeGreaterThan(0);
  });

  test('takes the place of what the config extends', async () => {
    const dir = makeGoodProject({ extends: 'extends: ./none.yaml' });
    const { config, configFile } = await load(dir, { preset: 'tiny-lm' });
    expect(configFile).toBe(join(dir, 'autoresearch.config.yaml'));
    expect(config.scope.edit).toEqual(['train.mjs']);
  });

  test('must exist', async () => {
    await expect(load(makeProject({ 'package.json': '{}' }), { preset: 'tiny' })).rejects.toMatchObject({
      errors: [{ code: 'PRESET_NOT_FOUND' }],
    });
  });
});
