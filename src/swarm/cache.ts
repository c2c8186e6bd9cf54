/**
 * What was read of all ledgers, kept in short form in the run's own folder, so that git is asked only for what is new.
 * A line is a part of one ledger, signed, because a trial without a sandbox could write there. A line that is torn or forged is
 * left out: what it held is read from git again.
 */
import { join } from 'node:path';
import { SignedFile, readSigned } from '../ledger/signed-file.ts';
import { compact } from './compact.ts';
import type { NodeChain } from './model.ts';
import type { SwarmUnion, TakenChain } from './union.ts';

/** Entries in a line. */
const PART = 500;
/** The version of the line format; lines of other versions are skipped. */
const VERSION = 1;

interface Line extends TakenChain {
  readonly v: number;
}

export const cacheFileOf = (runDir: string): string => join(runDir, 'swarm.jsonl');

export class SwarmCache {
  readonly #file: string;
  readonly #keyFile: string;
  readonly #isReadOnly: boolean;
  #open: SignedFile | null = null;

  constructor(file: string, keyFile: string, { isReadOnly = false } = {}) {
    this.#file = file;
    this.#keyFile = keyFile;
    this.#isReadOnly = isReadOnly;
  }

  /** Adds everything in the cache to the union; gives the number of entries. */
  restore(union: SwarmUnion): number {
    let count = 0;
    for (const { value } of readSigned(this.#file, this.#keyFile)) {
      const line = value as Line | null;
      if (line?.v !== VERSION) continue;
      union.take(line);
      count += line.entries.length;
    }
    return count;
  }

  /** Adds the new entries of a ledger to the union and to the cache. */
  add(union: SwarmUnion, { entries, ...chain }: NodeChain): void {
    const taken = entries.map(compact);
    union.take({ ...chain, entries: taken });
    if (this.#isReadOnly) return;
    let { after } = chain;
    for (let at = 0; at < taken.length; at += PART) {
      const part = taken.slice(at, at + PART);
      this.#open ??= new SignedFile(this.#file, this.#keyFile);
      this.#open.append({ v: VERSION, id: chain.id, owner: chain.owner, after, entries: part } satisfies Line);
      after = part.at(-1)?.commit ?? after;
    }
  }

  close(): void {
    this.#open?.close();
    this.#open = null;
  }
}
