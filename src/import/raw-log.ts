import type { Direction } from '../experiment.ts';

/** One entry of a log, whatever its format: a text for each column. */
export interface RawRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/** A log as it is written, before anything is understood. */
export interface RawLog {
  /** Null where there is no header; columns are then called by their numbers, from 1. */
  readonly header: readonly string[] | null;
  readonly headerLine: number;
  readonly rows: readonly RawRow[];
  /** What the log says of itself, in comments or a first object. */
  readonly says: { readonly metric?: string; readonly direction?: Direction };
  /** Lines that hold no entry, such as prose around a table. */
  readonly skipped: readonly number[];
}

/** `lower`, `max`, `higher_is_better` and the like; undefined for other words. */
export function readDirection(text: unknown): Direction | undefined {
  const word = typeof text === 'string' ? text.toLowerCase() : '';
  if (/^(?:min|low|down|smaller|less|decreas)/.test(word)) return 'minimize';
  return /^(?:max|high|up|larger|greater|bigger|more|increas)/.test(word) ? 'maximize' : undefined;
}
