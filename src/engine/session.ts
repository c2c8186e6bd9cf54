import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Repository } from '../git/repository.ts';
import { isCheckedOut, pinInFlight } from '../git/run-refs.ts';
import { Worktree } from '../git/worktree.ts';
import { branchName, type Ledger } from '../ledger/ledger.ts';
import { readInFlight, WriteAhead, type InFlight } from '../ledger/wal.ts';
import { messageOf } from '../errors.ts';
import type { Reason } from '../experiment.ts';
import type { Log, RunEnd } from '../plugin.ts';
import { improvementGates, type Assembly } from './assemble.ts';
import { stopReason } from './budget.ts';
import type { Engine } from './engine.ts';
import { allowedEnvironment } from './environment.ts';
import { disposeAll } from './instances.ts';
import { runLoop } from './loop.ts';
import type { RunState } from './run-state.ts';
import { ownPackage } from '../plugins/package.ts';

/** How long a plugin may take to answer an abort before it is named. */
const SLOW_MS = 5000;

interface SessionInput {
  readonly assembly: Assembly;
  readonly repository: Repository;
  readonly ledger: Ledger;
  readonly state: RunState;
  readonly base: string;
  readonly runDir: string;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** One session of a run whose lock is held: the loop, and whatever happens, everything put right after it. */
export async function runSession(input: SessionInput): Promise<RunEnd> {
  const { assembly, repository, ledger, state, log } = input;
  const walFile = join(input.runDir, 'wal.jsonl');
  const last = state.history.at(-1)?.id ?? -1;
  const wal = new WriteAhead(walFile);
  const worktree = await openWorktree(input);
  assembly.hooks.stop.tapPromise('limits', async (run) => stopReason(run, assembly.config.stop) as Reason);
  const slow = nameSlowPlugins(input);
  let end: RunEnd = { outcome: 'failed', reason: { code: 'UNKNOWN', text: 'the run ended in an unknown way' } };
  try {
    const inFlight = takenUp(readInFlight(walFile, last), worktree);
    end = await runLoop(engineOf(input, wal, worktree), inFlight);
    return end;
  } catch (error) {
    end = endOf(error, input.signal);
    if (end.outcome === 'failed') throw error;
    return end;
  } finally {
    slow.stop();
    await assembly.hooks.done.promise(state, end);
    await disposeAll(assembly.instances, log.warn);
    assembly.processes.killAll();
    wal.close();
    const left = readInFlight(walFile, state.history.at(-1)?.id ?? -1);
    await pinInFlight(repository, state.name, left?.state === 'committed' ? left.candidate : null);
    await worktree.remove();
    await ledger.append({ v: 1, kind: 'stopped', at: new Date().toISOString(), ...end });
  }
}

/** An experiment of a session that ended in the middle: measured trials count, an unfinished one does not. */
function takenUp(inFlight: InFlight | null, worktree: Worktree): InFlight | null {
  if (inFlight === null) return null;
  const startedAt = new Date().toISOString();
  if (inFlight.state === 'committed') return { ...inFlight, startedAt };
  // The proposal's edits are in the worktree, or nowhere.
  return worktree.isTakenOver ? { ...inFlight, startedAt } : null;
}

async function openWorktree({ assembly, repository, runDir, base }: SessionInput): Promise<Worktree> {
  const [slot = 'default'] = assembly.config.slots;
  const dir = join(runDir, 'worktrees', slot.replaceAll(/[^\w.-]/g, '-'));
  return Worktree.open(repository, dir, base, assembly.config.workspace);
}

function engineOf({ assembly, repository, ledger, state, base, runDir, log, signal }: SessionInput, wal: WriteAhead, worktree: Worktree): Engine {
  const { config, hooks, declines, instances } = assembly;
  const [slot = 'default'] = config.slots;
  const branch = branchName(state.name);
  return {
    config,
    hooks,
    state,
    ledger,
    wal,
    worktree,
    slot,
    base,
    runDir,
    env: { ...allowedEnvironment(config.workspace.env), AUTORESEARCH_PACKAGE: ownPackage().dir },
    scope: config.scope,
    improvementGates: improvementGates(instances),
    declines,
    log,
    signal,
    readProgram: () => (config.program === undefined ? '' : readFileSync(join(repository.projectDir, config.program), 'utf8')),
    async mayMoveBranch() {
      if (!(await isCheckedOut(repository, branch))) return true;
      log.warn(`${branch} is checked out, so it is not moved; it follows when the run is next resumed`);
      return false;
    },
  };
}

function endOf(error: unknown, signal: AbortSignal): RunEnd {
  if (signal.aborted) return { outcome: 'interrupted', reason: { code: 'INTERRUPTED', text: 'stopped by the user' } };
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
  return { outcome: 'failed', reason: { code, text: messageOf(error) } };
}

/** After an abort, says who has not answered it. */
function nameSlowPlugins({ assembly, log, signal }: SessionInput): { stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  const onAbort = () => {
    timer = setTimeout(() => {
      if (assembly.pending.size > 0) log.warn(`still waiting for ${[...assembly.pending].join(', ')}; Ctrl-C again leaves at once`);
    }, SLOW_MS);
    timer.unref();
  };
  signal.addEventListener('abort', onAbort, { once: true });
  return {
    stop() {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    },
  };
}
