import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { ReasonError } from './contract/reason-error.ts';
import { errorOfMachine, isOfMachine } from './machine-errors.ts';

/** A larger file is not a plausible result, and would fill the memory. */
const MAX_BYTES = 64 * 1024 * 1024;
// A link is not followed, and a pipe that nobody writes to is not waited for.
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Reads a text file that an untrusted program has written. It may have made a link to a secret file instead, a pipe that
 * never ends, or gigabytes.
 * @returns null where there is nothing of that name
 * @throws ReasonError `FILE_REFUSED` where it is no plain file of at most 64 MiB
 */
export async function readPlainFile(path: string): Promise<string | null> {
  let file: FileHandle;
  try {
    file = await open(path, FLAGS);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    // That a machine is out of files or its disk fails says nothing of the program.
    const machine = errorOfMachine(error);
    if (isOfMachine(machine)) throw machine;
    throw refused(path, code === 'ELOOP' ? 'is a symbolic link' : `cannot be read: ${code}`);
  }
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw refused(path, 'is not a plain file');
    if (stat.size > MAX_BYTES) throw refused(path, `is larger than ${MAX_BYTES / 1024 / 1024} MiB`);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

function refused(path: string, why: string): ReasonError {
  return new ReasonError('FILE_REFUSED', `${basename(path)} ${why}`);
}
