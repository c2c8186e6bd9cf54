import { rmSync } from 'node:fs';
import { messageOf } from '../../errors.ts';
import type { StoppedRecord } from '../../ledger/records.ts';
import { countForeignLines, readInFlight, removeSettled } from '../../ledger/wal.ts';
import { errorOfMachine } from '../../machine-errors.ts';
import type { RunState } from '../../model/run-state.ts';
import type { Log, RunEnd } from '../../plugin.ts';
import type { Run } from '../engine.ts';
import { runLoop } from '../loop.ts';
import { removeTold } from '../propose/hints.ts';
import { isEmptyUsage } from '../propose/usage.ts';
import { slotNames } from '../slots/names.ts';
import { dataDirOf } from '../slots/run-paths.ts';
import type { Assembly } from './assemble.ts';
import { disposeAll } from './instances.ts';
import { endLeftJobs } from './left-jobs.ts';
import { openEngine } from './open-engine.ts';
import type { SessionInput } from './session-input.ts';
import { openDecisions, openEvents } from './outside.ts';
import { meetOthers } from './meet-others.ts';
import { nameSlowPlugins } from './slow-plugins.ts';
import { takenUp, withWorktree } from './taken-up.ts';

/** One session of a run whose lock is held: runs the loop, and cleans up after it, whatever happens. */
export async function runSession(given: Omit<SessionInput, 'slots'>): Promise<RunEnd> {
  const { events, config, processes } = given.assembly;
  const named = { ...given, slots: await slotNames(config.slots, processes) };
  const input = { ...named, log: openEvents(named) };
  const { state, log, runDir } = input;
  const foreign = countForeignLines(runDir);
  if (foreign > 0) log.warn(notSigned(runDir, foreign));
  removeSettled(runDir, isSettled(state));
  const halt = new AbortController();
  // Whether a worktree is still there must be asked before the first slot is opened.
  const left = readInFlight(runDir, isSettled(state)).map((each) => withWorktree(each, input));
  const run = await openEngine({ ...input, signal: AbortSignal.any([input.signal, halt.signal]) }, left);
  const decisions = openDecisions(input);
  meetOthers(input);
  const { instances } = input.assembly;
  // A baseline has no proposal to be kept, so it begins anew and finds its jobs by itself.
  const needed = [...left.map(({ experiment }) => experiment.id), ...(isSettled(state)(0) ? [] : [0])];
  await endLeftJobs(runDir, instances, { except: needed, warn: log.warn });
  const slow = nameSlowPlugins(input);
  let end: RunEnd = { outcome: 'failed', reason: { code: 'UNKNOWN', text: 'the run ended in an unknown way' } };
  try {
    const again = await takenUp(run, left, input);
    removeTold(
      runDir,
      again.flatMap(({ experiment }) => experiment.proposal.hints ?? []),
      run.redact,
    );
    end = await runLoop(run, again);
    return end;
  } catch (error) {
    end = endOf(error, input.signal);
    if (end.outcome === 'failed') throw error;
    return end;
  } finally {
    // What is still in flight ends before its worktrees are removed.
    halt.abort();
    await run.flight.end();
    events.emit({ type: 'run-ended', ...end });
    await events.settle();
    await input.assembly.hooks.done.promise(state.view, end);
    await endLeftJobs(runDir, instances, { warn: log.warn });
    await disposeAll(instances, log.warn);
    slow.stop();
    processes.killAll();
    await attempt(log, () => decisions.close());
    await cleanUp(run, input, end);
    await attempt(log, async () => input.others?.close());
  }
}

/** Takes away what the session needed. An error there must not hide why the run ended, nor prevent the rest. */
async function cleanUp(
  { wal, objects, workplaces, state }: Run,
  { assembly, ledger, log, runDir }: SessionInput,
  end: RunEnd,
): Promise<void> {
  wal.close();
  rmSync(dataDirOf(runDir), { recursive: true, force: true });
  const left = readInFlight(runDir, isSettled(state));
  await attempt(log, () => objects.pinOnly(left.map(({ experiment }) => experiment)));
  // The edits of a proposal without a commit exist only in its worktree.
  const needed = left.filter(({ experiment }) => experiment.state === 'proposed').map(({ place }) => place);
  await workplaces.close((name) => needed.includes(name));
  await attempt(log, () =>
    ledger.append({ v: 1, kind: 'stopped', at: new Date().toISOString(), ...end, ...unrecordedUsage(assembly), ...unusedOf(state) }),
  );
  ledger.close();
  await attempt(log, () => objects.end({ isHurried: end.outcome === 'interrupted' }));
}

function isSettled({ history }: RunState): (id: number) => boolean {
  const ids = new Set(history.map(({ id }) => id));
  return (id) => ids.has(id);
}

function notSigned(runDir: string, count: number): string {
  const what = count === 1 ? 'a line that is' : `${count} lines that are`;
  return `the write-ahead files in ${runDir} have ${what} not signed by this run: not counted; an experiment in flight begins anew where nothing else tells of it`;
}

/** Numbers of experiments that never came, so that `verify` does not take the gaps for lost entries. */
function unusedOf({ openIds }: RunState): Pick<StoppedRecord, 'unused'> {
  return openIds.length > 0 ? { unused: openIds } : {};
}

/** What agents have used for a proposal that never came. */
function unrecordedUsage({ chain }: Assembly): Pick<StoppedRecord, 'usage'> {
  const usage = chain.unrecorded;
  return isEmptyUsage(usage) ? {} : { usage };
}

async function attempt(log: Log, action: () => Promise<unknown>): Promise<void> {
  try {
    await action();
  } catch (error) {
    log.warn(messageOf(error));
  }
}

function endOf(thrown: unknown, signal: AbortSignal): RunEnd {
  const error = errorOfMachine(thrown) ?? thrown;
  if (signal.aborted) return { outcome: 'interrupted', reason: { code: 'INTERRUPTED', text: 'stopped by the user' } };
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
  return { outcome: 'failed', reason: { code, text: messageOf(error) } };
}
