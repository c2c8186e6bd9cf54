/** What plugins may know of the run. */
import type {
  Basis,
  Belief,
  Declined,
  Direction,
  Estimate,
  ExperimentKind,
  Json,
  Reason,
  Scalar,
  Score,
  SeedRecord,
  SetAside,
  SettledExperiment,
  Trial,
  Verdict,
} from '../experiment.ts';

/** One settled experiment as the loop remembers it. */
export interface Summary {
  readonly id: number;
  readonly kind: ExperimentKind;
  /** The experiment that was the incumbent when it was proposed, whose commit is `parent`; null for a baseline. */
  readonly basis: number | null;
  /** The experiment that was the incumbent when it was decided, with which it was compared; null for a baseline. */
  readonly incumbent: number | null;
  readonly verdict: Verdict;
  readonly reason: Reason;
  readonly title: string;
  readonly agent: string;
  readonly params?: Readonly<Record<string, Scalar>>;
  readonly score: number | null;
  readonly delta: number | null;
  readonly parent: string;
  readonly candidate: string | null;
  readonly seconds: number;
  /** Where others were in flight beside it: the seconds by the wall clock that it adds to theirs. */
  readonly wallSeconds?: number;
  /** Seconds of its proposal; absent where no agent was asked. */
  readonly proposalSeconds?: number;
  /** Seconds of its trials. */
  readonly trialSeconds?: number;
  /** What all agents that were asked used. */
  readonly usd?: number;
  /** Input and output tokens of them. */
  readonly tokens?: number;
  /** Agents that were asked before and failed. */
  readonly declined?: readonly Declined[];
  /** Spread and count of the trials behind the score. */
  readonly spread?: number;
  readonly n?: number;
  /** Its trials that do not count. */
  readonly setAside?: readonly SetAside[];
  /** What its trials said of seeds. */
  readonly seeds?: SeedRecord;
  /** The incumbent's score beside it, where trials are interleaved. */
  readonly beside?: Score['beside'];
  readonly estimate?: Estimate;
  readonly belief?: Belief;
  /** By gate, what it noted for later. */
  readonly notes?: Readonly<Record<string, Json>>;
  readonly key?: string;
  /** Where its trials ran, and on which class of hardware, if slots have one; absent without a trial. */
  readonly slot?: string;
  readonly hardware?: string;
  /** Attempts at its trials that were lost with their machine; absent where none was. */
  readonly lost?: number;
  /** The earlier experiment whose change this is, moved onto a later incumbent. */
  readonly again?: number;
  /** The experiment of another node whose change this is, such as `b2#41`. */
  readonly origin?: string;
  /** All its files are as they are there. */
  readonly whole?: true;
  readonly metrics: Readonly<Record<string, number>>;
}

/** How much the score of one trial varies while nothing is changed. */
export interface Noise {
  /** Standard deviation of one trial's score. */
  readonly sigma: number;
  /** Degrees of freedom it rests on; 0 when it was only given in the config. */
  readonly df: number;
  readonly source: 'repeats' | 'config';
  /** The config's own figure, where it has one; it is mixed in with the weight of two degrees of freedom. */
  readonly given?: number;
  /** What was measured before the run; it counts with its own degrees of freedom. */
  readonly known?: KnownNoise;
}

/** The noise of one trial as it was measured before the run, on the same commit, machine and config. */
export interface KnownNoise {
  readonly sigma: number;
  /** Degrees of freedom behind it: trials minus 1. */
  readonly df: number;
}

/** The gain measured again on fresh seeds, and on held-out data if there is some. */
export interface Audit {
  readonly at: string;
  readonly occasion: 'end' | 'keeps';
  readonly final: { readonly id: number; readonly commit: string };
  readonly anchor: { readonly id: number; readonly commit: string };
  readonly trials: { readonly final: readonly Trial[]; readonly anchor: readonly Trial[] };
  /** Change of the score from anchor to final with its 95 % interval. */
  readonly claim: {
    readonly value: number;
    readonly low: number;
    readonly high: number;
    readonly df: number;
    readonly shown: 'gain' | 'none' | 'loss';
  };
  /** The change according to the run's own scores. */
  readonly raw: number;
  /** Guards that failed on the fresh measurement. */
  readonly failures: readonly string[];
  readonly rolledBack: boolean;
  /** Where a rollback went: the last one that an audit confirmed, else the anchor. */
  readonly back?: { readonly id: number; readonly commit: string };
  readonly text: string;
}

/** The ledger as a reporter reads it that missed something. */
export interface LedgerView {
  /** The commit of the opening record: no other run has it, also none of the same name elsewhere. */
  readonly id: string;
  /** Whole records by their numbers, in that order; without the items of metrics. A number that is not settled is left out. */
  experiments(ids: readonly number[]): Promise<readonly SettledExperiment[]>;
}

/** An experiment in flight. */
export interface Pending {
  readonly id: number;
  readonly kind: ExperimentKind;
  readonly stage: 'proposing' | 'waiting' | 'measuring';
  /** Empty while its agent is still at work. */
  readonly title: string;
  readonly agent: string;
  readonly basis: Basis;
  /** The values it tries, where its agent has named them. */
  readonly params?: Readonly<Record<string, Scalar>>;
  /** The slot it must be measured in, where any one will not do. */
  readonly slot?: string;
  /** The earlier experiment whose change it is, moved onto a later incumbent. */
  readonly again?: number;
  /** Dollars it has used, or will probably use while that is not known. */
  readonly usd: number;
}

/** The run as it was when the plugin was called: frozen, also while the run goes on. The next call has a new one. */
export interface RunView {
  readonly name: string;
  /** The set of decision rules the run was started with, and keeps; 1 where it is not given. */
  readonly rules?: number;
  readonly seed: number;
  readonly objective: { readonly label: string; readonly direction: Direction };
  readonly baseline: SettledExperiment | null;
  readonly incumbent: SettledExperiment | null;
  /** What guards and audits compare with: the baseline, measured again where the machine drifted. Frozen, so that small losses do not add up. */
  readonly anchor: SettledExperiment | null;
  /** How seeds are used, once it is known; the incumbent's trials are compared seed by seed where they are shared. */
  readonly seeds?: SeedRecord | null;
  /** Null until something has been measured twice, or the config gives a sigma. */
  readonly noise: Noise | null;
  readonly audits: readonly Audit[];
  /** Metrics that guards of the config protect; absent where that is not known. */
  readonly guards?: readonly string[];
  /** Every settled experiment, in the order of the decisions, which need not be that of their ids. */
  readonly history: readonly Summary[];
  /** Experiments that are in flight and not settled. */
  readonly pending: readonly Pending[];
  /** The baseline is not counted. */
  readonly counts: Readonly<Record<Verdict, number>>;
  /** Experiments since the last keep that came to nothing (one parked for a human has not), and crashes since the last that did not crash. */
  readonly sinceKeep: number;
  readonly crashesInARow: number;
  /** Experiments in a row in which an agent was asked and nothing new came to be measured. */
  readonly emptyInARow: number;
  /** Seconds that passed while anything was in flight, and dollars used by settled experiments, over all sessions of the run. */
  readonly seconds: number;
  /** Seconds of all trials, whichever slot they ran in. */
  readonly slotSeconds?: number;
  readonly usd: number;
  /** Absent where there is none, as in tests and when a past run is judged again. */
  readonly ledger?: LedgerView;
  /** What the run may use in all; a limit that is not set is absent. */
  readonly budget: { readonly experiments?: number; readonly seconds?: number; readonly slotSeconds?: number; readonly usd?: number };
}

/** How a run ended, for the last report. */
export interface RunEnd {
  readonly outcome: 'stopped' | 'interrupted' | 'failed';
  readonly reason: Reason;
}
