import { committed } from '../events/of-records.ts';
import type { CommittedExperiment, ProposedExperiment, SettledExperiment } from '../experiment.ts';
import type { Left } from '../ledger/wal.ts';
import { ReasonError } from '../plugin.ts';
import { audit } from './decide/audit.ts';
import { judge } from './decide/judge.ts';
import { crashOf, type Outcome } from './decide/outcome.ts';
import { settle } from './decide/settle.ts';
import type { Run } from './engine.ts';
import type { Flight } from './flight.ts';
import { againWhereStale, runTurn } from './measure/interleave.ts';
import { trialsWanted } from './measure/trials-wanted.ts';
import { commitCandidate, screenCandidate } from './propose/candidate.ts';
import { mend } from './propose/mend.ts';
import { isToBeMoved, moveCandidate } from './propose/move.ts';
import type { Offer } from './propose/offer.ts';
import { proposeOffer } from './propose/offers.ts';
import { propose } from './propose/propose.ts';
import type { Slot } from './slots/desk.ts';
import { RANK, type Rank } from './slots/pool.ts';
import type { Seat } from './slots/seat.ts';

/** A gate that always asks for more trials must not block the run. */
const MOST_TRIALS = 100;

/** How an experiment ended, with all that was printed. */
export interface Ended {
  readonly experiment: SettledExperiment;
  readonly log: string;
}

/** Its rank when it waits for a slot, and the slot that it must have, if it needs a certain one. */
interface Wish {
  readonly rank: Rank;
  readonly slot?: string | undefined;
}

/** What an agent proposes, up to its verdict; false where no agent had anything to propose. */
export async function proposeAndIterate(run: Run, seat: Seat, id: number, onEnd: (ended: Ended) => void): Promise<boolean> {
  const known = run.state.history.length;
  const started = await propose(run, seat, id);
  if ('nothingLeft' in started) {
    // If something was settled meanwhile, an agent may now have a proposal.
    if (run.state.history.length === known) run.flight.nothingLeft = started.nothingLeft;
    return false;
  }
  onEnd(await ('verdict' in started ? conclude(run, seat, started) : iterate(run, seat, started)));
  return true;
}

/** Takes an offered commit to its verdict. */
export async function offerAndIterate(run: Run, seat: Seat, id: number, { offer, onEnd }: Offered): Promise<boolean> {
  const started = await proposeOffer(run, seat, id, offer);
  onEnd(await ('verdict' in started ? conclude(run, seat, started) : iterate(run, seat, started)));
  return true;
}

interface Offered {
  readonly offer: Offer;
  readonly onEnd: (ended: Ended) => void;
}

/** Takes an experiment that an earlier session has left to its verdict. */
export function takeUp(run: Run, { experiment, place }: Left, onEnd: (ended: Ended) => void): Parameters<Flight['start']> {
  const { id, kind, basis, proposal, again } = experiment;
  const { title, agent, params, usage } = proposal;
  // What has trials goes on in the slot they ran in: slots may be off each other.
  const slot = experiment.state === 'committed' ? run.slots.find((name) => name === experiment.trials[0]?.slot) : undefined;
  const known = { ...(params && { params }), ...(again !== undefined && { again }), ...(slot !== undefined && { slot }) };
  const facts = { id, kind, basis, title, agent, ...known, usd: usage?.usd ?? 0 };
  const work = async (seat: Seat): Promise<boolean> => {
    if (place !== undefined && experiment.state === 'proposed') await seat.backTo(place, RANK.measure);
    onEnd(await iterate(run, seat, experiment, { rank: RANK.measure, slot }));
    return true;
  };
  return [facts, work, performance.now() - 1000 * secondsBefore(experiment)];
}

/** What counts of the sessions before, in seconds: the finished trials, not the time between the sessions. */
export function secondsBefore(experiment: ProposedExperiment | CommittedExperiment): number {
  return experiment.state === 'committed' ? experiment.trials.reduce((sum, trial) => sum + trial.seconds, 0) : 0;
}

/** Takes one experiment from its proposal to a verdict. Its agent may fix one that crashes. */
export async function iterate(
  run: Run,
  seat: Seat,
  started: ProposedExperiment | CommittedExperiment,
  wish: Wish = { rank: RANK.measure },
): Promise<Ended> {
  for (let current = started; ;) {
    const outcome = await test(run, seat, current, wish);
    if (isEnded(outcome)) return outcome;
    const next = 'verdict' in outcome ? await mend(run, seat, outcome) : outcome;
    if ('verdict' in next) return conclude(run, seat, next);
    current = next;
  }
}

async function test(
  run: Run,
  seat: Seat,
  started: ProposedExperiment | CommittedExperiment,
  wish: Wish,
): Promise<Outcome | Ended | ProposedExperiment> {
  const candidate = started.state === 'committed' ? started : await commitCandidate(run, seat.place, started);
  if ('verdict' in candidate) return candidate;
  const place = seat.here?.name ?? '';
  run.emit(committed(candidate, place));
  // After a crash between the commit and the gates, the gates have not seen the diff yet. A candidate with trials has passed them, and the baseline has no diff.
  const isNew = candidate.trials.length === 0 && candidate.candidate !== candidate.parent;
  return (isNew ? await screenCandidate(run, candidate, place) : null) ?? measure(run, seat, candidate, wish);
}

/**
 * Trials until the gates have seen enough, and then the verdict. A failing trainer, metric or gate ends in a crash verdict. A change
 * that is moved onto the incumbent first has no commit any more.
 */
async function measure(
  run: Run,
  seat: Seat,
  waiting: CommittedExperiment,
  { rank, slot: name }: Wish,
): Promise<Outcome | Ended | ProposedExperiment> {
  run.flight.note(waiting.id, { stage: 'waiting' });
  const first = await seat.toSlot({ rank, name });
  const candidate = isToBeMoved(run, waiting) ? await moveCandidate(run, seat, waiting) : waiting;
  if ('verdict' in candidate || candidate.state === 'proposed') return candidate;
  const slot = candidate === waiting ? first : await seat.toSlot({ rank, name });
  run.flight.note(candidate.id, { stage: 'measuring' });
  let tried: Tried = { experiment: candidate, log: '' };
  for (
    let wanted = trialsWanted(run, candidate, run.slots.length > 1 ? slot.name : undefined);
    ;
    wanted = tried.experiment.trials.length + 1
  ) {
    const outcome = await orCrash(run, tried, () => runTrials(run, slot, wanted, tried));
    if ('verdict' in outcome) return outcome;
    tried = { ...outcome, experiment: await run.baseline.before(outcome.experiment, run.signal) };
    const ended = await run.decisions.take(async () => {
      run.signal.throwIfAborted();
      const judged = await orCrash(run, tried, () => judgeTried(run, tried));
      // A crash is not settled yet: its agent may fix it first.
      return 'verdict' in judged && judged.verdict !== 'crash' ? decide(run, seat, judged) : judged;
    });
    if (isEnded(ended) || 'verdict' in ended) return ended;
    tried = ended;
  }
}

interface Tried {
  readonly experiment: CommittedExperiment;
  readonly log: string;
}

/** Runs trials until there are `wanted` of them. */
async function runTrials(run: Run, slot: Slot, wanted: number, tried: Tried): Promise<Tried | Outcome> {
  let { experiment, log } = tried;
  if (wanted > MOST_TRIALS) throw new ReasonError('TOO_MANY_TRIALS', `a gate still asks for more after ${experiment.trials.length} trials`);
  experiment = againWhereStale(run, experiment);
  while (experiment.trials.length < wanted) {
    const before = experiment;
    const beside = await run.quiet.beside(() => runTurn(run, slot, before));
    // A shared file was changed, and others were at work: run again alone, the trial shows whether it was the cause.
    const result = beside.failure?.reason.isUnsure ? await run.quiet.alone(() => runTurn(run, slot, before)) : beside;
    experiment = result.experiment;
    log += result.log;
    if (result.failure) return { experiment, ...result.failure, log };
    run.wal.write(experiment, slot.name);
  }
  return { experiment, log };
}

/** The verdict; or the experiment as it is, if a gate asks for more trials. */
async function judgeTried(run: Run, { experiment, log }: Tried): Promise<Tried | Outcome> {
  const judged = await judge(run, experiment);
  if (judged === 'more') return { experiment, log };
  const again = judged.verdict === 'keep' ? againWhereStale(run, experiment) : experiment;
  return again === experiment ? { experiment, ...judged, log } : { experiment: again, log };
}

async function orCrash(run: Run, { experiment, log }: Tried, action: () => Promise<Tried | Outcome>): Promise<Tried | Outcome> {
  try {
    return await action();
  } catch (error) {
    run.signal.throwIfAborted();
    return { experiment, verdict: 'crash', reason: crashOf(error), log };
  }
}

function isEnded(outcome: Outcome | Ended | Tried | ProposedExperiment): outcome is Ended {
  return 'experiment' in outcome && 'settledAt' in outcome.experiment;
}

async function conclude(run: Run, seat: Seat, outcome: Outcome): Promise<Ended> {
  const experiment = await run.baseline.before(outcome.experiment, run.signal);
  return run.decisions.take(() => {
    run.signal.throwIfAborted();
    return decide(run, seat, { ...outcome, experiment });
  });
}

/** Settles an experiment, tells of it, and audits the run where it is due: nothing else is decided meanwhile. */
async function decide(run: Run, seat: Seat, outcome: Outcome): Promise<Ended> {
  const isDesk = run.plan().lookahead === 0;
  const experiment = await settle(run, isDesk ? seat.here : null, outcome);
  // Reporters may take their time; what waits for the slot need not wait for them. An audit would need it.
  if (!isDesk && experiment.verdict !== 'keep') seat.leave();
  await run.hooks.settled.promise(experiment, run.state.view);
  if (experiment.verdict === 'keep') await audit(run, seat, 'keeps');
  return { experiment, log: outcome.log ?? '' };
}
