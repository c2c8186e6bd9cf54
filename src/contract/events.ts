/**
 * What happens in a run, as it happens: one event each, plain JSON. Reporters get them through `observe`; other processes
 * read them from the run's folder (docs/events.md). Texts of models and programs are in them as they are, without keys.
 */
import type { Reviewer, RunDecision } from './decisions.ts';
import type { Direction, Reason, Usage } from '../experiment.ts';
import type { ShortRow } from '../views/short-row.ts';
import type { RunView } from './run-view.ts';
import type { CurvePoints, Happened, OfExperiment, Stage, Subject, TrialFinished, TrialLines, TrialStarted } from './trial-events.ts';

/** A session began: the first one, or with `isResumed` a later one. */
export interface RunStarted extends Happened {
  readonly type: 'run-started';
  readonly run: string;
  readonly isResumed: boolean;
  readonly pid: number;
  readonly host: string;
  /** Version of autoresearch. */
  readonly engine: string;
  readonly objective: { readonly label: string; readonly direction: Direction };
  readonly slots: readonly string[];
  readonly budget: RunView['budget'];
  /** Experiments that were settled before. */
  readonly settled: number;
}

/** A person paused the run: it works on nothing until they let it go on, or stop it. */
export interface RunPaused extends Happened {
  readonly type: 'run-paused';
  readonly by: Reviewer;
  readonly note: string;
}

/** The pause is over. */
export interface RunUnpaused extends Happened {
  readonly type: 'run-unpaused';
  readonly by: Reviewer;
}

/** The session is over. After a crash of the whole process there is none. */
export interface RunEnded extends Happened {
  readonly type: 'run-ended';
  readonly outcome: 'stopped' | 'interrupted' | 'failed';
  readonly reason: Reason;
}

/** An agent is asked; of a chain, one after the other. */
export interface ProposalStarted extends OfExperiment {
  readonly type: 'proposal-started';
  readonly agent: string;
  /** 0 for the first time that it is asked for this experiment. */
  readonly attempt: number;
  /** It is asked to fix its change that crashed. */
  readonly isFix: boolean;
}

/** What the agent has used so far, where the meter counts it. */
export interface ProposalSpend extends OfExperiment {
  readonly type: 'proposal-spend';
  readonly agent: string;
  readonly usage: Usage;
}

export interface ProposalFinished extends OfExperiment {
  readonly type: 'proposal-finished';
  readonly agent: string;
  /** `proposed` and `no-change` end the asking; after the others the next agent is asked, or the same one again. */
  readonly status: 'proposed' | 'no-change' | 'exhausted' | 'failed';
  /** Of a proposal. */
  readonly title?: string;
  /** Why there is none. */
  readonly message?: string;
  readonly seconds: number;
  readonly usage?: Usage;
}

/** The candidate is a commit now. */
export interface ExperimentCommitted extends OfExperiment {
  readonly type: 'experiment-committed';
  readonly subject: Subject;
  readonly agent: string;
  readonly title: string;
  readonly hypothesis: string;
  readonly candidate: string;
  readonly parent: string;
  /** Paths that it changes: at most 20 of them, and how many there are in all. */
  readonly files: readonly string[];
  readonly fileCount: number;
}

/** With the subject `audit`, the experiment is the one that is measured again. */
export interface StageChanged extends OfExperiment {
  readonly type: 'stage-changed';
  readonly stage: Stage;
  readonly subject: Subject;
}

/** The experiment is settled and in the ledger. */
export interface VerdictGiven extends OfExperiment {
  readonly type: 'verdict';
  readonly row: ShortRow;
  readonly text: string;
}

/** An audit is in the ledger: the gain from anchor to final, measured again, with its 95 % interval. */
export interface AuditFinished extends Happened {
  readonly type: 'audit';
  readonly occasion: 'end' | 'keeps';
  readonly final: number;
  readonly anchor: number;
  readonly claim: { readonly value: number; readonly low: number; readonly high: number; readonly shown: 'gain' | 'none' | 'loss' };
  /** The same change according to the run's own scores. */
  readonly raw: number;
  readonly isRolledBack: boolean;
  readonly failures: readonly string[];
  readonly text: string;
}

/** A decision of a person was taken up from the queue: it is in force and in the ledger, or `refused` says why not. */
export interface DecisionTaken extends Happened {
  readonly type: 'decision';
  /** The name it has in the queue. */
  readonly id: string;
  readonly decision: RunDecision;
  readonly refused?: Reason;
}

export interface Warned extends Happened {
  readonly type: 'warning';
  readonly text: string;
}

/** Events were lost to this reader, and to no other: it did not keep up. */
export interface EventsLost extends Happened {
  readonly type: 'events-lost';
  readonly count: number;
}

export type RunEvent =
  | RunStarted
  | RunPaused
  | RunUnpaused
  | RunEnded
  | ProposalStarted
  | ProposalSpend
  | ProposalFinished
  | ExperimentCommitted
  | StageChanged
  | TrialStarted
  | TrialLines
  | CurvePoints
  | TrialFinished
  | VerdictGiven
  | AuditFinished
  | DecisionTaken
  | Warned
  | EventsLost;

export type RunEventType = RunEvent['type'];
