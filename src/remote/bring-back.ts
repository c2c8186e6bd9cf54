import { createHash } from 'node:crypto';
import { constants, closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ReasonError } from '../contract/reason-error.ts';
import type { RemoteFile } from '../contract/remote.ts';
import { makeFolders } from '../folders.ts';

/**
 * Writes a job's results to where they would be, had the trial run here. The worker is not trusted: only files that were
 * asked for, once each, within the size, and with the content that their name promises.
 * @throws ReasonError RESULT_REFUSED
 * @throws CutResult where one did not arrive whole, which says nothing about the trial
 */
export async function bringBack(
  files: readonly RemoteFile[],
  cwd: string,
  { outputs, maxResultsMb }: { readonly outputs: readonly string[]; readonly maxResultsMb: number },
  read: (file: RemoteFile) => Promise<Uint8Array> = (file) => file.read(),
): Promise<void> {
  let left = maxResultsMb * 1024 * 1024;
  const waiting = new Set(outputs);
  for (const file of files) {
    if (!waiting.delete(file.path)) throw refused(`the worker sent ${file.path}, which was not asked for`);
    left -= file.size;
    if (left < 0) throw refused(`the results are larger than ${maxResultsMb} MiB`);
    const bytes = await read(file);
    if (bytes.length !== file.size || blobOf(bytes) !== file.blob) throw new CutResult(`${file.path} did not arrive as the worker had it`);
    write(join(cwd, file.path), bytes);
  }
}

/** A result that was cut short or changed on its way. */
export class CutResult extends Error {}

/** What git calls a file of this content. */
function blobOf(bytes: Uint8Array): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

/** In place of whatever is there; a link is not followed. */
function write(path: string, bytes: Uint8Array): void {
  makeFolders(dirname(path));
  rmSync(path, { force: true, recursive: true });
  const fd = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o644);
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
  } finally {
    closeSync(fd);
  }
}

const refused = (text: string) => new ReasonError('RESULT_REFUSED', text);
