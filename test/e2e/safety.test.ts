import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { leftovers, until } from '../helpers/processes.ts';
import {
  configOf,
  experimentsOf,
  makeProject,
  problemsOf,
  projectFiles,
  resume,
  run,
  set,
  stepsAgent,
  trainerFile,
  verdicts,
} from '../helpers/project.ts';
import { hashTree, makeFolder, makeRepo, openTestRepo, snapshot, type TestRepo } from '../helpers/repo.ts';
import { CLI, runCli, startCli } from '../helpers/run-cli.ts';

const HANG = { use: 'command', with: { run: ['bash', trainerFile('hang.sh')] }, timeout: '5m' };
const STEPS = stepsAgent([set(0.5), { bash: 'echo 9 > eval.py' }, set('x'), set(0.25)]);

/** What a person may be in the middle of when the run starts. */
const STATES: Readonly<Record<string, (repo: TestRepo) => void>> = {
  'changed, staged, untracked and stashed files': (repo) => {
    repo.write('value.txt', 'stashed\n');
    repo.git('stash');
    repo.write('value.txt', 'staged\n');
    repo.git('add', 'value.txt');
    repo.write('value.txt', 'changed after that\n');
    repo.write('eval.py', 'changed\n');
    repo.git('rm', '-q', '--cached', 'lib/part.txt');
    repo.write('new.txt', 'new\n');
    repo.git('add', '-N', 'new.txt');
    repo.write('notes/draft.md', 'untracked\n');
    repo.write('data.tmp', 'ignored\n');
    symlinkSync('nowhere', join(repo.dir, 'dangling'));
    chmodSync(join(repo.dir, 'train.sh'), 0o755);
    repo.git('update-index', '--assume-unchanged', 'lab.mjs');
  },
  'a detached HEAD': (repo) => {
    repo.git('checkout', '-q', '--detach');
    repo.git('tag', 'here');
  },
  'a merge with conflicts': (repo) => {
    repo.git('checkout', '-q', '-b', 'side');
    repo.write('eval.py', 'side\n');
    repo.commit('side');
    repo.git('checkout', '-q', 'main');
    repo.write('eval.py', 'main\n');
    repo.commit('main');
    expect(() => repo.git('merge', 'side')).toThrow();
    expect(repo.git('status', '--short')).toContain('UU eval.py');
  },
  'a rebase that has stopped': (repo) => {
    repo.git('checkout', '-q', '-b', 'side');
    repo.write('eval.py', 'side\n');
    repo.commit('side');
    repo.git('checkout', '-q', 'main');
    repo.write('eval.py', 'main\n');
    repo.commit('main');
    expect(() => repo.git('rebase', 'side')).toThrow();
  },
  'an index.lock of their own git': (repo) => repo.write('.git/index.lock', ''),
};

describe('a checkout with', () => {
  it.each(Object.entries(STATES))('%s is the same after a run', async (_name, prepare) => {
    const repo = makeProject({ agent: STEPS }, { '.gitignore': '*.tmp\n' });
    prepare(repo);
    const before = snapshot(repo.dir);
    const { experiments } = await run(repo.dir);
    expect(verdicts(experiments)).toEqual([
      '#0 keep BASELINE',
      '#1 keep IMPROVED',
      '#2 discard OUT_OF_SCOPE',
      '#3 crash METRIC_NOT_FINITE',
      '#4 keep IMPROVED',
    ]);
    expect(snapshot(repo.dir)).toEqual(before);
    expect(repo.git('log', '--format=%s', '-2', 'autoresearch/night').trim().split('\n').at(-1)).toContain('echo 0.5');
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('all of that is the same after %s, and after the resume', async (signal) => {
    const repo = makeProject(
      {
        agent: stepsAgent([set(0.5)]),
        trainer: {
          ...HANG,
          with: {
            run: [
              'bash',
              '-c',
              `test ! -e "$PWD"/../../../../go.tmp && exec bash ${trainerFile('hang.sh')}; echo "loss: $(cat value.txt)"`,
            ],
          },
        },
      },
      { '.gitignore': '*.tmp\n' },
    );
    STATES['changed, staged, untracked and stashed files']?.(repo);
    const before = snapshot(repo.dir);
    const cli = startCli(['run', '--name', 'night'], { cwd: repo.dir });
    const log = join(repo.dir, '.autoresearch/night/trial-default.log');
    await until('the trial', () => existsSync(log) && readFileSync(log, 'utf8').includes('begun'));
    process.kill(cli.pid, signal);
    const { code, signal: by } = await cli.ended;
    expect([code, by]).toEqual(signal === 'SIGKILL' ? [null, 'SIGKILL'] : [130, null]);
    expect(snapshot(repo.dir, { running: signal === 'SIGKILL' })).toEqual(before);
    if (signal !== 'SIGKILL') {
      expect(repo.git('worktree', 'list', '--porcelain').match(/^worktree /gm)).toHaveLength(1);
      expect(existsSync(join(repo.dir, '.autoresearch/night/lock'))).toBe(false);
      expect(await leftovers(repo.dir)).toEqual([]);
    }
    repo.write('go.tmp', '');
    const { experiments } = await resume(repo.dir);
    expect(verdicts(experiments)).toEqual(['#0 keep BASELINE', '#1 keep IMPROVED']);
    expect(await problemsOf(repo.dir)).toEqual([]);
    const after = snapshot(repo.dir);
    delete after['checkout/go.tmp'];
    expect(after).toEqual(before);
    expect(await leftovers(repo.dir)).toEqual([]);
  });
});

describe('the run works', () => {
  it('in a folder with spaces and other scripts, in a project below the top', async () => {
    const top = join(makeFolder(), 'Prüf ordner');
    const files = projectFiles(
      configOf({
        agent: stepsAgent([set(0.5), { bash: 'echo x > ../eval.py' }, { bash: "echo 0.25 > value.txt; echo x > 'lib/日本 語.txt'" }]),
        workspace: { link: ['däta'] },
      }),
      { '.gitignore': 'däta\n' },
    );
    const repo = makeRepo(Object.fromEntries(Object.entries(files).map(([path, text]) => [`日本/${path}`, text])), top);
    repo.write('日本/däta/big.bin', 'mine');
    const before = snapshot(top);
    const { experiments } = await run(join(top, '日本/lib'));
    expect(verdicts(experiments)).toEqual(['#0 keep BASELINE', '#1 keep IMPROVED', '#2 discard OUT_OF_SCOPE', '#3 keep IMPROVED']);
    expect(experiments[2]?.changes).toEqual([{ path: '../eval.py', kind: 'added' }]);
    expect(experiments[3]?.changes).toEqual([
      { path: 'lib/日本 語.txt', kind: 'added' },
      { path: 'value.txt', kind: 'modified' },
    ]);
    expect(await problemsOf(join(top, '日本'))).toEqual([]);
    expect(snapshot(top)).toEqual(before);
    expect(existsSync(join(top, '日本/.autoresearch/night/wal.jsonl'))).toBe(true);
    expect(repo.git('status', '--porcelain')).toBe('');
  });

  it('in a repository with a submodule, and in the submodule itself', async () => {
    const inner = makeProject({ agent: stepsAgent([set(0.5)]) });
    const repo = makeProject({
      agent: stepsAgent([
        set(0.5),
        { bash: 'git update-index --cacheinfo 160000,$(git rev-parse HEAD),vendor/inner' },
        { bash: 'echo x > vendor/inner/x; echo 0.1 > value.txt' },
        set(0.25),
      ]),
    });
    repo.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner.dir, 'vendor/inner');
    repo.commit('with a submodule');
    repo.git('config', 'submodule.recurse', 'true');
    const before = snapshot(repo.dir);
    const { experiments } = await run(repo.dir);
    expect(verdicts(experiments)).toEqual([
      '#0 keep BASELINE',
      '#1 keep IMPROVED',
      '#2 discard NO_CHANGE',
      '#3 discard OUT_OF_SCOPE',
      '#4 keep IMPROVED',
    ]);
    expect(snapshot(repo.dir)).toEqual(before);

    const sub = join(repo.dir, 'vendor/inner');
    const within = await run(sub);
    expect(verdicts(within.experiments)).toEqual(['#0 keep BASELINE', '#1 keep IMPROVED']);
    expect(repo.git('status', '--porcelain')).toBe('');
  });

  it('from a git hook, which points git elsewhere', async () => {
    const repo = makeProject({ agent: stepsAgent([set(0.5)]) });
    const hook = join(repo.dir, '.git/hooks/post-commit');
    writeFileSync(
      hook,
      `#!/bin/sh\nenv | grep ^GIT_ > "$PWD/.git/hook-env"\nexport GIT_DIR=$PWD/.git GIT_INDEX_FILE=$PWD/.git/index GIT_WORK_TREE=$PWD\nexec "${process.execPath}" "${CLI}" run --name night > .git/hook-log 2>&1\n`,
    );
    chmodSync(hook, 0o755);
    repo.write('eval.py', 'fair = "yes"\n');
    repo.write('value.txt', '2\n');
    repo.git('add', 'value.txt');
    repo.git('commit', '-q', '-m', 'with a hook');
    expect(repo.read('.git/hook-env')).toContain('GIT_');
    expect(repo.git('status', '--porcelain')).toBe(' M eval.py\n');
    expect(repo.git('log', '--format=%s').trim().split('\n')).toEqual(['with a hook', 'start']);
    expect(verdicts(await experimentsOf(repo.dir))).toEqual(['#0 keep BASELINE', '#1 keep IMPROVED']);
    expect(repo.read('eval.py')).toBe('fair = "yes"\n');
  });

  it('under settings of the user that would get in the way', async () => {
    const repo = makeProject({ agent: stepsAgent([{ bash: 'echo 0.5 > value.txt', title: 'Größe' }, set(0.25)]) });
    mkdirSync(join(repo.dir, '.git/bad-hooks'));
    for (const name of ['pre-commit', 'post-checkout', 'commit-msg', 'reference-transaction', 'post-commit']) {
      writeFileSync(join(repo.dir, '.git/bad-hooks', name), '#!/bin/sh\ntouch "$(git rev-parse --git-common-dir)/hook-ran"\nexit 1\n', {
        mode: 0o755,
      });
    }
    const settings = {
      'core.hooksPath': '.git/bad-hooks',
      'commit.gpgsign': 'true',
      'log.showSignature': 'true',
      'i18n.logOutputEncoding': 'latin1',
      'i18n.commitEncoding': 'latin1',
      'color.ui': 'always',
      'status.branch': 'true',
      'diff.noprefix': 'true',
      'user.useConfigOnly': 'true',
      'core.fsmonitor': '/bin/false',
      'commit.cleanup': 'strip',
      'status.showUntrackedFiles': 'no',
      'core.sparseCheckout': 'true',
    };
    for (const [key, value] of Object.entries(settings)) repo.git('config', key, value);
    const { experiments } = await run(repo.dir);
    expect(verdicts(experiments)).toEqual(['#0 keep BASELINE', '#1 keep IMPROVED', '#2 keep IMPROVED']);
    expect(await problemsOf(repo.dir)).toEqual([]);
    expect(existsSync(join(repo.dir, '.git/hook-ran'))).toBe(false);
  });

  it('in a worktree of the user', async () => {
    const main = makeProject({ agent: stepsAgent([set(0.5)]) });
    const dir = join(makeFolder(), 'linked');
    main.git('worktree', 'add', '-q', '-b', 'side', dir);
    const repo = openTestRepo(dir);
    repo.write('value.txt', 'mine\n');
    const before = [hashTree(dir), repo.git('status', '--porcelain=v2', '--branch'), snapshot(main.dir, { running: true })];
    expect((await run(dir)).experiments).toHaveLength(2);
    expect([
      hashTree(dir, (path) => path === '.autoresearch'),
      repo.git('status', '--porcelain=v2', '--branch'),
      snapshot(main.dir, { running: true }),
    ]).toEqual(before);
  });
});

describe('the branch of the run', () => {
  it('is not moved under somebody who has it checked out, and follows later', async () => {
    const repo = makeProject({ agent: stepsAgent([set(0.5), set(0.4), set(0.3)]), budget: { experiments: 1 } });
    const first = await run(repo.dir);
    repo.git('checkout', '-q', 'autoresearch/night');
    repo.write('value.txt', 'mine\n');
    const before = snapshot(repo.dir);
    const second = await resume(repo.dir, { budget: { experiments: 2 } });
    expect(second.messages.join('\n')).toContain('autoresearch/night is checked out, so it stays where it is');
    expect(snapshot(repo.dir)).toEqual(before);
    expect(repo.git('rev-parse', 'HEAD').trim()).toBe(first.experiments[1]?.candidate);
    expect(await problemsOf(repo.dir)).toEqual([]);
    repo.git('checkout', '-q', '-f', 'main');
    const third = await resume(repo.dir, { budget: { experiments: 3 } });
    expect(repo.git('rev-parse', 'autoresearch/night').trim()).toBe(third.experiments[3]?.candidate);
  });

  it('keeps the commits a person has put on it', async () => {
    const repo = makeProject({ agent: stepsAgent([set(0.5), set(0.4)]), budget: { experiments: 1 } });
    await run(repo.dir);
    repo.git('checkout', '-q', 'autoresearch/night');
    repo.write('eval.py', 'mine\n');
    const mine = repo.commit('mine');
    repo.git('checkout', '-q', 'main');
    const { messages, experiments } = await resume(repo.dir, { budget: { experiments: 2 } });
    expect(experiments[2]?.verdict).toBe('keep');
    expect(messages.join('\n')).toContain('has commits that are not of this run');
    expect(repo.git('rev-parse', 'autoresearch/night').trim()).toBe(mine);
  });

  it('is refused where a branch of the user has its name, or stands in its way', async () => {
    for (const name of ['autoresearch/night', 'autoresearch']) {
      const repo = makeProject();
      repo.git('branch', name);
      const before = repo.git('for-each-ref');
      await expect(run(repo.dir)).rejects.toMatchObject({ code: 'GIT_BRANCH_CONFLICT', exitCode: 3 });
      expect(repo.git('for-each-ref')).toBe(before);
      expect(existsSync(join(repo.dir, '.autoresearch'))).toBe(false);
    }
  });
});

describe('what is linked into the worktree', () => {
  it.each(['data', 'data/', 'deep/er/data'])(
    '(%s) is the folder of the user, and outlives every trial, whatever is done to the link',
    async (link) => {
      const path = link.replace(/\/$/, '');
      const attacks = [
        `rm ${path}; mkdir ${path}; echo easy > ${path}/train.bin`,
        `rm ${path}`,
        `rm ${path}; ln -s /etc ${path}`,
        'git clean -fdxq',
      ];
      const repo = makeProject(
        {
          agent: stepsAgent([set(0.9), ...attacks.map((bash, index) => ({ bash: `${bash}; echo 0.${8 - index} > value.txt` }))]),
          trainer: {
            use: 'command',
            with: {
              run: ['sh', '-c', `grep -q tokens ${path}/train.bin && echo "loss: $(cat value.txt)"; rm -rf ${path} 2>/dev/null; true`],
            },
            timeout: '20s',
          },
          workspace: { link: [link] },
        },
        { '.gitignore': 'data\n' },
      );
      repo.write(`${path}/train.bin`, 'tokens\n');
      const before = hashTree(join(repo.dir, path));
      const { experiments } = await run(repo.dir);
      expect(verdicts(experiments)).toEqual(['#0 keep BASELINE', ...[1, 2, 3, 4, 5].map((id) => `#${id} keep IMPROVED`)]);
      expect(hashTree(join(repo.dir, path))).toEqual(before);
    },
  );

  it('is found by a program, such as node_modules', async () => {
    const repo = makeProject(
      {
        agent: stepsAgent([set(0.5)]),
        trainer: { use: 'command', with: { run: [process.execPath, 'train.mjs'] }, timeout: '20s' },
        workspace: { link: ['node_modules'] },
      },
      {
        '.gitignore': 'node_modules/\n',
        'train.mjs':
          "import { half } from 'halver'; import { readFileSync } from 'node:fs'; console.log(`loss: ${half(Number(readFileSync('value.txt', 'utf8')))}`);\n",
      },
    );
    repo.write('node_modules/halver/package.json', '{ "name": "halver", "type": "module", "exports": "./index.js" }');
    repo.write('node_modules/halver/index.js', 'export const half = (x) => x / 2;\n');
    const before = snapshot(repo.dir);
    const { experiments } = await run(repo.dir);
    expect(experiments.map(({ score }) => score?.value)).toEqual([0.5, 0.25]);
    expect(snapshot(repo.dir)).toEqual(before);
  });
});

describe('the lock', () => {
  it('refuses a second process, and names the first', async () => {
    const repo = makeProject({ trainer: HANG });
    const cli = startCli(['run', '--name', 'night'], { cwd: repo.dir });
    await until('the trial', () => existsSync(join(repo.dir, '.autoresearch/night/trial-default.log')));
    for (const args of [['resume', 'night'], ['resume']]) {
      const second = await runCli(args, { cwd: repo.dir });
      expect([second.code, second.stderr]).toEqual([
        3,
        expect.stringContaining(`RUN_LOCKED this run is being worked on by process ${cli.pid}`),
      ]);
    }
    const again = await runCli(['run', '--name', 'night'], { cwd: repo.dir });
    expect([again.code, again.stderr]).toEqual([3, expect.stringContaining('RUN_EXISTS')]);
    process.kill(cli.pid, 'SIGINT');
    expect((await cli.ended).code).toBe(130);
    expect(await leftovers(repo.dir)).toEqual([]);
  });

  it('gives way to a second Ctrl-C at once, and leaves no process', async () => {
    const calls = join(makeFolder(), 'calls');
    const repo = makeProject({ agent: stepsAgent([{ sleepMs: 600_000, deaf: true }], { calls }) });
    const cli = startCli(['run', '--name', 'night'], { cwd: repo.dir });
    await until('the first proposal', () => existsSync(calls));
    process.kill(cli.pid, 'SIGINT');
    await until('the message', () => cli.stderr().includes('stopping'));
    process.kill(cli.pid, 'SIGINT');
    expect(await cli.ended).toMatchObject({ code: null, signal: 'SIGINT' });
    expect(await leftovers(repo.dir)).toEqual([]);
    expect(verdicts(await experimentsOf(repo.dir))).toEqual(['#0 keep BASELINE']);
  });
});
