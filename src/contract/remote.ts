/** Trials on other machines: what an engine such as Slurm, or a machine behind ssh, must be able to do. */

/** The files of a candidate. */
export interface TrialTree {
  /** The project's folder in it: empty, or with a slash at its end. */
  readonly prefix: string;
  /** The id that git has for exactly this content. */
  id(): Promise<string>;
  /** Writes the tree to a file as a pack of git, for `git unpack-objects`; gives the id that git has for exactly this content. */
  pack(file: string): Promise<string>;
}

/** Which trial a job is an attempt at. */
export interface TrialOfJob {
  /** The run's name. */
  readonly run: string;
  readonly experiment: number;
  /** Its number among the trials of the experiment, from 0. */
  readonly index: number;
  /** From 0; above it where earlier attempts were lost. */
  readonly attempt: number;
}

/** One attempt at one trial, as it is handed to the engine. */
export interface RemoteJob {
  /**
   * The same for the same work, at most 40 characters of [a-z0-9-]: names the job, so that it is found again after a crash
   * of autoresearch and never submitted twice.
   */
  readonly key: string;
  /** For people who look at the engine's own list of jobs, such as `autoresearch-night-12-0`. */
  readonly title: string;
  /** For engines that let people look for jobs by label; absent where `check` tries the place out. */
  readonly trial?: TrialOfJob;
  /** A folder with the files that `worker.sh` runs: source.pack, tree, prefix, program, outputs and settings. */
  readonly folder: string;
  /** Makes a tar archive of the same, and gives its path. */
  archive(): Promise<string>;
  /** How long it may run, in seconds. */
  readonly timeoutSeconds: number;
}

/**
 * Where a job stands. `lost` says that the engine, the machine or the connection failed, and nothing of the candidate: the
 * trial is then tried again.
 */
export type RemoteState =
  | { readonly state: 'pending'; readonly detail?: string }
  | { readonly state: 'running'; readonly logSize: number }
  | { readonly state: 'ended'; readonly logSize: number; readonly end: RemoteEnd }
  | {
      readonly state: 'lost';
      readonly detail: string;
      /** Its job cannot be reached, and may run on until its lease is over; the next attempt waits for that. */
      readonly mayRun?: boolean;
    };

/** How the worker says that the program ended. */
export interface RemoteEnd {
  /** As the shell has it: above 128 for a signal; null where the program was not started. */
  readonly exitCode: number | null;
  /** Why the worker ended it, or could not start it; null where it ended by itself. */
  readonly why: 'timeout' | 'cancelled' | 'lease' | 'setup' | 'sandbox' | 'results' | 'disk' | null;
  readonly seconds: number;
  /** What kept it in: `bwrap`, or `none`. */
  readonly layer: string;
  /** The id of the tree that it ran; empty where the worker could not say. */
  readonly tree: string;
  /** The class of hardware it ran on, such as a model of GPU with its driver; empty where the worker could not say. */
  readonly hardware: string;
}

/** A file that a job has brought back. */
export interface RemoteFile {
  /** Relative to the project's folder. */
  readonly path: string;
  readonly size: number;
  /** The id that git gives to this content. */
  readonly blob: string;
  read(): Promise<Uint8Array>;
}

/**
 * What every engine can do. All methods throw where the engine cannot be reached: that says nothing about the job, and is
 * tried again for a while. A handle is the engine's own name for the job, which must not change.
 */
export interface RemoteEngine {
  /** The handle of a job that was submitted before, by this or by an earlier process; null where there is none. */
  find(key: string): Promise<string | null>;
  /** Starts a job. Submitting a key that is there already gives its handle, and starts nothing. */
  submit(job: RemoteJob): Promise<string>;
  /**
   * Where it stands. Asking also renews its lease: a job that nobody asks for ends by itself.
   * @param waitMs how long the answer may wait for the job to end, where the engine notices that at once
   */
  poll(handle: string, waitMs?: number): Promise<RemoteState>;
  /** What it has printed, from a byte on; at most 256 KiB at once. */
  log(handle: string, offset: number): Promise<Uint8Array>;
  results(handle: string): Promise<readonly RemoteFile[]>;
  /** Ends it, if it runs or waits. */
  cancel(handle: string): Promise<void>;
  /** Removes what it left behind. It is ended by then. */
  forget(handle: string): Promise<void>;
}

/** What is noted of a job before it is submitted, so that it can be ended after a crash. */
export interface RemoteNote {
  readonly key: string;
  readonly title: string;
  readonly experiment: number;
  /** The slot it was submitted from: where an engine has several places, it says which. */
  readonly slot: string;
}

/** What was found of a place where trials run, for people. */
export interface RemoteCheck {
  readonly found: readonly string[];
  /** What may be wrong. */
  readonly warnings: readonly string[];
}
