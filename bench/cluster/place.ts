import type { AnyDefinition } from '../../src/plugin.ts';

/** An engine that runs trials elsewhere, as the tests start it on this machine. */
export interface Place {
  readonly name: string;
  readonly definition: AnyDefinition;
  /** The options of the trainer that lead there, but for the program. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The same by the engine's own means: submits a job that sleeps, waits for it, and gets what it printed. */
  plain(seconds: number): Promise<void>;
  remove(): Promise<void>;
}
