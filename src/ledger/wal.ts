import { closeSync, existsSync, fdatasync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CommittedExperiment, ProposedExperiment, Trial } from '../experiment.ts';
import { createSigner, keyIn, readKey, type Signer } from './signed-lines.ts';

export type InFlight = ProposedExperiment | CommittedExperiment;

/** A trial of a measurement that is no experiment, such as an audit; `of` says which. */
interface TrialLine {
  readonly of: string;
  readonly trial: Trial;
}

/**
 * The write-ahead file: the states of the experiment in flight, one JSON line each. What it says
 * survives a kill at any moment; a torn last line is dropped. Trials of an audit or ablation are there too until its record is.
 * Each line is signed with a key in a file beside it, since a trial without a sandbox can write there: what is not signed
 * does not count.
 */
export class WriteAhead {
  readonly #file: string;
  readonly #fd: number;
  readonly #signer: Signer;
  /** Does the file end in half a line, which must be ended so that the next one stands by itself? */
  #isTorn: boolean;
  #synced: Promise<void> = Promise.resolve();
  #failure: Error | null = null;

  constructor(file: string) {
    this.#file = file;
    mkdirSync(dirname(file), { recursive: true });
    this.#isTorn = existsSync(file) && !/(^|\n)$/.test(readFileSync(file, 'utf8'));
    this.#signer = createSigner(keyIn(keyFileOf(file)));
    this.#fd = openSync(file, 'a', 0o600);
  }

  write(experiment: InFlight): void {
    this.#append(experiment);
  }

  /** The trial of a commit with a seed: the one that a session before this has made, else one made now. */
  async trial(of: string, { commit, seed }: Pick<Trial, 'commit' | 'seed'>, measure: () => Promise<Trial>): Promise<Trial> {
    const lines = linesOf(this.#file).flatMap(({ state }) => (state !== null && isTrialLine(state) ? [state] : []));
    const before = lines.find((line) => line.of === of && line.trial.commit === commit && line.trial.seed === seed);
    if (before !== undefined) return before.trial;
    const trial = await measure();
    this.#append({ of, trial });
    return trial;
  }

  /** Forgets a settled experiment: the ledger has it. */
  clear(): void {
    this.#throwFailure();
    ftruncateSync(this.#fd, 0);
    this.#isTorn = false;
  }

  close(): void {
    void this.#synced.then(() => closeSync(this.#fd)).catch(() => {});
  }

  #append(line: InFlight | TrialLine): void {
    this.#throwFailure();
    const bytes = Buffer.from(`${this.#isTorn ? '\n' : ''}${this.#signer.sign(line)}\n`);
    this.#isTorn = true;
    // A full disk may take a part of the line before it refuses the rest.
    for (let at = 0; at < bytes.length;) at += writeSync(this.#fd, bytes, at);
    this.#isTorn = false;
    this.#sync();
  }

  /** A kill takes nothing that is written. A power cut would, until the disk has it; the next step begins meanwhile. */
  #sync(): void {
    this.#synced = this.#synced.then(
      () =>
        new Promise((resolve) => {
          fdatasync(this.#fd, (error) => {
            this.#failure ??= error;
            resolve();
          });
        }),
    );
  }

  /** What could not be brought to the disk is told to whoever writes next. */
  #throwFailure(): void {
    const failure = this.#failure;
    this.#failure = null;
    if (failure !== null) throw failure;
  }
}

/** The last state written of an experiment that is not settled yet; null if there is none. */
export function readInFlight(file: string, lastSettled: number): InFlight | null {
  const states = linesOf(file).flatMap(({ state }) => (state !== null && 'id' in state ? [state as InFlight] : []));
  return states.findLast((state) => state.id > lastSettled) ?? null;
}

function isTrialLine(state: object): state is TrialLine {
  return 'of' in state && 'trial' in state;
}

/** The number of whole lines without a valid signature: forged ones, or those of a version that did not sign. */
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
