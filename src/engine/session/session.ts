import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { handOver, type HandedData } from '../../data/hand-over.ts';
import { hasCommit } from '../../git/repository.ts';
import { moveBranch, objectionToMove } from '../../git/run-refs.ts';
import type { Worktree } from '../../git/worktree.ts';
import { diagnose } from '../../preflight/diagnosis.ts';
import { branchName } from '../../ledger/ledger.ts';
import { readRecentLog } from '../../ledger/read.ts';
import { countForeignLines, readInFlight, WriteAhead, type InFlight } from '../../ledger/wal.ts';
import { messageOf } from '../../errors.ts';
import { errorOfMachine } from '../../machine-errors.ts';
import type { Reason } from '../../experiment.ts';
import { completeInFlight } from '../../ledger/older-records.ts';
import type { StoppedRecord } from '../../ledger/records.ts';
import type { Log, RunEnd } from '../../plugin.ts';
import { curvesOf, improvementGates, needsNoise, type Assembly } from './assemble.ts';
import { stopReason } from '../decide/budget.ts';
import type { Engine } from '../engine.ts';
import { worktreeEnvironment } from '../measure/environment.ts';
import { disposeAll } from './instances.ts';
import { runLoop } from '../loop.ts';
import { dataDirOf, scratchDirOf, worktreeDirOf } from '../slots/places.ts';
import { basisOf } from '../decide/settle.ts';
import { ObjectCare } from '../decide/object-care.ts';
import { removeTold } from '../propose/hints.ts';
import { takeUsage } from '../propose/propose.ts';
import type { RunState } from '../../model/run-state.ts';
import { agentDataEnvironment } from '../measure/run-data.ts';
import { Seals } from '../measure/seals.ts';
import { openStages, type Stages } from '../measure/stages.ts';
import { openDesk, openEvents } from './outside.ts';
import { nameSlowPlugins } from './slow-plugins.ts';
import { isEmptyUsage } from '../propose/usage.ts';
import type { SessionInput } from './session-input.ts';

/** One session of a run whose lock is held: runs the loop, and cleans up after it, whatever happens. */
export async function runSession(given: SessionInput): Promise<RunEnd> {
  const input = { ...given, log: openEvents(given) };
  const { assembly, repository, ledger, state, log } = input;
  const { events } = assembly;
  const walFile = join(input.runDir, 'wal.jsonl');
  const last = state.history.at(-1)?.id ?? -1;
  const foreign = countForeignLines(walFile);
  if (foreign > 0) log.warn(notSigned(walFile, foreign));
  const wal = new WriteAhead(walFile);
  const data = handOver(dataDirOf(input.runDir), input.data);
  const { worktree, evaluator } = await openPlaces(input, data);
  const seals = new Seals({ ...assembly, ...input, worktree, layer: assembly.sandbox.layer });
  assembly.hooks.stop.tapPromise('limits', async (run) => (seals.lasting ?? stopReason(run, assembly.config.stop)) as Reason);
  const desk = openDesk(input);
  const objects = new ObjectCare({ repository, run: state.name, base: input.base });
  const slow = nameSlowPlugins(input);
  let end: RunEnd = { outcome: 'failed', reason: { code: 'UNKNOWN', text: 'the run ended in an unknown way' } };
  try {
    const inFlight = await takenUp(readInFlight(walFile, last), worktree, input);
    removeTold(input.runDir, inFlight?.proposal.hints ?? [], assembly.redact);
    end = await runLoop(engineOf(input, { wal, worktree, seals, data, evaluator, objects }), inFlight);
    return end;
  } catch (error) {
    end = endOf(error, input.signal);
    if (end.outcome === 'failed') throw error;
    return end;
  } finally {
    events.emit({ type: 'run-ended', ...end });
    await events.settle();
    await assembly.hooks.done.promise(state.view, end);
    await disposeAll(assembly.instances, log.warn);
    slow.stop();
    assembly.processes.killAll();
    wal.close();
    rmSync(dataDirOf(input.runDir), { recursive: true, force: true });
    const left = readInFlight(walFile, state.history.at(-1)?.id ?? -1);
    // An error while cleaning up must not hide why the run ended, nor prevent the rest of the clean-up.
    await attempt(log, () => objects.pin(commitsInFlight(left)));
    if (evaluator) await attempt(log, () => evaluator.close());
    // The edits of a proposal without a commit exist only in the worktree.
    if (left?.state !== 'proposed') await attempt(log, () => worktree.remove());
    await attempt(log, () => desk.close());
    await attempt(log, () =>
      ledger.append({ v: 1, kind: 'stopped', at: new Date().toISOString(), ...end, ...unrecordedUsage(assembly), ...unusedOf(state) }),
    );
    ledger.close();
    await attempt(log, () => objects.end({ isHurried: end.outcome === 'interrupted' }));
  }
}

/** The candidate, and those of the same experiment that crashed before it. */
function commitsInFlight(left: InFlight | null): string[] {
  const crashed = (left?.crashed ?? []).map(({ candidate }) => candidate);
  return left?.state === 'committed' ? [left.candidate, ...crashed] : crashed;
}

function notSigned(file: string, count: number): string {
  const what = count === 1 ? 'a line that is' : `${count} lines that are`;
  return `${file} has ${what} not signed by this run: not counted; an experiment in flight begins anew where nothing else tells of it`;
}

/** Numbers that nothing came of, so that a ledger without them is not taken for one that lost an entry. */
function unusedOf({ openIds }: RunState): Pick<StoppedRecord, 'unused'> {
  return openIds.length > 0 ? { unused: openIds } : {};
}

/** What agents have used for a proposal that never came. */
function unrecordedUsage({ chain }: Assembly): Pick<StoppedRecord, 'usage'> {
  const usage = takeUsage({ chain });
  return isEmptyUsage(usage) ? {} : { usage };
}

async function attempt(log: Log, action: () => Promise<unknown>): Promise<void> {
  try {
    await action();
  } catch (error) {
    log.warn(messageOf(error));
  }
}

/** An experiment of a session that ended in the middle: measured trials count, an unfinished one does not. */
async function takenUp(written: InFlight | null, worktree: Worktree, { repository, state, base }: SessionInput): Promise<InFlight | null> {
  if (written === null || written.parent !== (state.incumbent?.candidate ?? base)) return null;
  const inFlight = completeInFlight(written, basisOf({ state, base }));
  // The proposal's edits are in the worktree, or nowhere.
  if (inFlight.state === 'proposed') return worktree.isTakenOver ? { ...inFlight, startedAt: new Date().toISOString() } : null;
  // A power cut can take a commit whose line in the write-ahead file it leaves.
  if (!(await hasCommit(repository, inFlight.candidate))) return null;
  // The time between sessions does not count; that of the finished trials belongs to the experiment.
  const spent = inFlight.trials.reduce((sum, trial) => sum + trial.seconds, 0);
  return { ...inFlight, startedAt: new Date(Date.now() - spent * 1000).toISOString() };
}

async function openPlaces({ assembly, repository, runDir, base, log }: SessionInput, data: HandedData | null): Promise<Stages> {
  const [slot = 'default'] = assembly.config.slots;
  mkdirSync(scratchDirOf(runDir), { recursive: true });
  return openStages({ assembly, repository, base, runDir, slot, dir: worktreeDirOf(runDir, slot), data, warn: log.warn });
}

function engineOf(
  { assembly, repository, ledger, state, base, runDir, log, signal }: SessionInput,
  own: Pick<Engine, 'wal' | 'worktree' | 'seals' | 'data' | 'evaluator' | 'objects'>,
): Engine {
  const { worktree, seals, data } = own;
  const { config, hooks, chain, instances, sandbox, redact } = assembly;
  chain.startOver = ({ parent, fix }) => {
    // Before git is asked anything.
    seals.afterProposal();
    return worktree.restore(fix?.candidate ?? parent);
  };
  const [slot = 'default'] = config.slots;
  const branch = branchName(state.name);
  return {
    ...own,
    config,
    hooks,
    state,
    ledger,
    sandbox,
    redact,
    slot,
    base,
    runDir,
    env: { ...worktreeEnvironment(config.workspace.env, worktree.dir), ...agentDataEnvironment(config, data) },
    scope: config.scope,
    improvementGates: improvementGates(instances),
    needsNoise: needsNoise(instances),
    chain,
    log,
    emit: assembly.events.emit,
    curves: curvesOf(instances),
    signal,
    readProgram: () => (config.program === undefined ? '' : readFileSync(join(repository.projectDir, config.program), 'utf8')),
    diagnose: (output) => diagnose({ repository, base, config, output }),
    readLog: (id) => readRecentLog(repository.git, state.name, id),
    async rewindBranch(commit) {
      const objection = await objectionToMove(repository, branch, commit);
      if (objection === null) await moveBranch(repository, branch, commit);
      else log.warn(`${branch} ${objection}, so it is not taken back to ${commit.slice(0, 7)}`);
    },
    async mayMoveBranch(commit) {
      const objection = await objectionToMove(repository, branch, commit);
      if (objection !== null)
        log.warn(`${branch} ${objection}, so it stays where it is; once that is over, it follows with the next keep or resume`);
      return objection === null;
    },
  };
}

function endOf(thrown: unknown, signal: AbortSignal): RunEnd {
  const error = errorOfMachine(thrown) ?? thrown;
  if (signal.aborted) return { outcome: 'interrupted', reason: { code: 'INTERRUPTED', text: 'stopped by the user' } };
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
  return { outcome: 'failed', reason: { code, text: messageOf(error) } };
}
