/** The shape of a validated config, after `extends` is resolved and defaults are filled in. */
import type { Json } from '../experiment.ts';

export interface PluginUse {
  readonly use: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

export interface AgentUse extends PluginUse {
  /** What records call it; without it the plugin's name. */
  readonly name?: string;
  /** Wall time of one proposal, as written: `10m`. */
  readonly timeout?: string;
  /** How long it may print nothing, as written. */
  readonly idle?: string;
  readonly limits?: { readonly requests?: number; readonly tokens?: number; readonly cost?: number };
  readonly fixAttempts?: number;
  /** Is the run to go on without it where it cannot be used, such as where it is not installed? */
  readonly optional?: boolean;
}

export interface TrainerUse extends PluginUse {
  /** Wall time of one trial, as written: `10m`. */
  readonly timeout: string;
  /** Trials per experiment before it is first judged. */
  readonly trials: number;
  /** May trials reach the network? Held to by the sandbox alone. */
  readonly network: boolean;
  /** What a trial's processes may use together, in MiB; `maxFileMb` is how large one file may get. */
  readonly maxMemoryMb?: number;
  readonly maxDiskMb?: number;
  readonly maxFileMb?: number;
  /** How many of them there may be at once. */
  readonly maxProcesses?: number;
  /** Run the incumbent beside every candidate, in turns. */
  readonly interleave: boolean;
  /** Where a stage of its own measures what the trainer hands over. */
  readonly evaluate?: EvaluateUse;
}

/** The second stage of a trial. Paths are relative to the project's folder. */
export interface EvaluateUse {
  readonly run: readonly string[];
  /** Data of the trainer's stage. */
  readonly inputs: readonly string[];
  /** What the trainer hands over. */
  readonly outputs: readonly string[];
  /** What the evaluator alone sees. */
  readonly data: readonly string[];
  /** For audits: what is there instead, by path. */
  readonly holdout: Readonly<Record<string, string>>;
  /** A program of the candidate that answers the evaluator; `timeout` is for one answer. */
  readonly predict?: { readonly run: readonly string[]; readonly timeout: string };
  /** Wall time of the evaluator, as written. */
  readonly timeout: string;
  readonly maxOutputMb: number;
}

/** Whose rows they are: those of every trial, those of audits alone, or everybody's. */
export type Split = 'loop' | 'holdout' | 'open';

/** A data file of the user, checked row by row before a run. */
export interface DataFile {
  readonly path: string;
  /** The file with the JSON Schema of one row. */
  readonly schema: string;
  /** The column with each row's own name. */
  readonly id: string;
  readonly format?: 'csv' | 'jsonl';
  /** What an evaluator knows its rows by; without it, the schema's name. */
  readonly name?: string;
  /** Without it, as its place says. */
  readonly split?: Split;
}

/** A way to run trials that differs from the loop's: `transfer` asks whether the gain is there too. */
export interface TransferCondition {
  readonly name: string;
  /** Variables that trials get besides those of the loop, or in their place. */
  readonly env: Readonly<Record<string, string>>;
  /** Wall time of one trial, in place of the trainer's. */
  readonly timeout?: string;
}

/** Which seeds trials get: by what the baseline shows, the same ones for all, or one of its own for each. */
export type SeedChoice = 'auto' | 'shared' | 'fresh';

export interface NoiseConfig {
  readonly baselines?: number;
  readonly sigma?: number;
  readonly controlEvery?: number;
  readonly driftZ: number;
  readonly seeds?: SeedChoice;
}

/** Where other machines that work on the same run are met. */
export interface RemoteConfig {
  readonly url?: string;
  /** Instead of the address, the name of a remote of the repository. */
  readonly name?: string;
  readonly node?: string;
  readonly owner?: string;
  readonly focus?: string;
  /** As written: `20s`. */
  readonly every: string;
  readonly namespace: 'auto' | 'refs' | 'heads';
}

/** What holds for all of them. */
export interface SwarmConfig {
  readonly confirm: { readonly trials: number; readonly owners: number };
  readonly guests: 'none' | 'claim' | 'confirm';
  /** The file that lists them. */
  readonly nodes?: string;
  /** After how many own keeps a node tries those of others. */
  readonly islands: number;
  /** How long a change is left to the node that has reserved it, as written: `30m`. */
  readonly reserve: string;
}

export interface Config {
  /** The project's folder, relative to the config file: scope, trainer and outputs start there. */
  readonly root: string;
  readonly program?: string;
  /** A command that makes the project ready, run before a run starts or goes on. */
  readonly prepare?: readonly string[];
  /** A command that says what `prepare` has made so far, and changes nothing. */
  readonly prepared?: readonly string[];
  readonly transfer?: readonly TransferCondition[];
  readonly scope: { readonly edit: readonly string[]; readonly protect: readonly string[] };
  readonly workspace: {
    readonly link: readonly string[];
    readonly outputs: readonly string[];
    readonly holdout: readonly string[];
    /** Names of environment variables that agents and trainers get besides the basic ones. */
    readonly env: readonly string[];
    /** What the sandbox shows, and what it lets be written; relative to the project, absolute, or from `~`. */
    readonly readable: readonly string[];
    readonly writable: readonly string[];
  };
  readonly data: readonly DataFile[];
  readonly objective: PluginUse;
  readonly agent: readonly AgentUse[];
  readonly trainer: TrainerUse;
  readonly metrics: Readonly<Record<string, PluginUse>>;
  readonly gates: readonly PluginUse[];
  readonly reporters: readonly PluginUse[];
  readonly noise: NoiseConfig;
  readonly sandbox: 'auto' | 'bwrap' | 'off';
  readonly slots: readonly string[] | { readonly count: number } | 'auto';
  /** Experiments proposed ahead for each slot; absent where the engine decides. */
  readonly lookahead?: number;
  readonly budget: { readonly experiments?: number; readonly time?: string; readonly slotHours?: number; readonly cost?: number };
  readonly stop: { readonly target?: number; readonly patience?: number; readonly crashes: number; readonly empty: number };
  /** How much of the past a prompt holds. */
  readonly prompt: { readonly historyTokens: number; readonly logChars: number };
  readonly remote?: RemoteConfig;
  readonly swarm?: SwarmConfig;
  readonly seed: number;
  readonly plugins: readonly string[];
}

/** A value from the command line: one `--set path=value`, or a flag of its own. */
export interface Override {
  /** Such as `trainer.timeout` or `gates[0].with.minDelta`. */
  readonly path: string;
  /** Null takes the value away. */
  readonly value: Json;
  /** What errors name as its place; `--set` unless said otherwise. */
  readonly flag?: string;
}
