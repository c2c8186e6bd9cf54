import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig, resolveRecorded } from '../../src/config/load-config.ts';
import type { Config } from '../../src/config/types.ts';
import { goodConfig, load, makeGoodProject, makeProject, PLUGINS } from './project.ts';

describe('loadConfig', () => {
  test('fills in every default', async () => {
    const dir = makeGoodProject({ reporters: '', trainer: 'trainer: { use: command, with: { run: [node, train.mjs] } }' });
    const { config, configFile, projectDir } = await load(dir);
    expect({ configFile, projectDir }).toEqual({ configFile: join(dir, 'autoresearch.config.yaml'), projectDir: dir });
    expect(config).toMatchObject({
      root: '.',
      scope: { edit: ['train.mjs'], protect: [] },
      workspace: { link: [], outputs: [], env: [], readable: [], writable: [] },
      trainer: { timeout: '10m', trials: 1, interleave: false, network: false },
      gates: [{ use: 'min-delta' }],
      reporters: [{ use: 'terminal' }],
      sandbox: 'auto',
      slots: ['default'],
      budget: { experiments: 100 },
      stop: { crashes: 10 },
      seed: 1,
      plugins: [],
    });
    expect(config).not.toHaveProperty('program');
  });

  test('a budget that is written has no other limit', async () => {
    expect((await load(makeGoodProject({ budget: 'budget: { time: 1h }' }))).config.budget).toEqual({ time: '1h' });
    expect((await load(makeGoodProject({ budget: 'budget: {}' }))).config.budget).toEqual({});
  });

  test('is frozen through and through', async () => {
    const { config, uses } = await load(
      makeGoodProject({ gates: 'gates: [{ use: ./plugins.mjs#better }, { use: ./plugins.mjs#limit, with: { max: 3 } }]' }),
    );
    expect(() => Object.assign(config.scope, { edit: [] })).toThrow(TypeError);
    expect(() => Object.assign(config.gates[1]?.with ?? {}, { max: 4 })).toThrow(TypeError);
    expect(uses.every(({ options }) => Object.isFrozen(options))).toBe(true);
  });

  test('answers every use with its place, label, options and record', async () => {
    const gates = 'gates: [{ use: ./plugins.mjs#better }, { use: ./plugins.mjs#limit, with: { max: 3 } }]';
    const { uses, config } = await load(makeGoodProject({ gates }));
    expect(uses.map(({ kind, path, label, record }) => [kind, path, label, record.name, record.path])).toEqual([
      ['objective', 'objective', 'single', 'single', 'builtin'],
      ['agent', 'agent', 'none', 'none', 'plugins.mjs'],
      ['trainer', 'trainer', 'command', 'command', 'builtin'],
      ['metric', 'metrics.loss', 'loss', 'regex', 'builtin'],
      ['gate', 'gates[0]', 'better', 'better', 'plugins.mjs'],
      ['gate', 'gates[1]', 'limit', 'limit', 'plugins.mjs'],
      ['reporter', 'reporters[0]', 'quiet', 'quiet', 'plugins.mjs'],
    ]);
    expect(uses[1]?.agent?.timeout).toBe('1m');
    expect(uses[5]?.options).toEqual({ min: 0, max: 3 });
    expect(config.gates[1]).toEqual({ use: './plugins.mjs#limit', with: { min: 0, max: 3 } });
    expect(uses[0]?.record.version).toMatch(/^\d+\.\d+\.\d+/);
  });

  test('one agent may stand alone; a chain is numbered', async () => {
    const dir = makeGoodProject({ agent: 'agent: [{ use: ./plugins.mjs#none }, { use: ./plugins.mjs#none, timeout: 2m }]' });
    const { uses, config } = await load(dir);
    expect(config.agent).toHaveLength(2);
    expect(uses.filter(({ kind }) => kind === 'agent').map(({ path, agent }) => [path, agent?.timeout])).toEqual([
      ['agent[0]', undefined],
      ['agent[1]', '2m'],
    ]);
  });

  test('project paths start from the config file and root, module references from the file', async () => {
    const dir = makeProject({
      'conf/autoresearch.config.yaml': goodConfig({ root: 'root: ../model' }),
      'conf/plugins.mjs': PLUGINS,
      'model/train.mjs': '',
    });
    const { projectDir, config, uses } = await load(join(dir, 'conf'));
    expect(projectDir).toBe(join(dir, 'model'));
    expect(config.agent[0]?.use).toBe('../conf/plugins.mjs#none');
    expect(uses[1]?.record.path).toBe('../conf/plugins.mjs');
  });

  test('reads JSON', async () => {
    const dir = makeProject({
      'autoresearch.config.json': JSON.stringify({
        scope: { edit: ['a'] },
        objective: { use: 'single', with: { metric: 'loss', direction: 'minimize' } },
        agent: { use: './plugins.mjs#none' },
        trainer: { use: 'command', with: { run: ['node'] } },
        metrics: { loss: { use: 'regex', with: { pattern: 'x(.)' } } },
        reporters: [],
      }),
      'plugins.mjs': PLUGINS,
    });
    expect((await load(dir)).config.scope.edit).toEqual(['a']);
  });

  test('no config at all', async () => {
    const dir = makeProject({ 'package.json': '{}' });
    await expect(loadConfig({ cwd: dir })).rejects.toMatchObject({ errors: [{ code: 'CONFIG_NOT_FOUND' }], exitCode: 2 });
  });
});

describe('resolveRecorded', () => {
  test('a config stored as JSON gives the same uses again', async () => {
    const dir = makeProject({
      'autoresearch.config.yaml': 'extends: ./bases/base.yaml\nplugins: [./more.mjs]\n',
      'bases/base.yaml': goodConfig({ gates: 'gates: [{ use: ./plugins.mjs#better }, { use: strict, with: { level: 2 } }]' }),
      'bases/plugins.mjs': PLUGINS,
      'more.mjs': `export default { kind: 'gate', name: 'strict', apiVersion: 1, description: 'x', create: () => ({}),
        schema: { type: 'object', additionalProperties: false, properties: { level: { type: 'integer', default: 1 } } } };`,
    });
    const { config, projectDir, uses } = await load(dir);
    // The record is plain JSON, as it comes back from disk.
    const stored: Config = JSON.parse(JSON.stringify(config));
    const { uses: again } = await resolveRecorded(stored, projectDir);
    // Only where a file says it is not recorded.
    expect(again).toEqual(uses.map(({ at: _at, ...use }) => use));
    expect(uses[0]?.at).toMatchObject({ line: expect.any(Number) });
    expect(stored.plugins).toEqual(['./more.mjs']);
  });

  test('a plugin that is gone is an error', async () => {
    const { config } = await load(makeGoodProject());
    const elsewhere = makeProject({ 'package.json': '{}' });
    await expect(resolveRecorded(config, elsewhere)).rejects.toMatchObject({
      errors: [{ code: 'PLUGIN_NOT_FOUND' }, { code: 'PLUGIN_NOT_FOUND' }],
    });
  });
});
