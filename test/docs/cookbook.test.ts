import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { createProgram } from '../../src/program.ts';
import { makeFolder, openTestRepo } from '../helpers/repo.ts';
import { runCli } from '../helpers/run-cli.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/cookbook.md'), 'utf8');
const blocks = [...page.matchAll(/<!-- recipe: (\S+)(?: in (\S+))? -->\n\n```yaml\n(.*?)```/gs)];
const recipes = blocks.map(([, name = '', folder = '.', config = '']) => ({ name, folder, config }));

const ROWS = 'id,value\na,1\n';
const SCHEMA = '{ "type": "object", "properties": { "id": { "type": "string" }, "value": { "type": "number" } } }';
/** What the project of each recipe has besides program.md: committed, and ignored by git. */
const PROJECTS: Readonly<
  Record<string, { readonly committed: Readonly<Record<string, string>>; readonly ignored?: Readonly<Record<string, string>> }>
> = {
  gpu: { committed: { 'train.py': '' }, ignored: { '.venv/bin/python': '#!/bin/sh\n', 'data/a.bin': '' } },
  latency: { committed: { 'load-test.mjs': '', 'src/a.js': '' } },
  prompt: {
    committed: { 'prompt.md': '', 'answer.mjs': '', 'compare.mjs': '', 'data/questions.jsonl': '{"id":"a"}\n' },
    ignored: { 'data/solutions.jsonl': '{"id":"a"}\n' },
  },
  monorepo: { committed: { 'bench.mjs': '', 'src/a.ts': '', 'src/public-api.ts': '' }, ignored: { '../../node_modules/x.js': '' } },
  ignored: {
    committed: { 'train.py': 'RATE = 0.1\n', 'data/row.schema.json': SCHEMA },
    ignored: { '.venv/bin/python': '#!/bin/sh\n', 'data/train.csv': ROWS, 'data/test.csv': 'id,value\nb,1\n' },
  },
  secrets: { committed: { 'query.sql': '', 'run-query.mjs': '' } },
  metrics: { committed: { 'model.py': 'DEPTH = 3\n' } },
};

/** A repository with the config and the files it names. */
function makeProject({ name, folder, config }: (typeof recipes)[number]): string {
  const repo = openTestRepo(makeFolder());
  repo.git('init', '-q', '-b', 'main');
  const { committed, ignored = {} } = PROJECTS[name] ?? { committed: {} };
  const files = { 'autoresearch.config.yaml': config, 'program.md': 'Make it better.\n', ...committed };
  for (const [path, text] of Object.entries(files)) repo.write(join(folder, path), text);
  repo.write(
    '.gitignore',
    Object.keys(ignored)
      .map((path) => `/${join(folder, path)}\n`)
      .join(''),
  );
  repo.commit('start');
  for (const [path, text] of Object.entries(ignored)) {
    repo.write(join(folder, path), text);
    chmodSync(join(repo.dir, folder, path), 0o755);
  }
  return join(repo.dir, folder);
}

/** Stands for programs that not every machine has; `check` asks for their version and no more. */
function makePrograms(): string {
  const bin = makeFolder();
  for (const [program, says] of [
    ['claude', '2.1.332 (Claude Code)'],
    ['python3', 'Python 3.13.0'],
  ] as const) {
    mkdirSync(dirname(join(bin, program)), { recursive: true });
    writeFileSync(join(bin, program), `#!/bin/sh\necho "${says}"\n`);
    chmodSync(join(bin, program), 0o755);
  }
  return bin;
}

// One after another: a folder is removed when the test that is running ends.
describe('the cookbook', () => {
  test.each(recipes)('has a config for $name that check passes', async (recipe) => {
    const cwd = makeProject(recipe);
    const env = {
      PATH: [makePrograms(), dirname(process.execPath), process.env['PATH']].join(delimiter),
      HOME: makeFolder(),
      ...Object.fromEntries(
        ['ANTHROPIC_API_KEY', 'TEAM_ANTHROPIC_KEY', 'OPENAI_API_KEY', 'DATABASE_URL'].map((key) => [key, 'set-by-a-test']),
      ),
    };
    const { code, stdout, stderr } = await runCli(['check'], { cwd, env });
    expect([code, stdout + stderr]).toEqual([0, expect.stringContaining('everything is in order')]);
    expect(stderr).not.toContain('warning');
  });
});

test('the cookbook has a recipe for each project of this test, and a link to each of its sections', () => {
  expect(recipes.map(({ name }) => name).sort()).toEqual(Object.keys(PROJECTS).sort());
  const links = [...page.matchAll(/^- \[.*\]\(#(.*)\)$/gm)].map(([, anchor]) => anchor);
  const sections = [...page.matchAll(/^## (.*)$/gm)].map(([, title]) => title?.toLowerCase().replaceAll(' ', '-'));
  expect(links).toEqual(sections);
});

test('the workflow is valid YAML and calls commands and options that exist', () => {
  const text = /<!-- workflow -->\n\n```yaml\n(.*?)```/s.exec(page)?.[1] ?? '';
  const { jobs } = parse(text) as { jobs: { night: { steps: readonly { run?: string }[] } } };
  const lines = jobs.night.steps.flatMap(({ run }) => run?.split(/\n|\|\|/) ?? []);
  const calls = lines.flatMap((line) => /npx autoresearch (.*)/.exec(line)?.[1]?.trim().split(' ') ?? []).length;
  expect(calls).toBeGreaterThan(6);
  for (const line of lines) {
    const [, name = '', rest = ''] = /npx autoresearch (\S+)(.*)/.exec(line) ?? [];
    if (name === '') continue;
    const command = createProgram().commands.find((one) => one.name() === name);
    const known = command?.options.map(({ long }) => long) ?? [];
    for (const [flag] of rest.matchAll(/--[a-z-]+/g)) expect([name, known]).toEqual([name, expect.arrayContaining([flag])]);
  }
});
