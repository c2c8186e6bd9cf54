import type { Reason } from '../experiment.ts';

/** Does a process work on the run? If not, how did the last one end? */
export type ProcessState =
  /** `paused` names who paused it. */
  | { readonly kind: 'running'; readonly pid: number; readonly paused?: string }
  | { readonly kind: 'stopped'; readonly reason: Reason }
  /** It neither runs nor ended: a crash or a power cut. */
  | { readonly kind: 'interrupted' };
