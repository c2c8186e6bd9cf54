/** What a person decides about a run, whether or not a process works on it. */

/** The person, by their own account; it is not verified. */
export interface Reviewer {
  readonly name: string;
  readonly email: string | null;
}

/** Approves, rejects or asks about one experiment. `note` says why, and is the question of `ask`. */
export interface ReviewDecision {
  readonly kind: 'review';
  readonly experiment: number;
  readonly decision: 'approve' | 'reject' | 'ask';
  readonly note: string;
  readonly by: Reviewer;
}

/** A hint for the next proposal. */
export interface SteerDecision {
  readonly kind: 'steer';
  readonly text: string;
  readonly by: Reviewer;
}

/** The run finishes the experiment under way, then works on nothing until `resume` or `stop`. */
export interface PauseDecision {
  readonly kind: 'pause';
  readonly note: string;
  readonly by: Reviewer;
}

/** A paused run goes on. */
export interface ResumeDecision {
  readonly kind: 'resume';
  readonly by: Reviewer;
}

/** The run finishes the experiment under way and ends, as if its budget were used up. */
export interface StopDecision {
  readonly kind: 'stop';
  readonly note: string;
  readonly by: Reviewer;
}

export type RunDecision = ReviewDecision | SteerDecision | PauseDecision | ResumeDecision | StopDecision;
