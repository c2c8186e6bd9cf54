import { readFileSync, readlinkSync } from 'node:fs';
import { sep } from 'node:path';
import { MARKER } from './exec.ts';
import { findMarked } from './table.ts';

/** Processes that an engine has started and that work below a folder. Linux only. */
export function findStrays(folder: string): { readonly pid: number; readonly command: string }[] {
  return findMarked(`${MARKER}=`).flatMap((pid) => {
    try {
      const cwd = readlinkSync(`/proc/${pid}/cwd`).replace(/ \(deleted\)$/, '');
      const command = readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
      return cwd.startsWith(folder + sep) ? [{ pid, command }] : [];
    } catch {
      return [];
    }
  });
}
