/** docs/plugins.md does what it says: its plugins are typed, keep the laws, and run together in a project. */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { KINDS } from '../../src/plugins/builtin.ts';
import { exec } from '../../src/process/exec.ts';
import { linkAutoresearch } from '../helpers/link-autoresearch.ts';
import { makeRepo } from '../helpers/repo.ts';
import { runCli } from '../helpers/run-cli.ts';

const root = join(import.meta.dirname, '..', '..');
const page = readFileSync(join(root, 'docs', 'plugins.md'), 'utf8');
const blocks = [...page.matchAll(/```(ts|yaml)\n(.*?)```/gs)].map(([, language, text]) => ({ language, text: text ?? '' }));
const scripts = blocks.filter(({ language }) => language === 'ts').map(({ text }) => text);

/** Blocks that begin with the name of their file; the others are fragments. */
const files = Object.fromEntries(
  scripts.flatMap(
    (text) =>
      /^\/\/ (plugins\/\S+)\n/
        .exec(text)?.[1]
        ?.split(' ')
        .map((path) => [path, text]) ?? [],
  ),
);
const fragments = scripts.filter((text) => !text.startsWith('// plugins/'));
const plugins = Object.keys(files).filter((path) => !/\.(cases|test)\.ts$/.test(path));

const CONFIG = `scope: { edit: [settings.txt] }
objective: { use: ./plugins/worst-case.ts }
agent: { use: ./plugins/doubler.ts }
trainer: { use: ./plugins/limited.ts, with: { run: [sh, train.sh], seconds: 20 }, timeout: 30s }
gates: [{ use: ./plugins/every-trial.ts, with: { trials: 2 } }]
reporters: [{ use: ./plugins/diary.ts }]
budget: { experiments: 8 }
`;
const metric = blocks.find(({ language, text }) => language === 'yaml' && text.includes('model-size'))?.text ?? '';

function makeProject() {
  const repo = makeRepo({
    ...files,
    'package.json': '{ "type": "module" }\n',
    '.gitignore': 'node_modules\n.autoresearch/\ndiary.txt\n',
    'autoresearch.config.yaml': `${CONFIG}${metric}  loss: { use: regex, with: { pattern: '^loss: (\\S+)' } }\n`,
    'settings.txt': '2\n',
    'train.sh': 'read size < settings.txt\nhead -c 65536 /dev/zero > model.bin\n[ $size -gt 8 ] && size=4\necho "loss: $((100 / size))"\n',
  });
  linkAutoresearch(repo.dir);
  return repo;
}

test('there is a plugin of each kind', () => {
  const kinds = plugins.map((path) => /kind: '(\w+)'/.exec(files[path] ?? '')?.[1]);
  expect(new Set(kinds)).toEqual(new Set(KINDS));
  // Of agents also one with agents of its own.
  expect(kinds).toHaveLength(KINDS.length + 1);
});

test('every block has the types it should have', async () => {
  const { dir } = makeProject();
  for (const [index, text] of fragments.entries()) {
    // What a fragment declares and the page does not use is no mistake of it.
    const names = [...text.matchAll(/^const (\w+)/gm)].map(([, name]) => name);
    writeFileSync(join(dir, `fragment-${index}.ts`), `${text}\nexport { ${names.join()} };\n`);
  }
  mkdirSync(join(dir, 'node_modules', '@types'));
  symlinkSync(join(root, 'node_modules', '@types', 'node'), join(dir, 'node_modules', '@types', 'node'));
  const { compilerOptions } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')) as { compilerOptions: object };
  writeFileSync(
    join(dir, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: { ...compilerOptions, paths: {} }, include: ['*.ts', 'plugins'] }),
  );
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { exit, tail } = await exec([process.execPath, tsc, '-p', dir], {
    cwd: dir,
    env: { PATH: process.env['PATH'] ?? '' },
    timeoutMs: 100_000,
  });
  expect(exit, tail).toBe('completed');
});

test('every plugin keeps the laws that need no cases, and the metric all of them', async () => {
  const { dir } = makeProject();
  for (const path of plugins) {
    const { code, stdout } = await runCli(['plugin', 'check', path], { cwd: dir });
    expect(code, stdout).toBe(0);
    expect(stdout.includes('without cases')).toBe(path !== 'plugins/model-size.ts');
  }
  const env = { PATH: process.env['PATH'] ?? '' };
  const { exit, tail } = await exec([process.execPath, '--test', 'plugins/model-size.test.ts'], { cwd: dir, env, timeoutMs: 60_000 });
  expect(exit, tail).toBe('completed');
});

test('all of them run together, and do what they say', async () => {
  const repo = makeProject();
  const end = await runCli(['run', '--name', 'page'], { cwd: repo.dir });
  expect(end.code, end.stderr).toBe(0);
  const { stdout } = await runCli(['log', '--json'], { cwd: repo.dir });
  const experiments = JSON.parse(stdout) as readonly {
    verdict: string;
    trials: readonly unknown[];
    metrics: Readonly<Record<string, number>>;
  }[];
  expect(experiments.map(({ verdict, trials }) => `${verdict} ${trials.length}`)).toEqual([
    'keep 1',
    'keep 2',
    'keep 2',
    'discard 1',
    // The same change again is not trained.
    'discard 0',
  ]);
  expect(experiments[1]?.metrics).toEqual({ size_mb: 0.0625, loss: 25 });
  expect(repo.read('diary.txt')).toBe('#0 50: baseline\n#1 25: batch size 4\n#2 12: batch size 8\n');
});

test('the broken law on the page is worded as it is said', () => {
  expect(page).toContain(
    'gate smaller breaks the rule "decides the same for mirrored scores and direction: worse"\n  expected: the same decision if',
  );
});
