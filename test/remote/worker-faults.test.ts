/** Trials over the real worker.sh on this machine, where every call in turn fails, is cut short or answers for another job. */
import { copyFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { callProgram, createRemoteTrainer, shellEngine, workerScript, type CallWorker, type TrialOutcome } from '../../src/plugin.ts';
import { openGit } from '../../src/git/git.ts';
import { treeAt } from '../../src/git/pack-tree.ts';
import { makeContext, makeTrialRequest } from '../../src/testing/context.ts';
import { makeFolder, makeRepo } from '../helpers/repo.ts';

type Break = (ask: () => Promise<Buffer>, args: readonly string[]) => Promise<Buffer>;

/** Changes what was answered. */
const after =
  (change: (answer: Buffer, args: readonly string[]) => Buffer): Break =>
  async (ask, args) =>
    change(await ask(), args);

const OPTIONS = {
  run: ['sh', 'train.sh'],
  env: [],
  readable: [],
  outputs: ['out.txt'],
  maxResultsMb: 1,
  sandbox: 'off',
  network: false,
  leaseSeconds: 20,
  pollSeconds: 0.05,
  pendingSeconds: 60,
  retries: 2,
} as const;

interface Trial {
  readonly outcome: TrialOutcome;
  readonly result: string;
  readonly log: string;
  readonly starts: number;
  readonly calls: readonly string[];
  /** What is left where jobs are kept. */
  readonly left: readonly string[];
}

/** A trial whose calls are broken, by their number. */
async function trial(breaks: ReadonlyMap<number, Break> = new Map()): Promise<Trial> {
  const folder = makeFolder();
  const [place, cwd, root] = ['project', 'cwd', 'jobs-here'].map((name) => join(folder, name)) as [string, string, string];
  for (const dir of [place, cwd, root]) mkdirSync(dir);
  copyFileSync(workerScript(), join(root, 'worker.sh'));
  const train = `echo x >> ${folder}/starts; echo first; sleep 0.3; echo value > out.txt; echo last\n`;
  const repo = makeRepo({ 'train.sh': train }, place);
  const context = makeContext({ projectDir: folder });
  const calls: string[] = [];
  const call: CallWorker = async (args, input) => {
    const number = calls.push(args[0] ?? '') - 1;
    const env = { PATH: process.env['PATH'] ?? '' };
    const ask = () => callProgram(context, ['sh', join(root, 'worker.sh'), ...args], { input, timeoutMs: 60_000, env });
    return breaks.get(number)?.(ask, args) ?? ask();
  };
  const trainer = createRemoteTrainer({ options: OPTIONS, context, engineOf: () => shellEngine(call) });
  const outcome = await trainer.train(
    makeTrialRequest({ cwd, logFile: join(folder, 'log'), tree: treeAt(openGit(join(repo.dir, '.git')), 'HEAD', ''), timeoutMs: 30_000 }),
  );
  const read = (file: string) => readFileSync(join(folder, file), 'utf8');
  return {
    outcome,
    result: outcome.exit === 'completed' ? read('cwd/out.txt') : '',
    log: read('log'),
    starts: read('starts').trim().split('\n').length,
    calls,
    left: readdirSync(root).flatMap((name) => (name === 'jobs' ? readdirSync(join(root, name)) : name === 'worker.sh' ? [] : [name])),
  };
}

const BREAKS: Record<string, Break> = {
  'is never given, nor the question heard': async () => {
    throw new Error('connection refused');
  },
  'is lost on its way': async (ask) => {
    await ask();
    throw new Error('connection reset');
  },
  'is empty': after(() => Buffer.alloc(0)),
  'is cut in the middle': after((answer) => answer.subarray(0, Math.floor(answer.length / 2))),
  'lacks its last byte': after((answer) => answer.subarray(0, -1)),
};

describe('a trial on another machine', () => {
  it.each(Object.entries(BREAKS))('has the right result where any one answer %s', async (_, broken) => {
    const { calls } = await trial();
    // The first and the last call of each kind.
    const chosen = calls.flatMap((kind, at) => (calls.indexOf(kind) === at || calls.lastIndexOf(kind) === at ? [at] : []));
    for (const at of chosen) {
      const { outcome, result, log, starts, left } = await trial(new Map([[at, broken]]));
      const where = `call ${at}, ${calls[at]}`;
      expect([where, outcome.exit, result]).toEqual([where, 'completed', 'value\n']);
      expect([where, log]).toEqual([where, 'first\nlast\n']);
      expect([where, starts]).toEqual([where, 1 + (outcome.lost?.length ?? 0)]);
      expect([where, left]).toEqual([where, []]);
    }
  });

  /** Changes the first answer that it applies to. */
  const once = (change: (text: string) => string): Break => {
    let isDone = false;
    return after((answer) => {
      const text = answer.toString();
      const changed = isDone ? text : change(text);
      isDone ||= changed !== text;
      return Buffer.from(changed);
    });
  };
  const always = (broken: Break) => new Map(Array.from({ length: 500 }, (_, at) => [at, broken]));
  const cutResult: Break = after((answer, [what]) => (what === 'result' ? answer.subarray(0, 3) : answer));

  it.each<[string, RegExp, Break]>([
    ['is of another commit', /another commit/, once((text) => text.replace(/ tree=[0-9a-f]+/, ` tree=${'0'.repeat(40)}`))],
    ['does not say of which commit it is', /another commit/, once((text) => text.replace(/ tree=[0-9a-f]+;/, ''))],
    ['was cut on its way', /did not arrive as the worker had it/, once((text) => (text === 'value\n' ? 'val' : text))],
    ['was made on a full disk', /disk/, once((text) => text.replace('why=;', 'why=disk;'))],
  ])('is measured again where its result %s', async (_, cause, broken) => {
    const { outcome, result, starts } = await trial(always(broken));
    expect(outcome).toMatchObject({ exit: 'completed', lost: [{ cause: expect.stringMatching(cause) }] });
    expect([result, starts]).toEqual(['value\n', 2]);
  });

  it('is given up for lost when that happens each time, and is no failure of the program', async () => {
    const { outcome, starts } = await trial(always(cutResult));
    expect(outcome).toMatchObject({ exit: 'lost', exitCode: null, detail: expect.stringContaining('lost 3 times') });
    expect([outcome.lost?.length, starts]).toEqual([3, 3]);
  });

  it('notes a result that comes after its attempt was given up, and does not count it', async () => {
    const silent = once((text) => text.replace('state=running', 'state=silent'));
    const { outcome, result, starts, left } = await trial(
      always(async (ask, args) => {
        if (args[0] === 'cancel') throw new Error('connection refused');
        return silent(ask, args);
      }),
    );
    expect(outcome).toMatchObject({ exit: 'completed', lost: [{ cause: expect.stringContaining('silent'), endedLate: true }] });
    expect([result, starts, left]).toEqual(['value\n', 2, []]);
  });
});
