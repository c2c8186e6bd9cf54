import type { Step } from '../../steps.ts';
import { join } from 'node:path';
import { loadConfig, resolveRecorded, type LoadedConfig } from '../../config/load-config.ts';
import type { Config, Override } from '../../config/types.ts';
import { summaryOf } from '../../data/hand-over.ts';
import type { ReadData } from '../../data/read-data.ts';
import { recordWaiting } from '../../decisions/stopped.ts';
import { queuedIds } from '../../decisions/session-decisions.ts';
import { takenIn } from '../../decisions/take-up.ts';
import { excludeFromStatus } from '../../git/run-refs.ts';
import { openRepository, resolveCommit, type Repository } from '../../git/repository.ts';
import { removeAbandoned } from '../../git/worktree-folder.ts';
import { Ledger } from '../../ledger/ledger.ts';
import { findRun, listRuns } from '../../ledger/find-run.ts';
import { budgetInForce, readRun, refuseImported } from '../../ledger/read.ts';
import { recordReader } from '../../ledger/record-reader.ts';
import type { OpeningRecord } from '../../ledger/records.ts';
import type { Log, RunEnd } from '../../plugin.ts';
import type { JoinInput, JoinOthers, Others } from '../others.ts';
import { assemble, type Assembly, guardsOf } from './assemble.ts';
import { budgetOf } from '../decide/budget.ts';
import { disposeAll } from './instances.ts';
import { lockNewRun, lockRun, runDirOf, type LockedRun } from './lock-run.ts';
import { machine } from './machine.ts';
import { knownNoise, objectiveOf, openingOf } from './opening.ts';
import { runPreflight } from '../../preflight/preflight.ts';
import { prepareProject } from './prepare.ts';
import { sayWhatIsUsed, warnOfOtherData } from '../measure/run-data.ts';
import { chooseRunName } from '../../model/run-name.ts';
import { RunState } from '../../model/run-state.ts';
import { mendBranch, refuseTakenBranch } from './run-branch.ts';
import { foldLedger } from './run-state-from.ts';
import { guardNames } from '../../views/headline.ts';
import { runSession } from './session.ts';
import type { SessionInput } from './session-input.ts';

export interface RunRequest {
  readonly cwd: string;
  readonly configFile?: string;
  readonly overrides?: readonly Override[];
  readonly name?: string | undefined;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Called once the run is in the ledger, before the first experiment. */
  readonly onOpened?: (opened: { readonly repository: Repository; readonly run: string }) => Promise<void>;
  /** Instead of reading a config: the one that is there, with the commit to start from. */
  readonly given?: Pick<LoadedConfig, 'config' | 'projectDir' | 'uses'> & { readonly base: string };
  /** Meets the other nodes of the run, where its config names a remote. */
  readonly join?: JoinOthers;
  /** Receives a function that ends every process at once, for a second Ctrl-C. */
  readonly onAssembled?: (assembly: Assembly) => void;
  /** Shows what takes a while before the run itself. */
  readonly step?: Step;
}

export interface RunResult {
  readonly run: string;
  readonly end: RunEnd;
  readonly repository: Repository;
  readonly runDir: string;
}

/** Opens a new run and works on it until it stops. */
export async function startRun(request: RunRequest): Promise<RunResult> {
  const { config, projectDir, uses } = request.given ?? (await loadConfig(request));
  const repository = await openRepository(projectDir);
  const base = request.given?.base ?? (await resolveCommit(repository));
  const chosen = chooseRunName(request.name, await listRuns(repository.git));
  const assembly = await assemble(config, uses, { ...request, projectDir: repository.projectDir });
  request.onAssembled?.(assembly);
  const working: Working = {
    request,
    assembly,
    repository,
    run: chosen,
    base,
    beforehand: () => refuseTakenBranch(repository, chosen),
    hold: () => lockNewRun(repository, { asked: request.name, chosen }, assembly, request.log),
  };
  return workOn(working, async ({ run, data, meetOthers }) => {
    if (run !== chosen) await refuseTakenBranch(repository, run);
    const others = await meetOthers();
    const ledger = new Ledger(repository.git, run, objectiveOf(assembly), null, { sign: others?.sign });
    const noise = await knownNoise(request.log, assembly, repository, base);
    const opening = {
      ...openingOf(assembly, repository, run, base, data),
      ...(noise && { noise }),
      ...(others && { swarm: others.facts }),
    };
    const opened = await ledger.append(opening, { branch: base });
    const state = stateOf(run, config, assembly, opening);
    state.openLedger(recordReader(repository.git, run, opened));
    return { ledger, state, others, isResumed: false, taken: new Set() };
  });
}

/** Goes on with a run after a stop or a crash, from what its ledger and write-ahead file say. */
export async function resumeRun(request: RunRequest & { readonly budget?: Config['budget'] }): Promise<RunResult> {
  const here = await openRepository(request.cwd);
  const run = await findRun(here.git, request.name);
  const before = await readRun(here.git, run);
  refuseImported(before, 'start a run of its own from where it ended: autoresearch run');
  const repository = await openRepository(join(here.top, before.opening.projectPrefix));
  const budget = { ...budgetInForce(before.sessions), ...request.budget };
  const { config, uses } = await resolveRecorded({ ...before.opening.config, budget }, repository.projectDir);
  const assembly = await assemble(config, uses, { ...request, projectDir: repository.projectDir });
  request.onAssembled?.(assembly);
  const { base } = before.opening;
  const beforehand = (data: readonly ReadData[]): void => warnOfOtherData(request.log, before.opening.data ?? [], data);
  const hold = () => lockRun(repository, run, assembly, request.log);
  return workOn({ request, assembly, repository, run, base, beforehand, hold }, async ({ data, meetOthers }) => {
    const record = await readRun(here.git, run);
    const state = stateOf(run, config, assembly, record.opening);
    await foldLedger(state, repository.git, record);
    state.openLedger(recordReader(repository.git, run, record.sessionCommits[0] ?? record.tip));
    state.forgive();
    await mendBranch(repository, run, state.incumbent?.candidate ?? base, request.log);
    const others = await meetOthers();
    const ledger = new Ledger(repository.git, run, objectiveOf(assembly), record.tip, { sign: others?.sign });
    await ledger.append({
      v: 1,
      kind: 'resumed',
      at: new Date().toISOString(),
      ...machine(),
      budget: config.budget,
      ...guardsOf(assembly),
      ...(data.length > 0 && { data: data.map(summaryOf) }),
    });
    return { ledger, state, others, isResumed: true, taken: takenIn(record.sessions) };
  });
}

interface Working {
  readonly request: RunRequest;
  readonly assembly: Assembly;
  readonly repository: Repository;
  /** A new one may get another name when it is locked. */
  readonly run: string;
  /** The commit the run started from. */
  readonly base: string;
  readonly hold: () => Promise<LockedRun>;
  /** What must be looked at before the project is prepared. */
  readonly beforehand: (data: readonly ReadData[]) => void | Promise<void>;
}

interface Begun {
  readonly run: string;
  readonly data: readonly ReadData[];
  /** Meets the other nodes of the run, where it has some. */
  readonly meetOthers: () => ReturnType<typeof meet>;
}

type Opened = Pick<SessionInput, 'ledger' | 'state' | 'others' | 'isResumed' | 'taken'>;

/** One session, from the checks to its end: `open` writes its record into the ledger, while the run is locked. */
async function workOn(
  { request, assembly, repository, run: chosen, base, beforehand, hold }: Working,
  open: (begun: Begun) => Promise<Opened>,
): Promise<RunResult> {
  const { log } = request;
  return disposing(assembly, request, async () => {
    // Git's own commands, such as those of the preflight, may fail on what a killed session has left of a worktree.
    await removeAbandoned(repository.commonDir, join(runDirOf(repository, chosen), 'worktrees'));
    const { data, warnings } = await runPreflight({ ...assembly, repository, base });
    for (const warning of warnings) log.warn(warning);
    sayWhatIsUsed(log, assembly, data);
    await beforehand(data);
    await prepareProject({ ...request, assembly, repository });
    const { run, runDir, lock } = await hold();
    try {
      excludeFromStatus(repository);
      const meetOthers = () => meet(request, { repository, run, runDir, config: assembly.config, base, objective: objectiveOf(assembly) });
      const queuedBefore = queuedIds(runDir);
      const opened = await open({ run, data, meetOthers });
      await request.onOpened?.({ repository, run });
      const end = await runSession({ ...request, assembly, repository, base, runDir, data, queuedBefore, ...opened });
      return { run, end, repository, runDir };
    } finally {
      lock.release();
      await recordWaiting(repository.git, run, runDir, log.warn);
    }
  });
}

async function meet({ join, log, signal }: RunRequest, given: Omit<JoinInput, 'log' | 'signal'>): Promise<Others | null> {
  return (await join?.({ ...given, log, signal })) ?? null;
}

/** If a run cannot begin, its plugins are disposed; disposing twice is harmless. */
async function disposing<T>({ instances, events }: Assembly, { log }: RunRequest, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } finally {
    events.close();
    await disposeAll(instances, log.warn);
  }
}

/** The state of a run before its first experiment; `opening` says which rules it has, and what was known of its noise. */
export function stateOf(
  run: string,
  config: Config,
  assembly: Assembly,
  { rules, noise }: Pick<OpeningRecord, 'rules' | 'noise'>,
): RunState {
  return new RunState({
    name: run,
    seed: config.seed,
    objective: objectiveOf(assembly),
    budget: budgetOf(config.budget),
    sigma: config.noise.sigma,
    known: noise,
    seedChoice: config.noise.seeds,
    rules,
    guards: guardNames(config.gates),
  });
}
