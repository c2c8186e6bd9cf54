import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { linkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolders } from '../folders.ts';
import { readIfThere } from '../read-if-there.ts';

/** Signs lines of JSON, so that lines of the engine can be told from forged ones. */
export interface Signer {
  /** One line, without its end. The value must be an object that is not empty. */
  sign(value: object): string;
  /** What was signed; null where the line is not whole, or not signed with this key. */
  read(line: string): object | null;
}

const KEY_BYTES = 32;
const SIGNED = /^(\{.+),"mac":"([0-9a-f]{64})"\}$/;

export function createSigner(key: Buffer): Signer {
  const macOf = (json: string) => createHmac('sha256', key).update(json).digest();
  return {
    sign(value) {
      const json = JSON.stringify(value);
      return `${json.slice(0, -1)},"mac":"${macOf(json).toString('hex')}"}`;
    },
    read(line) {
      const [, start, mac] = SIGNED.exec(line) ?? [];
      if (start === undefined || mac === undefined) return null;
      const json = `${start}}`;
      return timingSafeEqual(macOf(json), Buffer.from(mac, 'hex')) ? (JSON.parse(json) as object) : null;
    },
  };
}

/** The key in a file that only its owner can read; made when it is first needed, or is not whole. */
export function keyIn(file: string): Buffer {
  const found = readKey(file);
  if (found !== null) return found;
  const key = randomBytes(KEY_BYTES);
  makeFolders(dirname(file));
  const draft = `${file}.${randomBytes(8).toString('hex')}`;
  writeFileSync(draft, key, { mode: 0o600 });
  try {
    // It is there whole or not at all, and of two processes that make one, both use the same.
    linkSync(draft, file);
  } catch {
    const made = readKey(file);
    if (made !== null) return made;
    // What is there is no key, or the file system has no links.
    renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
  return key;
}

/** Null where there is none. */
export function readKey(file: string): Buffer | null {
  const key = readIfThere(file);
  return key?.length === KEY_BYTES ? key : null;
}
