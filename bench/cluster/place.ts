import type { AnyDefinition } from '../../src/plugin.ts';

/** A trial as a person would run it by hand. */
export interface ByHand {
  /** An archive of the candidate's files. */
  readonly archive: string;
  /** Their id, which no other round has. */
  readonly tree: string;
}

/** An engine that runs trials elsewhere, as the tests start it on this machine. */
export interface Place {
  readonly name: string;
  readonly definition: AnyDefinition;
  /** The options of the trainer that lead there, but for the program. */
  readonly options: Readonly<Record<string, unknown>>;
  /** By the engine's own means: submits a job that sleeps, waits for it, and gets what it printed. */
  plain(seconds: number): Promise<void>;
  /**
   * The same for a trial: sends the files, runs `sh train.sh` in a fresh folder with them, gets what it printed and
   * `metrics.json`, and removes the folder.
   */
  byHand(trial: ByHand): Promise<string>;
  remove(): Promise<void>;
}
