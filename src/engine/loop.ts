import { AutoresearchError } from '../errors.ts';
import type { CommittedExperiment, Reason } from '../experiment.ts';
import type { Left } from '../ledger/wal.ts';
import type { RunEnd } from '../plugin.ts';
import { auditAtEnd, auditLeftOut } from './decide/audit.ts';
import { usualCost } from './decide/budget.ts';
import { dueBeside, dueControl } from './decide/control.ts';
import { reserve } from './decide/reserve.ts';
import { basisOf, tipOf } from './decide/settle.ts';
import type { Run } from './engine.ts';
import { iterate, offerAndIterate, proposeAndIterate, takeUp, type Ended } from './iterate.ts';
import { baselineOf } from './propose/baseline.ts';
import type { Offer } from './propose/offer.ts';
import { nextOffer } from './propose/offers.ts';
import type { ChosenPlan } from './slots/pace.ts';
import { RANK } from './slots/pool.ts';

/**
 * Attempt, measure, decide, repeat, until a limit is reached or nothing is left to try. As many experiments are in flight as
 * there are slots, and some proposed ahead; what is decided is decided one at a time.
 */
export async function runLoop(run: Run, left: readonly Left[]): Promise<RunEnd> {
  const { hooks, state, flight, signal } = run;
  let failed: Ended | null = null;
  let unreachable: unknown = null;
  const onEnd = (ended: Ended): void => {
    if (state.incumbent === null) failed = ended;
  };
  await hooks.start.promise(state.view);
  for (const each of left) flight.start(...takeUp(run, each, onEnd));
  if (left.length === 0) await auditLeftOut(run);
  for (;;) {
    signal.throwIfAborted();
    await run.objects.check(tipOf(run));
    const filled = unreachable === null ? await fill(run, onEnd) : null;
    const isWaiting = filled === 'waiting';
    const stop = isWaiting ? null : filled;
    if (flight.size === 0) {
      if (unreachable !== null) throw unreachable;
      if (stop !== null) return conclude(run, stop);
    }
    try {
      // An agent that has answered leaves what it has not used to others.
      await flight.next({ orTold: isWaiting });
    } catch (error) {
      // No agent can be asked, but what is in flight can be measured.
      if (!(error instanceof AutoresearchError && error.code === 'AGENT_FAILED')) throw error;
      unreachable = error;
    }
    if (failed !== null) return { outcome: 'failed', reason: await baselineFailed(run, failed) };
  }
}

/**
 * Starts experiments until every slot has its share. Gives the reason why no more may be started, if there is one; `waiting`
 * while what is left in dollars is reserved for the agents at work.
 */
async function fill(run: Run, onEnd: (ended: Ended) => void): Promise<Reason | 'waiting' | null> {
  const { hooks, state, flight } = run;
  const start = (committed: CommittedExperiment, slot?: string): void =>
    flight.start(
      { id: committed.id, kind: committed.kind, basis: committed.basis, usd: 0, ...(slot !== undefined && { slot }) },
      async (seat) => {
        onEnd(await iterate(run, seat, committed, { rank: RANK.control, slot }));
        return true;
      },
      performance.now(),
    );
  while (flight.size < roomOf(run.plan())) {
    if (state.incumbent === null) {
      // Everything else is compared with it. The other slots measure the same commit meanwhile, to be compared with each other.
      const baseline = state.view.pending.find(({ kind }) => kind === 'baseline');
      const beside = baseline && dueBeside(run, baseline.id);
      if (baseline === undefined) start(baselineOf(run, flight.nextId), run.slots[0]);
      else if (beside) start(beside.experiment, beside.slot);
      else return null;
      continue;
    }
    // People's decisions are taken up there, and written into the ledger.
    const stop = await run.decisions.take(() => hooks.stop.promise(state.view));
    if (stop) return stop;
    const control = flight.nothingLeft === null ? dueControl(run) : null;
    const offer = control === null ? await nextOffer(run) : null;
    if (control !== null) start(control.experiment, control.slot);
    else if (offer !== null) startOffer(run, offer, onEnd);
    else if (flight.nothingLeft !== null) return flight.nothingLeft;
    else {
      const most = reserve(state.view, flight.held, roomOf(run.plan()));
      if (most === null) return 'waiting';
      flight.start({ id: flight.nextId, kind: 'change', basis: basisOf(run), usd: usualCost(state), most }, (seat, id) =>
        proposeAndIterate(run, seat, id, onEnd),
      );
    }
  }
  return null;
}

/** Experiments that may be in flight. */
function roomOf({ width, lookahead }: ChosenPlan): number {
  return width * (1 + lookahead);
}

/** It counts as a proposal, and gets a slot once no candidate waits for one. */
function startOffer(run: Run, offer: Offer, onEnd: (ended: Ended) => void): void {
  const { title, agent, params } = offer.proposal;
  const facts = { kind: 'change', basis: basisOf(run), title, agent, ...(params && { params }), ...offer.origin, usd: 0 } as const;
  run.flight.start({ id: run.flight.nextId, ...facts }, (seat, id) => offerAndIterate(run, seat, id, { offer, onEnd }));
}

/** Ends the run, with an audit first if a gate asks for one. */
async function conclude(run: Run, reason: Reason): Promise<RunEnd> {
  if (reason.code === 'CRASHES' || reason.code === 'NO_PROPOSALS' || reason.code === 'DATA_CHANGED') return { outcome: 'failed', reason };
  await auditAtEnd(run);
  return { outcome: 'stopped', reason };
}

async function baselineFailed({ diagnose }: Run, { experiment, log }: Ended): Promise<Reason> {
  const { text } = experiment.reason;
  const diagnosis = await diagnose(`${log}\n${text}`);
  return { code: 'BASELINE_FAILED', text: `the baseline could not be measured: ${text}${diagnosis === null ? '' : `. ${diagnosis}`}` };
}
