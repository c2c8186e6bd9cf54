import type { Step } from '../../steps.ts';
import { join } from 'node:path';
import { loadConfig, resolveRecorded, type LoadedConfig } from '../../config/load-config.ts';
import type { Config, Override } from '../../config/types.ts';
import { summaryOf } from '../../data/hand-over.ts';
import { recordWaiting } from '../../decisions/stopped.ts';
import { takenIn } from '../../decisions/take-up.ts';
import { AutoresearchError } from '../../errors.ts';
import { branchTip, conflictingBranch, excludeFromStatus, moveBranch, objectionToMove } from '../../git/run-refs.ts';
import { openRepository, resolveCommit, type Repository } from '../../git/repository.ts';
import { branchName, Ledger } from '../../ledger/ledger.ts';
import { budgetInForce, findRun, listRuns, readRun, refuseImported } from '../../ledger/read.ts';
import { recordReader } from '../../ledger/record-reader.ts';
import type { OpeningRecord } from '../../ledger/records.ts';
import type { Log, RunEnd } from '../../plugin.ts';
import type { JoinInput, JoinOthers, Others } from '../others.ts';
import { assemble, type Assembly, guardsOf } from './assemble.ts';
import { budgetOf } from '../decide/budget.ts';
import { disposeAll } from './instances.ts';
import { lockRun } from './lock-run.ts';
import { machine } from './machine.ts';
import { knownNoise, objectiveOf, openingOf } from './opening.ts';
import { runPreflight } from '../../preflight/preflight.ts';
import { prepareProject } from './prepare.ts';
import { sayWhatIsUsed, warnOfOtherData } from '../measure/run-data.ts';
import { chooseRunName } from '../../model/run-name.ts';
import { RunState } from '../../model/run-state.ts';
import { foldLedger } from './run-state-from.ts';
import { guardNames } from '../../views/headline.ts';
import { runSession } from './session.ts';

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
  const run = chooseRunName(request.name, await listRuns(repository.git));
  const assembly = await assemble(config, uses, { ...request, projectDir: repository.projectDir });
  request.onAssembled?.(assembly);
  return disposing(assembly, request, async () => {
    const { data, warnings } = await runPreflight({ ...assembly, repository, base });
    for (const warning of warnings) request.log.warn(warning);
    sayWhatIsUsed(request.log, assembly, data);
    await refuseTakenBranch(repository, run);
    await prepareProject({ ...request, assembly, repository });
    const { runDir, lock } = await lockRun(repository, run, assembly, request.log);
    try {
      excludeFromStatus(repository);
      const others = await meet(request, { repository, run, runDir, config, base, objective: objectiveOf(assembly) });
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
      await request.onOpened?.({ repository, run });
      const end = await runSession({
        ...request,
        assembly,
        repository,
        ledger,
        state,
        base,
        runDir,
        data,
        others,
        isResumed: false,
        taken: new Set(),
      });
      return { run, end, repository, runDir };
    } finally {
      lock.release();
      await recordWaiting(repository.git, run, runDir, request.log.warn);
    }
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
  return disposing(assembly, request, async () => {
    const { data, warnings } = await runPreflight({ ...assembly, repository, base });
    for (const warning of warnings) request.log.warn(warning);
    sayWhatIsUsed(request.log, assembly, data);
    warnOfOtherData(request.log, before.opening.data ?? [], data);
    await prepareProject({ ...request, assembly, repository });
    const { runDir, lock } = await lockRun(repository, run, assembly, request.log);
    try {
      excludeFromStatus(repository);
      const record = await readRun(here.git, run);
      const state = stateOf(run, config, assembly, record.opening);
      await foldLedger(state, repository.git, record);
      state.openLedger(recordReader(repository.git, run, record.sessionCommits[0] ?? record.tip));
      state.forgive();
      await mendBranch(repository, run, state.incumbent?.candidate ?? base, request.log);
      const others = await meet(request, { repository, run, runDir, config, base, objective: objectiveOf(assembly) });
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
      await request.onOpened?.({ repository, run });
      const end = await runSession({
        ...request,
        assembly,
        repository,
        ledger,
        state,
        base,
        runDir,
        data,
        others,
        isResumed: true,
        taken: takenIn(record.sessions),
      });
      return { run, end, repository, runDir };
    } finally {
      lock.release();
      await recordWaiting(repository.git, run, runDir, request.log.warn);
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

async function refuseTakenBranch(repository: Repository, run: string): Promise<void> {
  const taken = await conflictingBranch(repository, branchName(run));
  if (taken === null) return;
  throw new AutoresearchError(
    'GIT_BRANCH_CONFLICT',
    `the run would keep its commits on ${branchName(run)}, but there is a branch ${taken}`,
    {
      hint: `rename it (git branch -m ${taken} OTHER), or choose another name: autoresearch run --name OTHER`,
    },
  );
}

/** A kill between the verdict and the branch leaves the branch behind. */
async function mendBranch(repository: Repository, run: string, tip: string, log: Log): Promise<void> {
  const branch = branchName(run);
  if ((await branchTip(repository, branch)) === tip) return;
  const objection = await objectionToMove(repository, branch, tip);
  if (objection === null) await moveBranch(repository, branch, tip);
  else log.warn(`${branch} ${objection}, so it stays where it is`);
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
