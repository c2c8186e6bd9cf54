import { rmSync, writeFileSync } from 'node:fs';

/** Writes a file of a worktree anew, whatever the one that is there is linked to; `mode` is git's. */
export function replaceFile(at: string, content: Buffer | string, mode: number): void {
  rmSync(at);
  writeFileSync(at, content, { flag: 'wx', mode: mode === 0o100755 ? 0o777 : 0o666 });
}
