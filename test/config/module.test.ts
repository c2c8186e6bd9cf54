import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { configOf, projectFiles, set, stepsAgent } from '../helpers/project.ts';
import { linkAutoresearch } from '../helpers/link-autoresearch.ts';
import { makeRepo } from '../helpers/repo.ts';
import { runCli } from '../helpers/run-cli.ts';
import { goodConfig, load, makeProject, PLUGINS, problems } from './project.ts';

const CONFIG = `
import { defineConfig } from 'autoresearch';
const minutes: number = 5;
export default defineConfig({
  scope: { edit: ['train.mjs'] },
  objective: { use: 'single', with: { metric: 'loss', direction: 'minimize' } },
  agent: { use: './plugins.mjs#none', timeout: \`\${minutes}m\`, optional: undefined },
  trainer: { use: 'command', with: { run: ['node', 'train.mjs'] }, timeout: '5s' },
  metrics: { loss: { use: 'regex', with: { pattern: '^loss: (.+)$' } } },
  reporters: [{ use: './plugins.mjs#quiet' }],
});
`;
const good = CONFIG.replace("import { defineConfig } from 'autoresearch';", 'const defineConfig = <T,>(config: T): T => config;');
const project = (text: string, more: Record<string, string> = {}) =>
  makeProject({ 'autoresearch.config.ts': text, 'plugins.mjs': PLUGINS, ...more });

describe('autoresearch.config.ts', () => {
  test('is found like the others, after YAML and JSON', async () => {
    const dir = project(good);
    expect(await load(dir)).toMatchObject({
      configFile: join(dir, 'autoresearch.config.ts'),
      config: { agent: [{ timeout: '5m' }], trainer: { timeout: '5s' } },
    });
    const both = project(good, { 'autoresearch.config.yaml': goodConfig() });
    expect((await load(both)).configFile).toBe(join(both, 'autoresearch.config.yaml'));
    expect((await load(both, { configFile: 'autoresearch.config.ts' })).configFile).toBe(join(both, 'autoresearch.config.ts'));
  });

  test('may be a function, extend YAML, and be overridden with --set', async () => {
    const dir = project('export default async () => ({ extends: "./base.yaml", trainer: { timeout: "7s" } });', {
      'base.yaml': goodConfig(),
    });
    expect((await load(dir, { overrides: [{ path: 'seed', value: 7 }] })).config).toMatchObject({
      seed: 7,
      trainer: { timeout: '7s', use: 'command' },
    });
  });

  test.each([
    [
      "gates: [{ use: 'min-delta', with: { minDetla: 1 } }],",
      'autoresearch.config.ts CONFIG_UNKNOWN_KEY gates[0].with: unknown option "minDetla"',
    ],
    ["budget: { time: 'soon' },", 'autoresearch.config.ts CONFIG_VALUE budget.time'],
    ["seed: 'x',", 'autoresearch.config.ts CONFIG_TYPE seed'],
    ['stop: { patience: () => 3 },', 'autoresearch.config.ts CONFIG_TYPE stop.patience: it is a function'],
    ['noise: { sigma: NaN },', 'autoresearch.config.ts CONFIG_TYPE noise.sigma: it is NaN'],
    ['program: new Date(0),', 'autoresearch.config.ts CONFIG_TYPE program: it is a Date'],
  ])('%s is answered with the key path', async (part, problem) => {
    expect(await problems(project(good.replace('  reporters:', `  ${part}\n  reporters:`)))).toEqual([expect.stringContaining(problem)]);
  });

  test.each([
    ['export const a = 1;', 'autoresearch.config.ts CONFIG_TYPE the module has no default export'],
    ['export default 3;', 'autoresearch.config.ts CONFIG_TYPE the file must hold a map of keys'],
    ['throw new Error("no GPU");', 'CONFIG_SYNTAX the module cannot be loaded: no GPU'],
    ['export default { extends: "./other.ts" };', 'EXTENDS_NOT_FOUND extends: ./other.ts is a module'],
  ])('%s', async (text, problem) => {
    expect(await problems(project(text))).toEqual([expect.stringContaining(problem)]);
  });

  test('with defineConfig of the package, runs a night; what it was is in the record, with its variables filled in', async () => {
    const config = configOf({ agent: stepsAgent([set(0.5)]), budget: { experiments: '${HOW_MANY:-1}' } });
    const files = projectFiles(config);
    delete files['autoresearch.config.json'];
    delete files['autoresearch.config.yaml'];
    const yaml = makeRepo({ ...files, 'autoresearch.config.json': JSON.stringify(config) });
    expect((await runCli(['run', '--name', 'a'], { cwd: yaml.dir, env: { HOW_MANY: '1' } })).code).toBe(0);
    const [opened = ''] = yaml.git('log', '--first-parent', '--reverse', '--format=%H', 'refs/autoresearch/a/ledger').split('\n');
    expect(JSON.parse(yaml.git('show', `${opened}:record.json`))).toMatchObject({ config: { budget: { experiments: 1 } } });

    const repo = makeRepo({
      ...files,
      'autoresearch.config.ts': `import { defineConfig } from 'autoresearch';\nexport default defineConfig(${JSON.stringify({ ...config, budget: { experiments: 1 } })});\n`,
    });
    linkAutoresearch(repo.dir);
    const { code, stderr } = await runCli(['run', '--name', 'b'], { cwd: repo.dir });
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    expect((await runCli(['status', '--json'], { cwd: repo.dir })).stdout).toContain('"done": 1');
  });
});
