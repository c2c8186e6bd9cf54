import { readFileSync, readlinkSync } from 'node:fs';
import { sep } from 'node:path';
import { foldersByLsof } from './by-ps.ts';
import { MARKER } from './exec.ts';
import { findMarked } from './table.ts';

/** Processes that an engine has started and that work below a folder. */
export function findStrays(folder: string): { readonly pid: number; readonly command: string }[] {
  const marked = findMarked(`${MARKER}=`);
  if (process.platform !== 'linux') return foldersByLsof(marked).filter(({ cwd }) => cwd.startsWith(folder + sep));
  return marked.flatMap((pid) => {
    try {
      const cwd = readlinkSync(`/proc/${pid}/cwd`).replace(/ \(deleted\)$/, '');
      const command = readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
      return cwd.startsWith(folder + sep) ? [{ pid, command }] : [];
    } catch {
      return [];
    }
  });
}
