import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeRepo, type TestRepo } from '../helpers/repo.ts';
import { runCli } from '../helpers/run-cli.ts';

interface Situation {
  readonly run?: readonly string[];
  readonly more?: Readonly<Record<string, unknown>>;
  readonly committed?: Readonly<Record<string, string>>;
  /** Written after the commit. */
  readonly loose?: Readonly<Record<string, string>>;
  readonly executable?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

function project({ run = ['sh', 'train.sh'], more = {}, committed = {}, loose = {}, executable = [] }: Situation): TestRepo {
  const config = {
    scope: { edit: ['train.sh'] },
    objective: { use: 'single', with: { metric: 'loss', direction: 'minimize' } },
    agent: { use: 'search', with: { parameters: [{ file: 'params.yaml', name: 'rate', type: 'float', range: [0, 2] }] } },
    trainer: { use: 'command', with: { run }, timeout: '20s' },
    metrics: { loss: { use: 'regex', with: { pattern: '^loss: (.+)$' } } },
    gates: [{ use: 'min-delta' }],
    sandbox: 'off',
    budget: { experiments: 1 },
    ...more,
  };
  const files = {
    'autoresearch.config.yaml': JSON.stringify({ ...config, scope: { edit: ['train.sh', 'params.yaml'] } }),
    'train.sh': 'echo "loss: 1"\n',
    'params.yaml': 'rate: 1\n',
    '.gitignore': 'data/\n.venv/\ncache\n*.bin\n',
    ...committed,
  };
  const repo = makeRepo(files);
  for (const [path, text] of Object.entries(loose)) {
    mkdirSync(dirname(join(repo.dir, path)), { recursive: true });
    writeFileSync(join(repo.dir, path), text);
  }
  for (const path of executable) chmodSync(join(repo.dir, path), 0o755);
  return repo;
}

async function check(situation: Situation): Promise<{ code: number | null; text: string }> {
  const { code, stdout, stderr } = await runCli(['check'], { cwd: project(situation).dir, ...(situation.env && { env: situation.env }) });
  return { code, text: stdout + stderr };
}

const problems: readonly (readonly [name: string, situation: Situation, says: RegExp])[] = [
  [
    'an ignored program',
    { run: ['.venv/bin/python', 'train.sh'], loose: { '.venv/bin/python': '#!/bin/sh\n' }, executable: ['.venv/bin/python'] },
    /FILE_IGNORED trainer\.with\.run needs \.venv\/bin\/python, which git ignores: .* committed files only\n {2}workspace: \{ link: \[\.venv\] \}/,
  ],
  [
    'an ignored program beside what is linked already',
    {
      run: ['.venv/bin/x'],
      loose: { '.venv/bin/x': '', 'data/a': '' },
      executable: ['.venv/bin/x'],
      more: { workspace: { link: ['data'] } },
    },
    /workspace: \{ link: \[data, \.venv\] \}/,
  ],
  [
    'a program nobody has committed',
    { run: ['./bench'], loose: { bench: '#!/bin/sh\n' }, executable: ['bench'] },
    /FILE_NOT_COMMITTED .*bench, which is not committed.*\n {2}git add bench && git commit/,
  ],
  ['a program that is nowhere', { run: ['./bench'] }, /COMMAND_NOT_FOUND trainer\.with\.run: there is no file bench/],
  [
    'a program without the right to run',
    { run: ['./bench'], committed: { bench: '#!/bin/sh\necho "loss: 1"\n' } },
    /NOT_EXECUTABLE .*\.\/bench|NOT_EXECUTABLE .*bench is not executable in the commit.*\n {2}git add bench && git update-index --chmod=\+x/,
  ],
  [
    'an agent of its own that nobody has committed',
    { more: { agent: { use: 'command', with: { run: ['./agent.sh'] } } }, loose: { 'agent.sh': '#!/bin/sh\n' }, executable: ['agent.sh'] },
    /FILE_NOT_COMMITTED agent\.with\.run needs agent\.sh/,
  ],
  [
    'constants that only the working copy has',
    { committed: { 'params.yaml': 'other: 1\n' }, loose: { 'params.yaml': 'rate: 1\n' } },
    /EDIT_FILE_NOT_COMMITTED params\.yaml: rate: your copy of the file has it, but the commit .* does not\n {2}git add params\.yaml/,
  ],
];

const warnings: readonly (readonly [name: string, situation: Situation, says: RegExp | null])[] = [
  ['nothing to say', {}, null],
  [
    'data that a script names in quotes',
    { committed: { 'load.py': 'x = 1\nopen("data/a.csv")\n' }, loose: { 'data/a.csv': '1\n' } },
    /load\.py:2 names data, which git ignores: .*\n {2}workspace: \{ link: \[data\] \}/,
  ],
  [
    'data that a command names',
    { committed: { 'train.sh': 'cat data/a.csv\necho "loss: 1"\n' }, loose: { 'data/a.csv': '1\n' } },
    /train\.sh:1 names data/,
  ],
  [
    'data that is linked',
    { committed: { 'load.py': 'open("data/a.csv")\n' }, loose: { 'data/a.csv': '' }, more: { workspace: { link: ['data'] } } },
    null,
  ],
  ['a word of prose', { committed: { 'load.py': '# reads the data of last night\n' }, loose: { 'data/a.csv': '' } }, null],
  [
    'a folder of a tool',
    { committed: { 'load.py': 'skip("node_modules")\n', '.gitignore': 'node_modules\n' }, loose: { 'node_modules/a': '' } },
    null,
  ],
  [
    'a module nobody has committed',
    { committed: { 'train.py': 'import helper\n' }, loose: { 'helper.py': 'x = 1\n' } },
    /train\.py:1 names helper\.py, which is not committed.*\n {2}git add helper\.py/,
  ],
  [
    'an argument that git ignores',
    { run: ['sh', 'train.sh', 'model.bin'], loose: { 'model.bin': '' } },
    /trainer\.with\.run needs model\.bin, which git ignores/,
  ],
  [
    'an edited file',
    { loose: { 'train.sh': 'echo "loss: 2"\n' } },
    /train\.sh has changes that are not committed: the committed version will be measured/,
  ],
  ['an edited config', { loose: { '.gitignore': 'data/\n' } }, null],
  [
    'a variable in Python',
    { committed: { 'a.py': 'os.environ["ALPHA_X"]\n' }, env: { ALPHA_X: '1' } },
    /a\.py:1 reads ALPHA_X.*\n {2}workspace: \{ env: \[ALPHA_X\] \}/,
  ],
  [
    'a variable in Python with a default',
    { committed: { 'a.py': "os.environ.get('ALPHA_X', '')\n" }, env: { ALPHA_X: '1' } },
    /a\.py:1 reads ALPHA_X/,
  ],
  ['a variable in Node', { committed: { 'a.mjs': 'const x = process.env.ALPHA_X;\n' }, env: { ALPHA_X: '1' } }, /a\.mjs:1 reads ALPHA_X/],
  ['a variable in C', { committed: { 'a.c': 'char *x = getenv("ALPHA_X");\n' }, env: { ALPHA_X: '1' } }, /a\.c:1 reads ALPHA_X/],
  ['a variable in Go', { committed: { 'a.go': 'x := os.Getenv("ALPHA_X")\n' }, env: { ALPHA_X: '1' } }, /a\.go:1 reads ALPHA_X/],
  ['a variable in Rust', { committed: { 'a.rs': 'std::env::var("ALPHA_X")\n' }, env: { ALPHA_X: '1' } }, /a\.rs:1 reads ALPHA_X/],
  ['a variable in shell', { committed: { 'a.sh': 'echo ${ALPHA_X:-1}\n' }, env: { ALPHA_X: '1' } }, /a\.sh:1 reads ALPHA_X/],
  ['a shell variable of its own', { committed: { 'a.sh': 'ALPHA_X=1\necho $ALPHA_X\n' }, env: { ALPHA_X: '1' } }, null],
  ['a variable that is not set', { committed: { 'a.py': 'os.environ["ALPHA_X"]\n' } }, null],
  [
    'a variable that is passed',
    { committed: { 'a.py': 'os.environ["ALPHA_X"]\n' }, env: { ALPHA_X: '1' }, more: { workspace: { env: ['ALPHA_X'] } } },
    null,
  ],
  ['threads, which all trials get', { committed: { 'a.py': 'os.environ["OMP_NUM_THREADS"]\n' }, env: { OMP_NUM_THREADS: '1' } }, null],
];

describe('check names what trials would not find', () => {
  it.each(problems)('%s', async (_name, situation, says) => {
    const { code, text } = await check(situation);
    expect(text).toMatch(says);
    expect(code).toBe(3);
  });

  it.each(warnings)('%s', async (_name, situation, says) => {
    const { code, text } = await check(situation);
    expect(text).toMatch(says ?? /everything is in order/);
    if (says === null) expect(text).not.toContain('warning');
    expect(code).toBe(0);
  });

  it('does not take a link for a folder that is ignored', async () => {
    const repo = project({ run: ['.venv/run'], loose: { 'elsewhere.bin/run': '#!/bin/sh\n' }, executable: ['elsewhere.bin/run'] });
    symlinkSync('elsewhere.bin', join(repo.dir, '.venv'));
    const { stderr } = await runCli(['check'], { cwd: repo.dir });
    expect(stderr).toContain('.venv/run, which is not committed');
  });
});

describe('a failed baseline', () => {
  const failures: readonly (readonly [name: string, situation: Situation, says: string])[] = [
    [
      'names the ignored file, and the line to write',
      { committed: { 'train.sh': 'cat "$(printf da)ta/a.csv" && echo "loss: 1"\n' }, loose: { 'data/a.csv': '1\n' } },
      'It needs data/a.csv, which git ignores: trials run in a worktree, which holds committed files only. Mend it with: workspace: { link: [data] }',
    ],
    [
      'names the module that is not committed',
      { committed: { 'train.sh': `echo "No module named 'helper'"; exit 1\n` }, loose: { 'helper.py': '' } },
      'It needs helper.py, which is not committed',
    ],
    [
      'names the environment that is not used',
      { committed: { 'train.sh': `echo "No module named 'sklearn'"; exit 1\n` }, loose: { '.venv/bin/python': '' } },
      'The project has a virtual environment in .venv, which the trainer does not use',
    ],
  ];

  it.each(failures)('%s, in run and in check --measure', async (_name, situation, says) => {
    const { dir } = project(situation);
    const run = await runCli(['run'], { cwd: dir });
    expect(run.code).toBe(1);
    expect(run.stderr).toContain(says);
    expect(run.stdout).not.toContain('autoresearch resume');
    const measured = await runCli(['check', '--measure', '2'], { cwd: dir });
    expect(measured.code).toBe(1);
    expect(measured.stderr).toMatch(/^BASELINE_FAILED the baseline could not be measured: /m);
    expect(measured.stderr).toContain(says);
    const status = await runCli(['status'], { cwd: dir });
    expect(status.stdout).not.toMatch(/resume|experiments an hour/);
  });

  it.each([
    ['a metric that is not printed', { committed: { 'train.sh': 'echo nothing\n' } }, /the output has no match/],
    [
      'a trial that takes too long',
      { committed: { 'train.sh': 'sleep 60\n' }, more: { trainer: { use: 'command', with: { run: ['sh', 'train.sh'] }, timeout: '1s' } } },
      /did not end within 1s/,
    ],
    ['a program that crashes', { committed: { 'train.sh': 'echo "fatal: no data" >&2; exit 3\n' } }, /exit code 3: fatal: no data/],
  ] satisfies [string, Situation, RegExp][])('is no bug of ours: %s', async (_name, situation, says) => {
    const { code, stderr } = await runCli(['check', '--measure', '2'], { cwd: project(situation).dir });
    expect(stderr).toMatch(says);
    expect(stderr).not.toMatch(/This is a bug|^\s+at /m);
    expect(code).toBe(1);
  });
});
