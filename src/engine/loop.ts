import type { CommittedExperiment, ProposedExperiment, Reason } from '../experiment.ts';
import type { InFlight } from '../ledger/wal.ts';
import { committed } from '../events/of-records.ts';
import { ReasonError, type RunEnd } from '../plugin.ts';
import { audit, auditLeftOut } from './decide/audit.ts';
import { commitCandidate, screenCandidate } from './propose/candidate.ts';
import { dueControl } from './decide/control.ts';
import type { Engine } from './engine.ts';
import { runTurn } from './measure/interleave.ts';
import { judge } from './decide/judge.ts';
import { mend } from './propose/mend.ts';
import { crashOf, type Outcome } from './decide/outcome.ts';
import { propose } from './propose/propose.ts';
import { settle, tipOf } from './decide/settle.ts';
import { trialsWanted } from './measure/trials-wanted.ts';

/** A gate that always asks for more trials must not block the run. */
const MOST_TRIALS = 100;

/** Attempt, measure, decide, repeat, until a limit is reached or nothing is left to try. */
export async function runLoop(engine: Engine, inFlight: InFlight | null): Promise<RunEnd> {
  const { hooks, state, worktree, signal } = engine;
  // The edits of a proposal that a kill left without a commit are still in the worktree.
  if (inFlight?.state !== 'proposed') await worktree.restore(inFlight?.candidate ?? tipOf(engine));
  await hooks.start.promise(state.view);
  if (inFlight === null) await auditLeftOut(engine);
  for (let current = inFlight; ; current = null) {
    signal.throwIfAborted();
    await engine.objects.check(tipOf(engine));
    const stop = current === null && state.incumbent !== null ? await hooks.stop.promise(state.view) : undefined;
    if (stop) return conclude(engine, stop);
    const started = current ?? dueControl(engine) ?? (await propose(engine));
    if ('nothingLeft' in started) return conclude(engine, started.nothingLeft);
    const outcome = 'verdict' in started ? started : await iterate(engine, started);
    const experiment = await settle(engine, outcome);
    await hooks.settled.promise(experiment, state.view);
    if (experiment.verdict === 'keep') await audit(engine, 'keeps');
    if (state.incumbent === null) return { outcome: 'failed', reason: await baselineFailed(engine, experiment.reason, outcome.log) };
  }
}

/** Ends the run, with an audit first if a gate asks for one. */
async function conclude(engine: Engine, reason: Reason): Promise<RunEnd> {
  if (reason.code === 'CRASHES' || reason.code === 'NO_PROPOSALS' || reason.code === 'DATA_CHANGED') return { outcome: 'failed', reason };
  await audit(engine, 'end');
  return { outcome: 'stopped', reason };
}

/** Takes one experiment from its proposal to a verdict, inside its own worktree. Its agent may fix one that crashes. */
async function iterate(engine: Engine, started: ProposedExperiment | CommittedExperiment): Promise<Outcome> {
  for (let current = started; ;) {
    const next = await mend(engine, await test(engine, current));
    if ('verdict' in next) return next;
    current = next;
  }
}

async function test(engine: Engine, started: ProposedExperiment | CommittedExperiment): Promise<Outcome> {
  const candidate = started.state === 'committed' ? started : await commitCandidate(engine, started);
  if ('verdict' in candidate) return candidate;
  engine.emit(committed(candidate, engine.slot));
  // After a crash between the commit and the gates, the gates have not seen the diff yet. A candidate with trials has passed them, and the baseline has no diff.
  const isNew = candidate.trials.length === 0 && candidate.candidate !== candidate.parent;
  return (isNew ? await screenCandidate(engine, candidate) : null) ?? measure(engine, candidate);
}

/** Trials until the gates have seen enough. A failing trainer, metric or gate ends in a crash verdict. */
async function measure(engine: Engine, candidate: CommittedExperiment): Promise<Outcome> {
  let experiment = candidate;
  let log = '';
  try {
    for (let wanted = trialsWanted(engine, candidate); ; wanted = experiment.trials.length + 1) {
      if (wanted > MOST_TRIALS)
        throw new ReasonError('TOO_MANY_TRIALS', `a gate still asks for more after ${experiment.trials.length} trials`);
      while (experiment.trials.length < wanted) {
        const result = await runTurn(engine, experiment);
        experiment = result.experiment;
        log += result.log;
        if (result.failure) return { experiment, ...result.failure, log };
        engine.wal.write(experiment);
      }
      const judged = await judge(engine, experiment);
      if (judged !== 'more') return { experiment, ...judged, log };
    }
  } catch (error) {
    engine.signal.throwIfAborted();
    return { experiment, verdict: 'crash', reason: crashOf(error), log };
  }
}

async function baselineFailed({ diagnose }: Engine, { text }: Reason, log = ''): Promise<Reason> {
  const diagnosis = await diagnose(`${log}\n${text}`);
  return { code: 'BASELINE_FAILED', text: `the baseline could not be measured: ${text}${diagnosis === null ? '' : `. ${diagnosis}`}` };
}
