import { deepFreeze, type ProposedExperiment } from '../../experiment.ts';
import { proposed } from '../../model/experiment-states.ts';
import type { Outcome } from '../decide/outcome.ts';
import { basisOf } from '../decide/settle.ts';
import type { Run } from '../engine.ts';
import { RANK } from '../slots/pool.ts';
import type { Seat } from '../slots/seat.ts';
import { move } from './move.ts';
import type { Offer, OfferSource } from './offer.ts';

/** Late gains of the run: changes that gained on a commit that was no longer the incumbent. */
export function lateOffers({ state, late }: Pick<Run, 'state' | 'late'>): OfferSource {
  return {
    async next() {
      const { view } = state;
      const [first] = late.open(view);
      const [record] = first === undefined ? [] : ((await view.ledger?.experiments([first.of])) ?? []);
      if (record === undefined || record.candidate === null) return null;
      const { seconds: _seconds, usage: _usage, declined: _declined, hints: _hints, ...proposal } = record.proposal;
      return { change: { candidate: record.candidate, parent: record.parent }, proposal, origin: { again: record.id } };
    },
  };
}

/** The first change that is offered. */
export async function nextOffer(run: Pick<Run, 'offers' | 'state' | 'base'>): Promise<Offer | null> {
  const incumbent = basisOf(run);
  for (const source of run.offers) {
    const offer = await source.next(incumbent);
    if (offer !== null) return offer;
  }
  return null;
}

/** An experiment that moves an offered change onto the incumbent, once a slot has nothing better to do. */
export async function proposeOffer(
  run: Run,
  seat: Seat,
  id: number,
  { change, proposal, origin }: Offer,
): Promise<ProposedExperiment | Outcome> {
  run.flight.note(id, { stage: 'waiting' });
  await seat.toSlot({ rank: RANK.offer });
  const basis = basisOf(run);
  const startedAt = new Date().toISOString();
  run.flight.began(id, basis);
  const started = proposed({ run: run.state.name, id, kind: 'change', basis, startedAt, ...origin }, proposal);
  const result = await move(run, seat, started, change);
  if (result.kind === 'moved') return result.experiment;
  if (result.kind === 'tampered') return { experiment: result.experiment, verdict: 'discard', reason: result.reason };
  const { conflict } = result;
  const text = `it cannot be moved onto the incumbent: ${conflict.paths.join(', ') || 'git refuses it'}`;
  const experiment = deepFreeze({ ...started, proposal: result.proposal, moved: [change], conflict });
  return { experiment, verdict: 'discard', reason: { code: 'CONFLICT', text } };
}
