import { randomUUID } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openGit } from '../git/git.ts';
import { treeAt } from '../git/pack-tree.ts';
import type { AnyDefinition, Trainer, TrialOutcome, TrialRequest, TrialTree } from '../plugin.ts';
import type { Options, PluginTest } from './cases.ts';
import { makeContext, makeTrialRequest, withFolder } from './context.ts';
import { disposeTwice } from './end.ts';
import { expectThat, lawsOf, LIMIT_MS } from './law.ts';
import { findSurvivingProcesses } from './surviving-processes.ts';
import { createFrom } from './options.ts';
import type { Runner } from './runner.ts';
import { settlesWithin } from './settles.ts';

/** The rules for trainers: a trial ends at its timeout or when it is aborted, and so does everything it started. */
export function testTrainer(runner: Runner, definition: AnyDefinition, test: PluginTest<'trainer'>): void {
  const law = lawsOf(runner, definition, test);
  const { hang, fail, print } = test.cases;
  const { limitMs = LIMIT_MS } = test;
  const train = (options: Options, more: Partial<TrialRequest>) => trainOnce(definition, options, { limitMs, more });
  const ends = (name: string, exit: TrialOutcome['exit'], options: Options, more: () => Partial<TrialRequest>) =>
    law(name, `{ exit: '${exit}' } within ${limitMs / 1000} s, seconds as a number, and none of its processes left`, async () => {
      const { outcome } = await train(options, more());
      expectThat(outcome.exit === exit, `exit: ${JSON.stringify(outcome.exit)}${outcome.detail ? ` (${outcome.detail})` : ''}`);
    });

  ends('ends a trial at its timeout and leaves no process behind', 'timed-out', hang.options, () => ({ timeoutMs: 700 }));
  ends('ends a trial when it is aborted and leaves no process behind', 'aborted', hang.options, () => ({
    signal: AbortSignal.timeout(500),
    timeoutMs: limitMs * 2,
  }));
  ends('does not run a trial that was aborted before it began', 'aborted', hang.options, () => ({
    signal: AbortSignal.abort(),
    timeoutMs: limitMs * 2,
  }));
  if (fail !== undefined) ends('answers a bad exit as a value', 'failed', fail.options, () => ({ timeoutMs: limitMs * 2 }));

  if (print === undefined) return;
  const { options, line } = print;
  law('writes what is printed to the log file and hands on each line', `${JSON.stringify(line)} in both`, async () => {
    const lines: string[] = [];
    const { log } = await train(options, { timeoutMs: limitMs * 2, onLine: (text) => void lines.push(text) });
    expectThat(log.split('\n').includes(line), `the log ${JSON.stringify(log.slice(-300))}`);
    expectThat(lines.includes(line), `the lines ${JSON.stringify(lines.slice(-5))}`);
  });
}

async function trainOnce(
  definition: AnyDefinition,
  options: Options,
  { limitMs, more }: { readonly limitMs: number; readonly more: Partial<TrialRequest> },
): Promise<{ readonly outcome: TrialOutcome; readonly log: string }> {
  return withFolder(async (folder) => {
    const mark = randomUUID();
    const trainer = createFrom(definition, { ...options }, makeContext({ projectDir: folder })) as Trainer;
    const env = Object.freeze({ PATH: process.env['PATH'] ?? '', AUTORESEARCH_TEST_MARK: mark });
    const tree = definition.isRemote === true ? { tree: await emptyTree(folder) } : {};
    const request = makeTrialRequest({ cwd: folder, logFile: join(folder, 'trial.log'), env, ...tree, ...more });
    try {
      const outcome = await settlesWithin(limitMs, trainer.train(request));
      expectThat(Number.isFinite(outcome.seconds) && outcome.seconds >= 0, `seconds: ${outcome.seconds}`);
      return { outcome, log: await readFile(request.logFile, 'utf8').catch(() => '') };
    } finally {
      const left = await findSurvivingProcesses(mark, folder);
      for (const pid of left) process.kill(pid, 'SIGKILL');
      await disposeTwice(trainer);
      expectThat(left.length === 0, `processes are left behind: ${left.join(', ')}`);
    }
  });
}

/** What a trainer on other machines sends there: a tree without files. */
async function emptyTree(folder: string): Promise<TrialTree> {
  const git = openGit(join(folder, '.git'));
  await mkdir(git.cwd);
  await git.run(['init', '-q', '--bare']);
  return treeAt(git, (await git.run(['mktree'], { input: '' })).trim(), '');
}
