import type { Brief, PluginContext, Preflight, Report } from '../../../src/plugin.ts';

/** A recorded change, with what was said about it. */
export interface Recorded {
  readonly report: Report;
  /** The patch as a file that `git apply` reads. */
  readonly patchFile: string;
}

/** One entry of a list of changes; its name says in the record which one was replayed. */
export interface Entry {
  readonly name: string;
  load(brief: Brief): Promise<Recorded>;
}

/** Where recorded changes come from. */
export interface Source {
  verify(preflight: Preflight): Promise<void>;
  /** All entries, in their order; throws when they cannot be listed. */
  list(brief: Brief): Promise<readonly Entry[]>;
}

export type CreateSource = (value: string, context: PluginContext) => Source;
