import { closeSync, existsSync, fdatasyncSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { CommittedExperiment, ProposedExperiment } from '../experiment.ts';

export type InFlight = ProposedExperiment | CommittedExperiment;

/**
 * The write-ahead file: the states of the experiment in flight, one JSON line each. What it says
 * survives a kill at any moment; a torn last line is dropped.
 */
export class WriteAhead {
  readonly #fd: number;

  constructor(file: string) {
    mkdirSync(dirname(file), { recursive: true });
    const torn = existsSync(file) && !/(^|\n)$/.test(readFileSync(file, 'utf8'));
    this.#fd = openSync(file, 'a');
    // Ends a line that a kill has torn, so that the next one stands by itself.
    if (torn) writeSync(this.#fd, '\n');
  }

  write(experiment: InFlight): void {
    writeSync(this.#fd, `${JSON.stringify(experiment)}\n`);
    fdatasyncSync(this.#fd);
  }

  /** Forgets a settled experiment: the ledger has it. */
  clear(): void {
    ftruncateSync(this.#fd, 0);
  }

  close(): void {
    closeSync(this.#fd);
  }
}

/** The last state written of an experiment that is not settled yet; null if there is none. */
export function readInFlight(file: string, lastSettled: number): InFlight | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return null;
  }
  const states = text.split('\n').flatMap((line) => parse(line) ?? []);
  return states.findLast((state) => state.id > lastSettled) ?? null;
}

function parse(line: string): InFlight | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'id' in value ? (value as InFlight) : null;
  } catch {
    return null;
  }
}
