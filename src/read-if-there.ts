import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { errorOfMachine, isOfMachine } from './machine-errors.ts';

/** What a missing file gives, one that is in no folder, and a folder in place of a file. */
const ABSENT: ReadonlySet<unknown> = new Set(['ENOENT', 'ENOTDIR', 'EISDIR']);

/**
 * The content of a file; null where there is none.
 * @throws where it is there and cannot be read: whoever took that for a missing file would lose what is in it
 */
export function readIfThere(file: string): Buffer | null {
  return ifThere(() => readFileSync(file));
}

/** The same for a text. */
export function readTextIfThere(file: string): string | null {
  return readIfThere(file)?.toString('utf8') ?? null;
}

/** The text of a log, which may be long; empty where there is none. Does not block the loop while it is read. */
export async function readLogIfThere(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    if (isAbsent(error)) return '';
    throw error;
  });
}

/**
 * The text of a file that a candidate may have removed, replaced or closed to us: empty then.
 * @throws where the machine fails, such as by a broken disk or too many open files
 */
export function readTextIfReadable(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isOfMachine(errorOfMachine(error))) throw error;
    return '';
  }
}

/** The names in a folder; none where there is no folder. */
export function namesIfThere(folder: string): string[] {
  return ifThere(() => readdirSync(folder)) ?? [];
}

function ifThere<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ABSENT.has(error.code);
}
