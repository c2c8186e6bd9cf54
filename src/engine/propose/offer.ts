import type { Basis, MovedFrom, Proposal, ProposedExperiment } from '../../experiment.ts';
import type { Pending } from '../../plugin.ts';

/** A change that is there as a commit already. No agent is asked for it: it is moved onto the incumbent, and measured. */
export interface Offer {
  /** The commit, and the one that it was made on: both are in the repository. */
  readonly change: MovedFrom;
  /** Its proposal, without usage, which was counted already. */
  readonly proposal: Proposal;
  /** Where it comes from, as its record and the other experiments in flight are told. */
  readonly origin: Pick<Pending, 'again'> & Pick<ProposedExperiment, 'origin'>;
}

/** Something that offers changes. */
export interface OfferSource {
  /** Takes the best change for the incumbent that no experiment in flight has; null where there is none now. */
  next(incumbent: Basis): Promise<Offer | null>;
}
