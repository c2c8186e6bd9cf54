import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { leftovers } from '../helpers/processes.ts';
import { makeProject, problemsOf, run, set, stepsAgent, trainerFile, type Step } from '../helpers/project.ts';
import { snapshot } from '../helpers/repo.ts';

const train = (script: string) => ({ use: 'command', with: { run: ['bash', '-c', script] } });
const file = (name: string) => ({ use: 'command', with: { run: ['bash', trainerFile(name)] } });

/** A trainer that behaves in the baseline, and after that as the script says. */
const later = (script: string) => train(`if [ "$AUTORESEARCH_EXPERIMENT" = 1 ]; then ${script}; fi; echo "loss: $(cat value.txt)"`);

interface Case {
  readonly name: string;
  readonly trainer: object;
  readonly timeout?: string;
  readonly code: string;
  readonly verdict?: string;
  readonly says?: RegExp;
  readonly parts?: Readonly<Record<string, unknown>>;
}

/** The trials before and after that do not hang must end within it, however busy the machine is. */
const HANGS = '8s';

const CASES: readonly Case[] = [
  { name: 'hangs', trainer: later(`exec bash ${trainerFile('hang.sh')}`), timeout: HANGS, code: 'TRIAL_TIMED_OUT', says: /8s/ },
  { name: 'forks and hangs', trainer: later(`exec bash ${trainerFile('fork-and-hang.sh')}`), timeout: HANGS, code: 'TRIAL_TIMED_OUT' },
  { name: 'leaves children behind', trainer: later(`exec bash ${trainerFile('fork-and-end.sh')}`), code: 'IMPROVED', verdict: 'keep' },
  { name: 'ignores SIGTERM', trainer: later(`exec bash ${trainerFile('deaf.sh')}`), timeout: HANGS, code: 'TRIAL_TIMED_OUT' },
  { name: 'escapes with setsid', trainer: later(`exec bash ${trainerFile('escape.sh')}`), timeout: HANGS, code: 'TRIAL_TIMED_OUT' },
  {
    name: 'ends with an exit code',
    trainer: later('echo Traceback; echo out of memory >&2; exit 3'),
    code: 'TRIAL_FAILED',
    says: /exit code 3: out of memory/,
  },
  { name: 'is ended by a signal', trainer: later('kill -SEGV $$'), code: 'TRIAL_FAILED', says: /SIGSEGV/ },
  { name: 'prints NaN', trainer: later('echo "loss: nan"; exit'), code: 'METRIC_NOT_FINITE', says: /"nan"/ },
  { name: 'prints Infinity', trainer: later('echo "loss: Infinity"; exit'), code: 'METRIC_NOT_FINITE', says: /Infinity/ },
  { name: 'prints the metric twice', trainer: later('echo "loss: 0.1"'), code: 'METRIC_DUPLICATE', says: /2 matches/ },
  { name: 'prints nothing', trainer: later('exit'), code: 'METRIC_MISSING', says: /no match/ },
  {
    name: 'deletes the folder it runs in',
    trainer: later('d=$PWD; cd /; rm -rf "$d"; echo "loss: 0.5"; exit'),
    code: 'IMPROVED',
    verdict: 'keep',
  },
  {
    name: 'deletes the folder it runs in and makes it anew',
    trainer: later('d=$PWD; cd /; rm -rf "$d"; mkdir "$d"; echo "loss: 0.5"; exit'),
    code: 'IMPROVED',
    verdict: 'keep',
  },
  { name: 'deletes the .git file', trainer: later('rm -rf .git'), code: 'IMPROVED', verdict: 'keep' },
  {
    name: 'changes tracked files and adds others',
    trainer: later(
      'echo 9 > value.txt; echo evil > eval.py; echo x > evil.txt; mkdir -p build; echo x > build/x; ln -s / rooted; echo "loss: 0.5"; exit',
    ),
    code: 'IMPROVED',
    verdict: 'keep',
  },
  {
    name: 'hides an edit from git',
    trainer: later('git update-index --assume-unchanged eval.py; echo evil > eval.py'),
    code: 'IMPROVED',
    verdict: 'keep',
  },
  {
    name: 'commits and checks out a branch',
    trainer: later('git -c user.name=a -c user.email=a@b commit -q --allow-empty -m x; git checkout -q -b autoresearch/stray'),
    code: 'IMPROVED',
    verdict: 'keep',
  },
  {
    name: 'puts a link in the place of the worktree',
    trainer: later('d=$PWD; cd /; rm -rf "$d"; ln -s "$(dirname "$d")/../../.." "$d"; echo "loss: 0.5"; exit'),
    code: 'IMPROVED',
    verdict: 'keep',
  },
];

describe('a trainer that', () => {
  it.each(CASES)('$name', async ({ trainer, timeout = '20s', code, verdict = 'crash', says, parts }) => {
    const steps: Step[] = [
      set(0.5),
      {
        bash: 'cat eval.py lib/part.txt; ls; test "$(ls | sort | tr "\\n" " ")" = "autoresearch.config.yaml eval.py lab.mjs lib train.sh value.txt " && test "$(cat eval.py)" = "fair = True" && echo 0.25 > value.txt',
      },
    ];
    const repo = makeProject({ agent: stepsAgent(steps), trainer: { ...trainer, timeout }, ...parts }, { '.gitignore': 'build/\n' });
    repo.write('value.txt', 'mine\n');
    repo.write('draft.md', 'mine\n');
    repo.git('add', 'value.txt');
    const before = snapshot(repo.dir);
    const { experiments } = await run(repo.dir);
    expect(experiments.map((each) => [each.id, each.verdict, each.reason.code])).toEqual([
      [0, 'keep', 'BASELINE'],
      [1, verdict, code],
      [2, 'keep', 'IMPROVED'],
    ]);
    if (says) expect(experiments[1]?.reason.text).toMatch(says);
    expect(await problemsOf(repo.dir)).toEqual([]);
    expect(snapshot(repo.dir)).toEqual(before);
    expect(repo.git('worktree', 'list', '--porcelain').match(/^worktree /gm)).toHaveLength(1);
    expect(await leftovers(repo.dir)).toEqual([]);
  });

  it('writes no result is not measured by the result of the trial before', async () => {
    const trainer = train(
      'if [ "$AUTORESEARCH_EXPERIMENT" != 1 ]; then mkdir -p out; echo "{\\"loss\\": $(cat value.txt)}" > out/result.json; fi',
    );
    const metrics = { loss: { use: 'json', with: { file: 'out/result.json', pointer: '/loss' } } };
    const parts = { agent: stepsAgent([set(0.5), set(0.25)]), trainer: { ...trainer, timeout: '20s' }, metrics };
    for (const outputs of [['out/result.json'], ['out/'], ['out']]) {
      const repo = makeProject({ ...parts, workspace: { outputs } });
      const { experiments } = await run(repo.dir);
      expect(experiments.map(({ reason }) => reason.code)).toEqual(['BASELINE', 'METRIC_MISSING', 'IMPROVED']);
      expect(experiments[2]?.score?.value).toBe(0.25);
    }
  });

  it('writes no result in its second trial is not measured by the first', async () => {
    const trainer = train(
      'if [ "$AUTORESEARCH_EXPERIMENT$AUTORESEARCH_TRIAL" != 11 ]; then echo "{\\"loss\\": $(cat value.txt)}" > result.json; fi',
    );
    const metrics = { loss: { use: 'json', with: { file: 'result.json', pointer: '/loss' } } };
    const repo = makeProject({
      agent: stepsAgent([set(0.5)]),
      trainer: { ...trainer, timeout: '20s', trials: 2 },
      metrics,
      workspace: { outputs: ['result.json'] },
    });
    const { experiments } = await run(repo.dir);
    expect(experiments[1]?.reason.code).toBe('METRIC_MISSING');
    expect(experiments[1]?.trials).toHaveLength(2);
  });

  it('finds its seed, its number and only the environment it may see', async () => {
    process.env['SECRET_TOKEN'] = 'secret';
    process.env['MAY_SEE'] = 'yes';
    const repo = makeProject({
      trainer: {
        ...train('env | sort; test -z "$SECRET_TOKEN" && test "$MAY_SEE" = yes && echo "loss: $AUTORESEARCH_SEED.$AUTORESEARCH_TRIAL"'),
        timeout: '20s',
        trials: 2,
      },
      workspace: { env: ['MAY_SEE'] },
      seed: 7,
    });
    const { experiments } = await run(repo.dir);
    expect(experiments[0]?.trials.map(({ seed, metrics }) => [seed, metrics['loss']])).toEqual([
      [7, 7],
      [8, 8.1],
    ]);
  });

  it('is not shown to other runs: a process of the user with the same program goes on', async () => {
    const { spawn } = await import('node:child_process');
    const own = spawn('sleep', ['60']);
    const repo = makeProject({ trainer: { ...file('fork-and-end.sh'), timeout: '20s' } });
    const { experiments } = await run(repo.dir);
    await sleep(50);
    expect(experiments[0]?.verdict).toBe('keep');
    expect(readFileSync(`/proc/${own.pid}/comm`, 'utf8').trim()).toBe('sleep');
    own.kill();
  });
});
