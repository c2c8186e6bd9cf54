import { closeSync, existsSync, fdatasyncSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CommittedExperiment, ProposedExperiment } from '../experiment.ts';
import { createSigner, keyIn, readKey, type Signer } from './signed-lines.ts';

export type InFlight = ProposedExperiment | CommittedExperiment;

/**
 * The write-ahead file: the states of the experiment in flight, one JSON line each. What it says
 * survives a kill at any moment; a torn last line is dropped. Each line is signed with a key in a file beside it, since a trial
 * without a sandbox can write there: what is not signed does not count.
 */
export class WriteAhead {
  readonly #fd: number;
  readonly #signer: Signer;

  constructor(file: string) {
    mkdirSync(dirname(file), { recursive: true });
    const torn = existsSync(file) && !/(^|\n)$/.test(readFileSync(file, 'utf8'));
    this.#signer = createSigner(keyIn(keyFileOf(file)));
    this.#fd = openSync(file, 'a', 0o600);
    // Ends a line that a kill has torn, so that the next one stands by itself.
    if (torn) writeSync(this.#fd, '\n');
  }

  write(experiment: InFlight): void {
    writeSync(this.#fd, `${this.#signer.sign(experiment)}\n`);
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
  const states = linesOf(file).flatMap(({ state }) => (state !== null && 'id' in state ? [state as InFlight] : []));
  return states.findLast((state) => state.id > lastSettled) ?? null;
}

/** How many whole lines are there that the engine has not written: somebody else's, or those of a version that did not sign. */
export function countForeignLines(file: string): number {
  return linesOf(file).filter(({ line, state }) => state === null && isWhole(line)).length;
}

function linesOf(file: string): { line: string; state: object | null }[] {
  const key = readKey(keyFileOf(file));
  const signer = key && createSigner(key);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return [];
  }
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => ({ line, state: signer?.read(line) ?? null }));
}

function isWhole(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

function keyFileOf(file: string): string {
  return join(dirname(file), 'wal.key');
}
