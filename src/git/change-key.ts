import { createHash } from 'node:crypto';
import { lstatSync, readFileSync, readlinkSync } from 'node:fs';
import type { Change } from '../experiment.ts';
import { fileAt } from './path-bytes.ts';

/** A file larger than this is told by its size alone: such a change is not committed anyway. */
const MAX_BYTES = 100 * 1024 * 1024;

/** A short name for a change: the same for the same content at the same paths on the same parent. */
export function changeKey(cwd: string, changes: readonly Change[], parent: string): string {
  const hash = createHash('sha256').update(parent);
  for (const { path, kind } of changes) hash.update(`\0${kind} ${path}\0`).update(contentOf(fileAt(cwd, path)));
  return hash.digest('hex').slice(0, 16);
}

function contentOf(file: string | Buffer): string | Buffer {
  const stat = lstatSync(file, { throwIfNoEntry: false });
  if (stat?.isSymbolicLink()) return readlinkSync(file, 'buffer');
  return stat?.isFile() && stat.size <= MAX_BYTES ? readFileSync(file) : String(stat?.size);
}
