import { ReasonError } from '../contract/reason-error.ts';
import type { RemoteEnd } from '../contract/remote.ts';
import type { TrialOutcome } from '../contract/roles.ts';

export type AttemptEnd = { readonly state: 'ended'; readonly outcome: TrialOutcome } | LostEnd;

interface LostEnd {
  readonly state: 'lost';
  readonly cause: string;
  /** It may run on until its lease is over. */
  readonly mayRun?: boolean;
}

const LOST = {
  lease: 'the worker had not been asked for it during the lease, and ended it',
  setup: 'the worker could not unpack the candidate',
  disk: 'the disk of the worker is full',
};

/**
 * What the end of a job says about the trial.
 * @param tree the id of the candidate's tree, as git has it
 * @throws ReasonError SANDBOX_UNAVAILABLE, RESULT_REFUSED
 */
export function conclusionOf(end: RemoteEnd, tree: string | undefined): AttemptEnd {
  const { why, seconds, exitCode, hardware } = end;
  if (why === 'lease' || why === 'setup' || why === 'disk') return { state: 'lost', cause: LOST[why] };
  if (why === 'sandbox')
    throw new ReasonError('SANDBOX_UNAVAILABLE', 'bwrap does not work on the worker, and the option sandbox asks for it');
  if (why === 'results') throw new ReasonError('RESULT_REFUSED', 'the results are larger than maxResultsMb');
  // A result whose origin is not known does not count; a worker that could not say has not completed it either.
  if (end.tree !== tree && (exitCode === 0 || end.tree !== ''))
    return { state: 'lost', cause: `the worker answered for another commit (tree ${end.tree || 'unknown'} in place of ${tree})` };
  const common = { seconds, peakMemoryMb: null, ...(hardware !== '' && { hardware }) };
  if (why === 'timeout') return { state: 'ended', outcome: { ...common, exit: 'timed-out', exitCode: null, signal: null } };
  if (why === 'cancelled') return { state: 'ended', outcome: { ...common, exit: 'aborted', exitCode: null, signal: null } };
  return { state: 'ended', outcome: { ...common, exit: exitCode === 0 ? 'completed' : 'failed', exitCode, signal: null } };
}
