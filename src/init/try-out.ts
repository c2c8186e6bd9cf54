import { tmpdir } from 'node:os';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { worktreeEnvironment } from '../engine/measure/environment.ts';
import { exec } from '../process/exec.ts';
import { failureLine } from '../traceback/failure-line.ts';
import { startProblem } from '../process/start-problem.ts';
import { printedBy, type Printed } from './printed.ts';

export interface TryOut {
  readonly figures: readonly Printed[];
  readonly seconds: number;
  /** Why it failed, in one line; null where it did not. */
  readonly problem: string | null;
}

const LIMIT_MS = 5 * 60_000;

/** Runs the trial once in the person's folder, as the person would, to see what it prints and how long it takes. */
export async function tryOut(dir: string, run: readonly string[], shell: boolean, signal: AbortSignal): Promise<TryOut> {
  const argv = (shell ? ['sh', '-c', run.join(' ')] : run) as [string, ...string[]];
  const folder = mkdtempSync(join(tmpdir(), 'autoresearch-init-'));
  const logFile = join(folder, 'output.log');
  try {
    const env = { ...worktreeEnvironment([], dir), AUTORESEARCH_SEED: '1', AUTORESEARCH_SPLIT: 'loop' };
    const { exit, spawnError, seconds, exitCode } = await exec(argv, { cwd: dir, env, timeoutMs: LIMIT_MS, logFile, signal });
    signal.throwIfAborted();
    const output = spawnError === undefined ? readFileSync(logFile, 'utf8') : '';
    const why =
      spawnError === undefined
        ? `exit code ${exitCode}: ${failureLine(output)}`
        : startProblem({ program: argv[0], cwd: dir, code: spawnError });
    const problem = exit === 'completed' ? null : exit === 'timed-out' ? `it was not done after ${LIMIT_MS / 60_000} minutes` : why;
    return { figures: printedBy(output), seconds, problem };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
