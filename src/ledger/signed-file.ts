import { closeSync, fdatasync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolders } from '../folders.ts';
import { readTextIfThere } from '../read-if-there.ts';
import { createSigner, keyIn, readKey, type Signer } from './signed-lines.ts';

/**
 * A file of signed lines, one JSON object each, that survives a kill at any moment; a torn last line is dropped. It is
 * signed because a trial without a sandbox can write there: what is not signed does not count.
 */
export class SignedFile {
  readonly file: string;
  readonly #fd: number;
  readonly #signer: Signer;
  /** Does the file end in half a line, which must be ended so that the next one stands by itself? */
  #isTorn: boolean;
  #synced: Promise<void> = Promise.resolve();
  #failure: Error | null = null;

  constructor(file: string, keyFile: string) {
    this.file = file;
    makeFolders(dirname(file));
    this.#isTorn = !/(^|\n)$/.test(readTextIfThere(file) ?? '');
    this.#signer = createSigner(keyIn(keyFile));
    this.#fd = openSync(file, 'a', 0o600);
  }

  append(line: object): void {
    this.#throwFailure();
    const bytes = Buffer.from(`${this.#isTorn ? '\n' : ''}${this.#signer.sign(line)}\n`);
    this.#isTorn = true;
    // A full disk may take a part of the line before it refuses the rest.
    for (let at = 0; at < bytes.length;) at += writeSync(this.#fd, bytes, at);
    this.#isTorn = false;
    this.#sync();
  }

  clear(): void {
    this.#throwFailure();
    ftruncateSync(this.#fd, 0);
    this.#isTorn = false;
  }

  close(): void {
    void this.#synced.then(() => closeSync(this.#fd)).catch(() => {});
  }

  /** A kill loses nothing that was written. A power cut loses what is not on the disk yet; the next step does not wait for that. */
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

  /** If the disk fails, the next write throws. */
  #throwFailure(): void {
    const failure = this.#failure;
    this.#failure = null;
    if (failure !== null) throw failure;
  }
}

/** The lines of a file, with what each holds; null for one that was not signed with this key. */
export function readSigned(file: string, keyFile: string): { readonly line: string; readonly value: object | null }[] {
  const key = readKey(keyFile);
  const signer = key && createSigner(key);
  return (readTextIfThere(file) ?? '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => ({ line, value: signer?.read(line) ?? null }));
}

/** The number of whole lines without a valid signature: forged ones, or those of a version that did not sign. */
export function countForeign(file: string, keyFile: string): number {
  return readSigned(file, keyFile).filter(({ line, value }) => value === null && isWhole(line)).length;
}

function isWhole(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}
